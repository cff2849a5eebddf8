#!/usr/bin/env bash
# The article's four runs of 200,000 steps, one after another on one thread, and the twenty names
# that follow tree-76k. Prints the losses of docs/results.md. Build the release preset first.
#
#   bench/article.sh names.txt [FOLDER]    # FOLDER (default runs/article) must not hold runs yet
set -euo pipefail
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
  echo "usage: bench/article.sh NAMES [FOLDER]" >&2
  exit 2
fi
names=$(realpath -- "$1")
out=$(realpath -m -- "${2:-$(dirname "$0")/../runs/article}")
cd "$(dirname "$0")/.."
wavenet=build/release/wavenet

echo "| recipe | train | val | training seconds |"
echo "|---|---|---|---|"
for recipe in mlp-3 mlp-8 tree-22k tree-76k; do
  result=$("$wavenet" train --recipe "$recipe" --data "$names" --seed 42 --threads 1 \
                      --out "$out/$recipe" --quiet --json)
  python3 - "$recipe" "$result" <<'ROW'
import json, sys
r = json.loads(sys.argv[2])
print(f"| `{sys.argv[1]}` | {r['train']:.7f} | {r['val']:.7f} | {r['seconds']:.1f} |", flush=True)
ROW
done
echo
"$wavenet" sample "$out/tree-76k" -n 20 --continue-stream
