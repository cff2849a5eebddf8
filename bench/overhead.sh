#!/usr/bin/env bash
# What a run's report costs: whole `wavenet train` runs with it and with --no-report, turn by turn.
#
#   bench/overhead.sh [ROUNDS=3]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-3}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

seconds() { # recipe, steps, flags
  local start
  start=$(date +%s.%N)
  build/release/wavenet train --quiet --json --threads 1 --recipe "$1" --steps "$2" \
    --out "$scratch/run" --overwrite "${@:3}" > /dev/null
  echo "$(date +%s.%N) $start" | awk '{printf "%.3f\n", $1 - $2}'
}

for job in "tree-76k 60000" "wavenet-names 10000"; do
  read -r recipe steps <<< "$job"
  for ((i = 0; i < rounds; ++i)); do
    with=$(seconds "$recipe" "$steps")
    without=$(seconds "$recipe" "$steps" --no-report)
    echo "$with $without"
  done | sort -n -k1 | awk -v job="$job" '{print $1 / $2, $1, $2}' | sort -n |
    awk -v job="$job" '{r[NR] = $1; w[NR] = $2; o[NR] = $3}
      END {m = int((NR + 1) / 2); printf "%s steps: %.2f s with, %.2f s without, ratio %.3f (%.3f to %.3f)\n",
           job, w[m], o[m], r[m], r[1], r[NR]}'
done
