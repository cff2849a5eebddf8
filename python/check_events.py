#!/usr/bin/env python3
"""Loads a run folder's event files with the tensorboard package and holds them against the log.

Every loss, layer, parameter, norm, sample and verdict of metrics.jsonl must be found in the event
files, and nothing else; the package must not complain. Exits 1, with one line that says what
differs, when something does. Needs the package tensorboard.
"""

import argparse
import collections
import json
import logging
import math
import struct
import sys
from pathlib import Path

from tensorboard.backend.event_processing import event_accumulator
from tensorboard.util import tb_logging

EVERYTHING = {
    event_accumulator.SCALARS: 0,
    event_accumulator.HISTOGRAMS: 0,
    event_accumulator.TENSORS: 0,
}


class Mismatch(Exception):
    pass


class Complaints(logging.Handler):
    """Collects warnings, and what the reader says in passing of a record that it cannot read."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.messages = []

    def emit(self, record):
        message = record.getMessage()
        if record.levelno >= logging.WARNING or message.startswith("Truncated record"):
            self.messages.append(message)


def as_f32(number):
    """What is left of a number (None: it was not finite) in a scalar event."""
    return None if number is None else struct.unpack("f", struct.pack("f", number))[0]


def edges(histogram):
    """The right edges of a histogram's bins."""
    low, high, bins = histogram["low"], histogram["high"], len(histogram["counts"])
    return [low + (high - low) / bins * (i + 1) for i in range(bins - 1)] + [high]


def text_row(sample):
    code = "    " + sample["text"].replace("\n", "\n    ")
    return code + ("\n\n(in the training data)" if sample.get("known") else "")


def expected_events(lines):
    """{kind: {tag: [(steps, value)]}} of the lines of metrics.jsonl."""
    scalars, histograms, texts = (collections.defaultdict(list) for _ in range(3))
    for record in map(json.loads, lines):
        done = record["steps_done"]
        if "split" in record:
            scalars["loss/" + record["split"]].append((done, record["loss"]))
        elif "layer" in record:
            for key, tag in (("activation", "activations"), ("gradient", "gradients")):
                if key in record:
                    histograms[f"{tag}/{record['layer']}"].append((done, record[key]))
            for key in ("saturated", "dead"):
                if key in record:
                    scalars[f"{key}/{record['layer']}"].append((done, record[key]))
        elif "parameter" in record:
            for key in ("std", "gradient_std", "update_ratio"):
                scalars[f"{key}/{record['parameter']}"].append((done, record[key]))
        elif "norm" in record:
            for key in ("mean", "variance"):
                for name, value in zip(("lowest", "median", "highest"), record[key]):
                    scalars[f"running_{key}/{record['norm']}/{name}"].append((done, value))
        elif "samples" in record:
            texts["samples"].append((done, [text_row(sample) for sample in record["samples"]]))
        elif "verdict" in record:
            line = f"**{record['verdict']}**: {record['because']}. Try {record['try']}."
            texts["verdict"].append((done, [line]))
        else:
            scalars["loss/minibatches"].append((done, record["loss"]))
            scalars["learning_rate"].append((done, record["lr"]))
    return {"scalars": scalars, "histograms": histograms, "tensors": texts}


def same_scalar(event, value):
    value = as_f32(value)
    return event.value == value if value is not None else not math.isfinite(event.value)


def same_histogram(event, value):
    ours, number = event.histogram_value, sum(value["counts"])
    squares = number * (value["mean"] ** 2 + value["std"] ** 2)
    sums = ((ours.sum, number * value["mean"]), (ours.sum_squares, squares))
    return (
        (ours.min, ours.max, ours.num) == (value["low"], value["high"], number)
        and list(ours.bucket) == value["counts"]
        and all(math.isclose(a, b) for a, b in zip(ours.bucket_limit, edges(value), strict=True))
        and all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12) for a, b in sums)
    )


def same_text(event, rows):
    tensor = event.tensor_proto
    shape = [dim.size for dim in tensor.tensor_shape.dim]
    return shape == [len(rows)] and [row.decode() for row in tensor.string_val] == rows


def lines_of(folder):
    names = [folder / "metrics.jsonl", folder / "details.jsonl"]
    return [line for name in names if name.exists() for line in name.read_text().splitlines()]


def check(folder):
    complaints = Complaints()
    logger = tb_logging.get_logger()
    logger.setLevel(logging.DEBUG)
    logger.addHandler(complaints)
    logger.propagate = False
    loaded = event_accumulator.EventAccumulator(str(folder), EVERYTHING).Reload()
    if complaints.messages:
        raise Mismatch(f"tensorboard complains: {complaints.messages[0]}")
    expected = expected_events(lines_of(folder))
    found = {
        "scalars": (loaded.Scalars, same_scalar),
        "histograms": (loaded.Histograms, same_histogram),
        "tensors": (loaded.Tensors, same_text),
    }
    result = {}
    for kind, (events_of, same) in found.items():
        theirs, ours = set(loaded.Tags()[kind]), set(expected[kind])
        if theirs != ours:
            raise Mismatch(f"{kind}: {', '.join(sorted(theirs ^ ours))} stands on one side alone")
        result[kind] = 0
        for tag, values in expected[kind].items():
            events = events_of(tag)
            if [event.step for event in events] != [steps for steps, _ in values]:
                raise Mismatch(f"{tag}: {len(events)} events, {len(values)} records, or other steps")
            for event, (steps, value) in zip(events, values):
                if not same(event, value):
                    raise Mismatch(f"{tag}: at step {steps} the event is not what was logged")
            result[kind] += len(events)
    if any(loaded.SummaryMetadata(tag).plugin_data.plugin_name != "text" for tag in expected["tensors"]):
        raise Mismatch("a text is not marked as one")
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="a run folder, with metrics.jsonl and event files")
    arguments = parser.parse_args()
    try:
        print(json.dumps(check(arguments.folder)))
    except (Mismatch, ValueError, KeyError, OSError) as error:
        message = f"no {error}" if isinstance(error, KeyError) else error
        sys.exit(f"{arguments.folder}: {message}")


if __name__ == "__main__":
    main()
