#!/usr/bin/env python3
"""Shows how the cost of a training step grows: doubles batch, length, channels, layers and
vocabulary of a WaveNet one at a time, and times steps with `wavenet bench`.

Writes docs/growth.svg, time and memory against each on logarithmic axes with the slope of the
arithmetic beside them, and prints a table of the last doubling's factors.
"""

import argparse
import json
import math
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BASE = {"batch": 8, "length": 128, "channels": 48, "layers": 6, "vocabulary": 64}
RANGES = {
    "batch": [2, 4, 8, 16, 32, 64],
    "length": [32, 64, 128, 256, 512, 1024],
    "channels": [16, 32, 64, 128, 256],
    "layers": [2, 4, 8, 16, 32],
    "vocabulary": [16, 32, 64, 128, 256, 512, 1024],
}
EMBEDDING, WIDTH = 32, 2
SHARD = 256  # characters, as the recipes have it: what a shard needs stays in the caches
CHARACTERS = 60_000


def text(size):
    """Random characters, each of `size` among them: speed does not depend on what they say."""
    alphabet = [chr(0x4E00 + i) for i in range(size)]
    draw = random.Random(1)
    tail = [draw.choice(alphabet) for _ in range(CHARACTERS - size)]
    return "".join(alphabet + tail)


def dilations(size):
    cycle = [1, 2, 4, 8]
    return cycle * (size["layers"] // 4) + cycle[: size["layers"] % 4]


def mflop(size):
    """The products of a step: three a weight (forward, dX, dW) in each row that is computed, those
    of the past that later layers look back to among them."""
    channels, piece = size["channels"], size["length"]
    past = sum(dilations(size))
    multiply_adds = (piece + past) * WIDTH * EMBEDDING * channels
    for dilation in dilations(size):
        past -= dilation
        filter_and_gate, residual = 2 * WIDTH * channels**2, channels**2 if past else 0
        multiply_adds += (piece + past) * (filter_and_gate + residual) + piece * channels**2
    multiply_adds += piece * (channels**2 + channels * size["vocabulary"])
    return 6e-6 * size["batch"] * multiply_adds


def recipe(size):
    return {
        "about": "a case of bench/growth.py",
        "model": {
            "kind": "wavenet",
            "embedding": EMBEDDING,
            "residual": size["channels"],
            "skip": size["channels"],
            "width": WIDTH,
            "dilations": dilations(size),
        },
        "data": {"format": "text", "piece": size["length"]},
        "train": {
            "steps": 1000,
            "batch_size": size["batch"],
            "shards": min(size["batch"], max(1, size["batch"] * size["length"] // SHARD)),
            "optimizer": "adamw",
            "schedule": "constant",
            "learning_rate": 0.001,
        },
    }


def quickest(binary, size, seconds, folder):
    """Of three measurements, as whatever else the machine does only adds to them."""
    points = [measured(binary, size, seconds, folder) for _ in range(3)]
    return min(points, key=lambda point: point["ms"])


def measured(binary, size, seconds, folder):
    data, file = folder / "text.txt", folder / "recipe.json"
    data.write_text(text(size["vocabulary"]), encoding="utf-8")
    file.write_text(json.dumps(recipe(size)))
    command = [binary, "bench", "--json", "--job", "train", "--threads", "1"]
    command += ["--seconds", str(seconds), "--recipe", file, "--data", data]
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"growth: {size}: {done.stderr.strip()}")
    record = json.loads(done.stdout)
    return {
        "ms": record["train"]["ms_per_step"],
        "mflop": mflop(size),
        "mb": record["peak_memory_mb"],
    }


def panel(name, points, left, top):
    """One plot: time (filled), arithmetic through its last point (line), memory (open)."""
    width, height, margin = 190, 150, 34
    xs = [math.log2(value) for value, _ in points]
    series = {key: [math.log10(point[key]) for _, point in points] for key in ("ms", "mb", "mflop")}
    shift = series["ms"][-1] - series["mflop"][-1]
    series["mflop"] = [y + shift for y in series["mflop"]]
    low = math.floor(min(min(ys) for ys in series.values()))
    high = math.ceil(max(max(ys) for ys in series.values()))

    def at(x, y):
        across = (x - xs[0]) / (xs[-1] - xs[0])
        up = (y - low) / (high - low)
        return left + margin + across * (width - 8), top + 20 + (1 - up) * height

    marks = [f'<text x="{left + margin}" y="{top + 10}" class="name">{name}</text>']
    for power in range(low, high + 1):
        x, y = at(xs[0], power)
        marks.append(f'<line x1="{x}" y1="{y}" x2="{x + width - 8}" y2="{y}" class="grid"/>')
        marks.append(f'<text x="{x - 6}" y="{y + 4}" class="left">{10.0**power:g}</text>')
    for x, (value, _) in zip(xs, points):
        marks.append(f'<text x="{at(x, low)[0]}" y="{top + height + 36}" class="below">{value}</text>')
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in map(at, xs, series["mflop"]))
    marks.append(f'<polyline points="{line}" class="line"/>')
    for key in ("ms", "mb"):
        for x, y in map(at, xs, series[key]):
            marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" class="{key}"/>')
    return "\n".join(marks)


STYLE = """
text { font: 11px sans-serif; fill: #444 } .name { font-weight: bold; font-size: 12px }
.left { text-anchor: end } .below { text-anchor: middle } .grid { stroke: #ddd }
.line { fill: none; stroke: #c60; stroke-width: 1.5 } .ms { fill: #036 }
.mb { fill: none; stroke: #393; stroke-width: 1.5 } .ground { fill: #fff }
"""


def svg(results):
    wide, tall = 3 * 240 + 20, 2 * 205 + 40
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{wide}" height="{tall}" class="ground"/>',
    ]
    for i, (name, points) in enumerate(results.items()):
        parts.append(panel(name, points, 10 + i % 3 * 240, 10 + i // 3 * 205))
    x, y = 10 + 2 * 240 + 40, 10 + 205 + 40
    legend = [("ms", "milliseconds a step"), ("mb", "megabytes of memory")]
    for row, (kind, words) in enumerate(legend):
        parts.append(f'<circle cx="{x}" cy="{y + 22 * row}" r="3.5" class="{kind}"/>')
        parts.append(f'<text x="{x + 14}" y="{y + 4 + 22 * row}">{words}</text>')
    parts.append(f'<line x1="{x - 8}" y1="{y + 44}" x2="{x + 8}" y2="{y + 44}" class="line"/>')
    parts.append(f'<text x="{x + 14}" y="{y + 48}">slope of the arithmetic</text>')
    return "\n".join(parts + ["</svg>\n"])


def table(results):
    rows = ["| doubled | from to | time | arithmetic | memory |", "|---|---|---|---|---|"]
    for name, points in results.items():
        (before, a), (after, b) = points[-2:]
        factors = [f"{b[key] / a[key]:.2f}" for key in ("ms", "mflop", "mb")]
        rows.append("| " + " | ".join([name, f"{before} {after}"] + factors) + " |")
    return "\n".join(rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--binary", default=ROOT / "build/release/wavenet", type=Path)
    parser.add_argument("--seconds", default=1.0, type=float, help="of each measurement")
    parser.add_argument("--out", default=ROOT / "docs/growth.svg", type=Path)
    arguments = parser.parse_args()
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, values in RANGES.items():
            results[name] = []
            for value in values:
                size = BASE | {name: value}
                point = quickest(arguments.binary, size, arguments.seconds, Path(folder))
                results[name].append((value, point))
                print(name, value, {k: round(v, 2) for k, v in point.items()}, file=sys.stderr)
    arguments.out.write_text(svg(results))
    print(table(results))


if __name__ == "__main__":
    main()
