#!/usr/bin/env bash
# What the doctor takes for a long list: 6.5 million made-up words, 48.7 MB, and the same as a text.
#
#   bench/doctor.sh [ROUNDS=3]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

awk 'BEGIN {
  srand(5)
  for (i = 0; i < 6500000; ++i) {
    word = ""
    for (j = 3 + int(rand() * 8); j > 0; --j) word = word sprintf("%c", 97 + int(rand() * 26))
    print word
  }
}' > "$scratch/words.txt"

python=$(command -v python3 || true)
[ -n "$python" ] || { echo "python3 is needed, which reads the peak of memory" >&2; exit 1; }
for recipe in mlp-3 wavenet-text; do
  for ((i = 0; i < rounds; ++i)); do
    "$python" - "$scratch/words.txt" "$recipe" <<'PY'
import resource, subprocess, sys, time
start = time.time()
subprocess.run(["build/release/wavenet", "doctor", sys.argv[1], "--recipe", sys.argv[2]],
               stdout=subprocess.DEVNULL, check=False)
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(f"{sys.argv[2]}: {time.time() - start:.2f} s, {peak:.0f} MiB")
PY
  done
done
