#!/usr/bin/env bash
# Generates sound for long and proves that memory does not grow meanwhile: what is resident after the
# first twelfth is at most 256 KiB less than after any later one.
#
#   tests/endless.sh [SECONDS=300] [PROGRAM=build/release/wavenet]
#
# SECONDS are of sound, at 8 kHz, by a small wavenet-notes as two steps of training leave it: what a model
# has learned costs nothing. The samples are read from a pipe, so that the program waits at each point.
set -euo pipefail
seconds=${1:-300}
wavenet=$(realpath "${2:-$(dirname "$0")/../build/release/wavenet}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

"$wavenet" train --quiet --no-report --recipe wavenet-notes --steps 2 --set train.eval_every=2 \
  --set data.piece=512 --set model.residual=8 --set model.skip=16 --out run
mkfifo samples
start=$(date +%s)
"$wavenet" sample run --quiet --seconds "$seconds" --out - > samples &
pid=$!
exec 3< samples
bytes=$((seconds * 8000 * 2))
first=0
for point in {1..12}; do
  head -c $((bytes / 13)) <&3 > /dev/null
  resident=$(awk '/^VmRSS:/ { print $2 }' "/proc/$pid/status") # KiB
  ((first > 0)) || first=$resident
  echo "after $((seconds * point / 13)) s of sound: $resident KiB"
  ((resident <= first + 256)) || {
    echo "endless: memory has grown from $first to $resident KiB"
    exit 1
  }
done
cat <&3 > /dev/null
wait $pid
echo "$seconds s of sound in $(($(date +%s) - start)) s"
