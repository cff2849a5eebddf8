#!/usr/bin/env bash
# tests/amplifier.sh [MINUTES [RECIPE]]: trains on an amplifier that is known, as long as is asked (10 minutes,
# amp-standard), stops it as Ctrl-C does, writes the .nam file, plays the input through it, and proves that the
# judged part of what it plays has an error-to-signal ratio below 0.01. The amplifier, in f64: a one-pole
# high-pass at 120 Hz, gain 12, tanh, a one-pole low-pass at 4 kHz, half as loud. Needs sox and python3.
set -euo pipefail
cd "$(dirname "$0")/.."
minutes=${1:-10}
recipe=${2:-amp-standard}
program=build/release/wavenet
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

"$program" capture signal --out "$place/in.wav" >/dev/null
sox "$place/in.wav" -t f32 "$place/in.f32"
python3 - "$place/in.f32" "$place/out.f32" <<'END'
import array, math, sys
samples = array.array("f", open(sys.argv[1], "rb").read())
slow, fast = (math.exp(-2 * math.pi * hertz / 48000) for hertz in (120, 4000))
before = high = low = 0.0
for i, x in enumerate(samples):
    high = slow * high + (1 + slow) / 2 * (x - before)
    before = x
    low = fast * low + (1 - fast) * math.tanh(12 * high)
    samples[i] = 0.5 * low
samples.tofile(open(sys.argv[2], "wb"))
END
sox -t f32 -r 48000 -c 1 "$place/out.f32" -b 32 -e float "$place/out.wav"

timeout --signal INT $((60 * minutes)) "$program" train --recipe "$recipe" --quiet --out "$place/run" \
  --data "$place/in.wav,$place/out.wav" || [ $? -eq 124 ]
"$program" convert "$place/run" --to nam --out "$place/model.nam"
"$program" play "$place/model.nam" "$place/in.wav" --out "$place/heard.wav"
sox "$place/heard.wav" -t f32 "$place/heard.f32"
# A model is trained on the output moved by the latency that was found, so what it plays is moved too.
python3 - "$place/heard.f32" "$place/out.f32" "$place/run/run.json" <<'END'
import array, json, sys
heard, out = (array.array("f", open(path, "rb").read()) for path in sys.argv[1:3])
late = int(json.load(open(sys.argv[3]))["data"]["latency"].split()[0])
judged = range(len(out) - 9 * 48000, len(out) - max(late, 0))
heard, out = [heard[t] for t in judged], [out[t + late] for t in judged]
esr = sum((a - b) ** 2 for a, b in zip(heard, out)) / sum(b * b for b in out)
print(f"ESR of what the file plays: {esr:.5f}")
sys.exit(esr >= 0.01)
END
