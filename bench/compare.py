#!/usr/bin/env python3
"""Times whole jobs, ours against PyTorch's, turn by turn on the same cores.

Machines drift, so each round runs every side once and ratios are taken within a round. Both sides
work on the same recipe and data: ours is `wavenet bench`, the rival python/twin.py,
twin_wavenet.py or twin_generate.py, each of which leaves its warming up uncounted.
`bench/compare.py` prints the table; `--job` chooses rows by a part of their names.
"""

import argparse
import functools
import json
import math
import os
import statistics
import struct
import subprocess
import sys
import tempfile
import time
import wave
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PYTHONS = ["/usr/bin/python3", str(ROOT / ".venv" / "bin" / "python")]
ARTICLE = ["mlp-3", "mlp-8", "tree-22k"]


def run(command, threads, core=0):
    """Runs a command on `threads` cores from `core`; its stdout, seconds, and peak memory in MB."""
    environment = dict(os.environ)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        environment[name] = str(threads)
    allowed = sorted(os.sched_getaffinity(0))
    pinned = allowed[core : core + threads]
    if len(pinned) < threads:
        sys.exit(f"compare: {threads} threads from core {core}, but there are {len(allowed)} cores")
    os.sched_setaffinity(0, pinned)  # the child inherits it
    start = time.perf_counter()
    with tempfile.TemporaryFile() as errors:
        child = subprocess.Popen(
            [str(part) for part in command], stdout=subprocess.PIPE, stderr=errors, env=environment
        )
        os.sched_setaffinity(0, allowed)
        output = child.stdout.read().decode()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        if status != 0:
            errors.seek(0)
            last = (errors.read().decode().strip().splitlines() or ["no message"])[-1]
            sys.exit(f"compare: {command[0]} failed: {last}")
    return output, seconds, usage.ru_maxrss * 1024 / 1e6


def last_json(output):
    return json.loads(output.strip().splitlines()[-1])


class Side:
    """Who runs: its program, and how a job is asked of it. Values are costs: less is better."""

    def __init__(self, arguments, data):
        self.arguments, self.data = arguments, data


class Ours(Side):
    name = "ours"

    def bench(self, job, recipe, threads, chooses=False, precision="f32"):
        command = [self.arguments.program, "bench", "--json", "--job", job, "--recipe", recipe]
        command += [] if precision == "f32" else ["--precision", precision]
        command += ["--data", self.data[recipe]]
        command += [] if chooses else ["--threads", threads]
        command += ["--seconds", self.arguments.seconds]
        record = last_json(run(command, threads)[0])
        return {**record[job], "peak": record["peak_gflops"]}

    def train(self, recipe, threads, chooses=False, precision="f32"):
        record = self.bench("train", recipe, threads, chooses, precision)
        return {"cost": record["ms_per_step"], "percent": record["percent_of_peak"]}

    def evaluate(self, recipe, threads):
        return {"cost": self.bench("evaluate", recipe, threads)["ms"]}

    def generate(self, job, recipe):
        record = self.bench(job, recipe, 1)
        value = {"cost": 1e6 / record["characters_per_second"]}
        if "percent_of_peak" in record:
            value["percent"] = record["percent_of_peak"]
        return value

    def stream(self, recipe, way):
        return self.generate("stream", recipe)

    def amplifier(self, shape):
        command = [self.arguments.program.parent / "bench" / "amplifier", shape, 5]
        return {"cost": last_json(run(command, 1)[0])["ms_per_step"]["mean"]}

    def version(self):
        seconds = [run([self.arguments.program, "--version"], 1)[1] for _ in range(20)]
        return {"cost": 1e3 * statistics.median(seconds)}

    def memory(self, recipe):
        with tempfile.TemporaryDirectory() as out:
            command = [self.arguments.program, "train", "--recipe", recipe, "--steps", 1000]
            command += ["--data", self.data[recipe], "--threads", 1, "--quiet", "--out", out]
            return {"cost": run(command, 1)[2]}


class Torch(Side):
    def __init__(self, arguments, data, python, version, compiled, precision="f32"):
        super().__init__(arguments, data)
        self.python, self.version, self.compiled = python, version, compiled
        self.precision = precision
        self.name = "torch " + version.split("+")[0] + (" compiled" if compiled else "")
        self.name += "" if precision == "f32" else f" {precision}"

    def at(self, precision):
        return Torch(
            self.arguments, self.data, self.python, self.version, self.compiled, precision
        )

    def call(self, job, recipe, threads, steps=1):
        twin = "twin_wavenet.py" if recipe.startswith("wavenet") else "twin.py"
        command = [self.python, ROOT / "python" / twin, "--recipe", recipe, "--job", job]
        command += ["--data", self.data[recipe], "--threads", threads, "--steps", steps]
        command += ["--no-eval"] + (["--compile"] if self.compiled else [])
        command += [] if self.precision == "f32" else ["--precision", self.precision]
        output, _, memory = run(command, threads)
        return {**last_json(output), "memory": memory}

    def train(self, recipe, threads):
        steps = {"wavenet-names": 90, "wavenet-text": 6, "wavenet-speech": 4}.get(recipe, 1000)
        return {"cost": self.call("train", recipe, threads, steps)["ms_per_step"]["mean"]}

    def evaluate(self, recipe, threads):
        return {"cost": self.call("evaluate", recipe, threads)["ms"]}

    def generate(self, job, recipe):
        return {"cost": 1e6 / self.call("sample", recipe, 1)["characters_per_second"]}

    def stream(self, recipe, way):
        command = [self.python, ROOT / "python" / "twin_generate.py", "--recipe", recipe]
        command += ["--way", way, "--seconds", self.arguments.seconds]
        return {"cost": 1e6 / last_json(run(command, 1)[0])["characters_per_second"]}

    def amplifier(self, shape):
        command = [self.python, ROOT / "python" / "twin_amplifier.py", "--shape", shape]
        return {"cost": last_json(run(command, 1)[0])["ms_per_step"]["mean"]}

    def memory(self, recipe):
        return {"cost": self.call("train", recipe, 1, 1000)["memory"]}


class Job:
    """A row: what is measured, its unit, and the ratio and percent of peak asked for."""

    def __init__(self, name, unit, ask, ratio=None, percent=None, limit=None, rivals=True):
        self.name, self.unit, self.ask = name, unit, ask
        self.ratio, self.percent, self.limit, self.rivals = ratio, percent, limit, rivals

    def rivals_of(self, sides):
        return sides if self.rivals else []

    def ask_rival(self, side):
        return self.ask(side)


class RoundedJob(Job):
    """A step whose products are rounded to bf16; the rivals as they are, and by autocast."""

    def __init__(self, recipe, ratio):
        ask = lambda side: (
            side.train(recipe, 1, precision="bf16") if isinstance(side, Ours) else side.train(recipe, 1)
        )
        super().__init__(f"train {recipe}, bf16, 1 thread", "ms", ask, ratio)

    def rivals_of(self, sides):
        # What torch.compile makes of autocast does not compile with g++ 12.
        return sides + [side.at("bf16") for side in sides if not side.compiled]


class SharedJob(Job):
    """On two cores; each side has the better of one and two threads, ours by its own choice."""

    def __init__(self, recipe, ratio):
        ours = functools.partial(Ours.train, recipe=recipe, threads=2, chooses=True)
        super().__init__(f"train {recipe}, 2 cores", "ms", ours, ratio)
        self.recipe = recipe

    def ask_rival(self, side):
        return min((side.train(self.recipe, n) for n in (1, 2)), key=lambda value: value["cost"])


class StreamJob(Job):
    """One stream of sound, the rival eager and in its own way; nothing is compiled code by code."""

    def __init__(self, recipe, way, told, ratio):
        ask = lambda side: side.stream(recipe, way)
        super().__init__(f"one stream, {recipe}, against {told}", "us/sample", ask, ratio)

    def rivals_of(self, sides):
        return [side for side in sides if not side.compiled]


class AmplifierJob(Job):
    """A step of an amplifier model, on one thread, the rival eager."""

    def __init__(self, shape, ratio):
        name = f"train amplifier {shape}, 1 thread"
        super().__init__(name, "ms", lambda side: side.amplifier(shape), ratio)

    def rivals_of(self, sides):
        return [side for side in sides if not side.compiled]


class ScalingJob(Job):
    """Two threads against one, ours alone."""

    def __init__(self, recipe, ratio):
        super().__init__(f"train {recipe}, 2 threads against 1", "ms", None, ratio)
        self.recipe = recipe

    def measure(self, ours):
        return ours.train(self.recipe, 2), ours.train(self.recipe, 1)


def all_jobs():
    def train(recipe, ratio, percent=None):
        name = f"train {recipe}, 1 thread"
        return Job(name, "ms", lambda side: side.train(recipe, 1), ratio, percent)

    tree = "tree-76k"
    jobs = [train(tree, 5, 65), SharedJob(tree, 7)]
    jobs += [train(recipe, 4) for recipe in ARTICLE]
    jobs += [train("wavenet-names", 3, 60), train("wavenet-text", 3, 60)]
    jobs += [ScalingJob("wavenet-text", 1.7)]
    speech = "wavenet-speech"
    jobs += [train(speech, 3)]
    jobs += [RoundedJob("wavenet-text", 4), RoundedJob(speech, 3)]
    jobs += [StreamJob(speech, "full", "all that it looks back to", 200)]
    jobs += [StreamJob(speech, "cached", "a cached loop", 10)]
    jobs += [AmplifierJob(shape, 8) for shape in ("standard", "a2")]
    jobs += [Job(f"evaluate val, {tree}", "ms", lambda side: side.evaluate(tree, 1), 3)]
    for name, job, ratio in (("sample names", "sample", 100), ("one stream", "stream", 20)):
        ask = functools.partial(lambda job, side: side.generate(job, tree), job)
        jobs += [Job(f"{name}, {tree}", "us/char", ask, ratio)]
    jobs += [Job("wavenet --version", "ms", lambda side: side.version(), limit=15, rivals=False)]
    jobs += [Job(f"peak memory, {tree}", "MB", lambda side: side.memory(tree), limit=50)]
    return jobs


def torch_version(python):
    """None where this Python is absent or has no torch."""
    try:
        done = subprocess.run(
            [python, "-c", "import torch; print(torch.__version__)"], capture_output=True, text=True
        )
    except OSError:
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def find_rivals(arguments, data):
    rivals = []
    for python in arguments.python or PYTHONS:
        version = torch_version(python)
        if version:
            rivals.append(Torch(arguments, data, python, version, False))
            if arguments.compile and int(version.split(".")[0]) >= 2:
                rivals.append(Torch(arguments, data, python, version, True))
        elif arguments.python:
            sys.exit(f"compare: {python} cannot import torch")
    return rivals


def write_words(source, path):
    """The words of a list or of a .csv's first column, as the plain list both sides read."""
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    if str(source).endswith(".csv"):
        lines = [line.split(",")[0] for line in lines[1:]]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def make_sound(folder, files=12, seconds=4, rate=8000):
    """A folder of rising tones; by its name, sweep-8.wav is val."""
    folder.mkdir()
    for number in range(files):
        pitch = 2 * math.pi * (100 + 40 * number) / rate
        samples = [int(8000 * math.sin(pitch * t * (1 + t / 4e5))) for t in range(seconds * rate)]
        with wave.open(str(folder / f"sweep-{number}.wav"), "wb") as file:
            file.setparams((1, 2, rate, len(samples), "NONE", None))
            file.writeframes(struct.pack(f"<{len(samples)}h", *samples))
    return folder


def prepare_data(arguments, scratch):
    words = Path(scratch) / "words.txt"
    write_words(arguments.data, words)
    data = {recipe: words for recipe in ARTICLE + ["tree-76k", "wavenet-names"]}
    text = Path(scratch) / "text.txt"
    if arguments.text:
        text = Path(arguments.text)
    else:  # the cost of a step does not depend on what is read
        text.write_text(words.read_text() * 5)
    sound = Path(arguments.sound) if arguments.sound else make_sound(Path(scratch) / "sound")
    return {**data, "wavenet-text": text, "wavenet-speech": sound}


def spread(values):
    return {"median": statistics.median(values), "min": min(values), "max": max(values)}


def measure(job, ours, rivals, rounds):
    costs, ratios, percents = {}, {}, []
    for number in range(rounds):
        if isinstance(job, ScalingJob):
            value, alone = job.measure(ours)
            costs.setdefault("ours", []).append(value["cost"])
            costs.setdefault("1 thread", []).append(alone["cost"])
            ratios.setdefault("1 thread", []).append(alone["cost"] / value["cost"])
        else:
            value = job.ask(ours)
            costs.setdefault("ours", []).append(value["cost"])
            for rival in job.rivals_of(rivals):
                theirs = job.ask_rival(rival)["cost"]
                costs.setdefault(rival.name, []).append(theirs)
                ratios.setdefault(rival.name, []).append(theirs / value["cost"])
        percents += [value["percent"]] if "percent" in value else []
        said = ", ".join(f"{side} {values[-1]:.3g}" for side, values in costs.items())
        print(f"{job.name}, round {number + 1}: {said} {job.unit}", file=sys.stderr)
    result = {"job": job.name, "unit": job.unit, "rivals": {}}
    result["ours"] = spread(costs.pop("ours"))
    for name, values in costs.items():
        result["rivals"][name] = {"cost": spread(values), "ratio": spread(ratios[name])}
    if percents:
        result["percent_of_peak"] = spread(percents)
    return {**result, "asked": {"ratio": job.ratio, "percent": job.percent, "limit": job.limit}}


def show(stats, digits=2):
    numbers = [f"{stats[key]:.{digits}f}" for key in ("median", "min", "max")]
    return f"{numbers[0]} ({numbers[1]}-{numbers[2]})"


def digits_for(value):
    return 3 if value < 10 else 1


def asked(result):
    ask = result["asked"]
    parts = [f"{ask['ratio']} times"] if ask["ratio"] else []
    parts += [f"{ask['percent']} %"] if ask["percent"] else []
    parts += [f"{ask['limit']} {result['unit']} at most"] if ask["limit"] else []
    return ", ".join(parts)


def print_table(results):
    print("| job | ours | rival | its cost | ratio | % of peak | asked |\n|---|---|---|---|---|---|---|")
    for result in results:
        unit, ours = result["unit"], result["ours"]
        percent = show(result["percent_of_peak"], 0) if "percent_of_peak" in result else ""
        head = [result["job"], show(ours, digits_for(ours["median"])) + " " + unit]
        tail = [percent, asked(result)]
        rows = [
            [name, show(r["cost"], digits_for(r["cost"]["median"])), show(r["ratio"], 1)]
            for name, r in result["rivals"].items()
        ]
        for rival in rows or [["", "", ""]]:
            print("| " + " | ".join(head + rival + tail) + " |")
            head, tail = ["", ""], ["", ""]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--job", action="append", help="part of a row's name; may be repeated")
    parser.add_argument("--python", action="append", help="a rival's Python; may be repeated")
    parser.add_argument("--compile", action="store_true", help="also torch.compile, where it is")
    parser.add_argument("--program", default=ROOT / "build" / "release" / "wavenet", type=Path)
    parser.add_argument("--data", default=ROOT / "data" / "ssa-2018.csv", help="list of words")
    parser.add_argument("--text", help="running text (default: the words, five times)")
    parser.add_argument("--sound", help="a folder of 16-bit WAV files, 8 kHz (default: tones)")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.5, help="of each measurement of ours")
    parser.add_argument("--json", action="store_true", help="one object instead of the table")
    arguments = parser.parse_args()
    jobs = [
        job
        for job in all_jobs()
        if not arguments.job or any(part in job.name for part in arguments.job)
    ]
    if not jobs:
        parser.error("no such job; there are: " + "; ".join(job.name for job in all_jobs()))
    if not arguments.program.exists():
        sys.exit(f"compare: {arguments.program} is missing: build the release preset first")
    with tempfile.TemporaryDirectory() as scratch:
        data = prepare_data(arguments, scratch)
        ours, rivals = Ours(arguments, data), find_rivals(arguments, data)
        results = [measure(job, ours, rivals, arguments.rounds) for job in jobs]
    if arguments.json:
        print(json.dumps({"rounds": arguments.rounds, "jobs": results}))
    else:
        print(f"{arguments.rounds} rounds; median (min-max); ratio = theirs / ours in one round\n")
        print_table(results)


if __name__ == "__main__":
    main()
