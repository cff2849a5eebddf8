#!/usr/bin/env python3
"""Times whole training runs, ours against PyTorch's, turn by turn on the same cores.

Machines drift, so each round runs every side once and ratios are taken within a round. Both sides
train the same recipe on the same words with the same batches. Ours reports the mean over all its
steps; the twin the mean over all but the first 20, so warming up is not held against it.
"""

import argparse
import functools
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECIPES = ["mlp-3", "mlp-8", "tree-22k", "tree-76k"]
PYTHONS = ["/usr/bin/python3", str(ROOT / ".venv" / "bin" / "python")]


def call(command, threads, core):
    """Runs a command on `threads` cores starting at `core`; its last line on stdout is JSON."""
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    allowed = sorted(os.sched_getaffinity(0))
    pinned = allowed[core : core + threads]
    if len(pinned) < threads:
        sys.exit(f"compare: {threads} threads from core {core}, but there are {len(allowed)} cores")
    done = subprocess.run(
        [str(part) for part in command],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
        preexec_fn=functools.partial(os.sched_setaffinity, 0, pinned),
    )
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        sys.exit(f"compare: {command[0]} exited with {done.returncode}: {last}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def torch_version(python):
    """None where this Python is absent or has no torch."""
    try:
        done = subprocess.run(
            [python, "-c", "import torch; print(torch.__version__)"],
            capture_output=True,
            text=True,
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def write_words(source, path):
    """The words of a list or of a .csv's first column, as the plain list both sides read."""
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    if str(source).endswith(".csv"):
        lines = [line.split(",")[0] for line in lines[1:]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return lines


def flop_per_step(recipe, vocabulary_size):
    """Textbook operations: 2 M K N for each product, once forward and twice backward."""
    model, batch = recipe["model"], recipe["train"]["batch_size"]
    size, channels, hidden = model["block_size"], model["embedding"], model["hidden"]
    fuse = size if model["kind"] == "mlp" else 2
    products = 0
    while size > 1:
        size //= fuse
        products += batch * size * (fuse * channels) * hidden
        channels = hidden
    products += batch * hidden * vocabulary_size
    return 3 * 2 * products


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def show(stats, digits):
    return f"{stats['median']:.{digits}f} ({stats['min']:.{digits}f}-{stats['max']:.{digits}f})"


def measure(name, rivals, arguments, words_file, scratch):
    """Milliseconds a step of each side, and the peak of one core, one value a round."""
    common = ["--recipe", name, "--data", words_file, "--steps", arguments.steps]
    common += ["--threads", arguments.threads]
    times = {"ours": [], **{rival: [] for rival in rivals}}
    peaks = []
    peak_program = arguments.program.parent / "bench" / "peak"
    for round_number in range(arguments.rounds):
        if peak_program.exists():
            peaks.append(call([peak_program], 1, arguments.core)["gflops_one_core"])
        out = Path(scratch) / f"{name}-{round_number}"
        ours = [arguments.program, "train", *common, "--out", out, "--json", "--quiet"]
        result = call(ours, arguments.threads, arguments.core)
        times["ours"].append(1e3 * result["seconds"] / result["steps"])
        for rival, (python, flags) in rivals.items():
            twin = [python, ROOT / "python" / "twin.py", *common, "--no-eval", *flags]
            result = call(twin, arguments.threads, arguments.core)
            times[rival].append(result["ms_per_step"]["mean"])
        progress = ", ".join(f"{side} {values[-1]:.3f}" for side, values in times.items())
        print(f"{name} round {round_number + 1}: {progress} ms/step", file=sys.stderr)
    return times, peaks


def summarise(times, flop, peaks, threads):
    ours = times["ours"]
    summary = {"ours_ms": spread(ours), "mflop_per_step": flop / 1e6, "rivals": {}}
    summary["gflops"] = flop / 1e6 / summary["ours_ms"]["median"]
    if peaks:
        summary["peak_gflops_one_core"] = spread(peaks)
        # With several threads, the peak is that of as many cores.
        summary["percent_of_peak"] = spread(
            [100 * flop / 1e6 / ms / (peak * threads) for ms, peak in zip(ours, peaks)]
        )
    for rival, theirs in times.items():
        if rival != "ours":
            ratios = [b / a for a, b in zip(ours, theirs)]
            summary["rivals"][rival] = {"ms": spread(theirs), "ratio": spread(ratios)}
    return summary


def print_table(results):
    rivals = list(next(iter(results.values()))["rivals"])
    rows = [["recipe", "ours ms/step"]]
    for rival in rivals:
        rows[0] += [f"{rival} ms/step", "ratio"]
    rows[0] += ["GFLOP/s", "peak", "% of peak"]
    for name, result in results.items():
        row = [name, show(result["ours_ms"], 3)]
        for rival in rivals:
            row.append(show(result["rivals"][rival]["ms"], 3))
            row.append(show(result["rivals"][rival]["ratio"], 2))
        row.append(f"{result['gflops']:.1f}")
        if "percent_of_peak" in result:
            row += [show(result["peak_gflops_one_core"], 0), show(result["percent_of_peak"], 0)]
        else:
            row += ["-", "-"]
        rows.append(row)
    widths = [max(map(len, column)) for column in zip(*rows)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("recipes", nargs="*", metavar="RECIPE", help="default: all four")
    parser.add_argument("--python", action="append", help="a rival's Python; may be repeated")
    parser.add_argument("--compile", action="store_true", help="also torch.compile, where it is")
    parser.add_argument("--program", default=ROOT / "build" / "release" / "wavenet", type=Path)
    parser.add_argument("--data", default=ROOT / "data" / "ssa-2018.csv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--core", type=int, default=0, help="the first of the cores to pin to")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    arguments = parser.parse_args()
    names = arguments.recipes or RECIPES
    for name in names:
        if name not in RECIPES:
            parser.error(f"no recipe {name!r}; there are {', '.join(RECIPES)}")
    if not arguments.program.exists():
        sys.exit(f"compare: {arguments.program} is missing: build the release preset first")

    rivals = {}
    for python in arguments.python or PYTHONS:
        version = torch_version(python)
        if version:
            short = "torch " + version.split("+")[0]
            rivals[short] = (python, [])
            if arguments.compile and int(version.split(".")[0]) >= 2:
                rivals[short + " compiled"] = (python, ["--compile"])
        elif arguments.python:
            sys.exit(f"compare: {python} cannot import torch")

    results = {}
    with tempfile.TemporaryDirectory() as scratch:
        words_file = Path(scratch) / "words.txt"
        vocabulary_size = 1 + len(set("".join(write_words(arguments.data, words_file))))
        for name in names:
            recipe = json.loads((ROOT / "recipes" / f"{name}.json").read_text())
            times, peaks = measure(name, rivals, arguments, words_file, scratch)
            flop = flop_per_step(recipe, vocabulary_size)
            results[name] = summarise(times, flop, peaks, arguments.threads)
    if arguments.json:
        settings = {key: getattr(arguments, key) for key in ("rounds", "steps", "threads")}
        print(json.dumps({**settings, "recipes": results}))
    else:
        print(
            f"{arguments.rounds} rounds of {arguments.steps} steps, {arguments.threads} thread(s); "
            f"median (min-max) of the rounds; ratio = theirs / ours; peak in GFLOP/s of one core"
        )
        print_table(results)


if __name__ == "__main__":
    main()
