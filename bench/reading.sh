#!/usr/bin/env bash
# How long an hour of sound takes to be read and coded, beside sox, which only reads it: 16-bit WAV at
# 8 and 16 kHz, in turns. Build with WAVENET_BENCH first.
#
#   bench/reading.sh [ROUNDS=7] [PROGRAM=build/release/bench/reading]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-7}
program=${2:-build/release/bench/reading}
command -v sox > /dev/null || { echo "sox is needed" >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

for rate in 8000 16000; do
  sox -R -r "$rate" -n -b 16 "$scratch/$rate.wav" synth 3600 pinknoise vol 0.3
done
python3 - "$rounds" "$program" "$scratch" <<'PY'
import resource, statistics, subprocess, sys

def seconds(command):  # of the processor
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

rounds, program, scratch = int(sys.argv[1]), sys.argv[2], sys.argv[3]
print("| an hour of 16 bits at | sox | wavenet | ratio |\n|---|---|---|---|")
for rate in (8000, 16000):
    path = f"{scratch}/{rate}.wav"
    sides = [["sox", path, "-t", "null", "-"], [program, path]]
    times = [[seconds(side) for side in sides] for _ in range(rounds + 1)][1:]
    sox, ours = (statistics.median(column) for column in zip(*times))
    ratio = statistics.median(b / a for a, b in times)
    print(f"| {rate} Hz | {sox:.3f} s | {ours:.3f} s | {ratio:.2f} |")
PY
