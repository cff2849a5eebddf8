#!/usr/bin/env bash
# tests/pitch.sh: trains on ten seconds of a sine, then of two, in less than two minutes each on two cores, and proves
# that one second of generated sound has those frequencies within 2 Hz, 20 dB above everything else: at
# temperature 0 and 1. Needs sox. About four minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
program=build/release/wavenet
spectrum=build/release/bench/spectrum
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

prove() {  # name, sox's synthesis, frequencies
  local name=$1 synthesis=$2
  shift 2
  mkdir "$place/$name"
  # shellcheck disable=SC2086
  sox -D -n -r 8000 -b 16 -c 1 "$place/$name/tone.wav" synth 10 $synthesis
  "$program" train --recipe wavenet-notes --set data.format=sound --data "$place/$name" --quiet \
    --no-report --out "$place/$name-run" --steps 500
  for temperature in 0 1; do
    "$program" sample "$place/$name-run" --seconds 1 --temperature "$temperature" --seed 1 --quiet \
      --overwrite --out "$place/made.wav"
    echo "$name at temperature $temperature"
    "$spectrum" "$place/made.wav" "$@" | tee "$place/peaks"
    awk -v name="$name" '
      / Hz: / { split($0, part, " Hz: "); if ((part[1] - part[2]) ^ 2 > 4) bad = 1 }
      /above the rest/ { if ($4 < 20) bad = 1 }
      END { if (bad) { print name ": FAILED"; exit 1 } }' "$place/peaks"
  done
}

prove sine "sine 200 vol 0.5" 200
prove chord "sine 200 sine 320 remix - vol 0.5" 200 320
