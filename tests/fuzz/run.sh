#!/usr/bin/env bash
# Feeds the readers of files made-up bytes for SECONDS (600) in all, each at most ten million times;
# stops at the first finding.
#
#   tests/fuzz/run.sh [SECONDS] [TARGET...]
#
# No input of up to MAX_LEN (4096) bytes may take more than 64 MiB at once, 512 MiB in all, or 5 seconds.
set -euo pipefail
cd "$(dirname "$0")/../.."
seconds=${1:-600}
shift || true
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for source in tests/fuzz/*.cpp; do
    targets+=("$(basename "$source" .cpp)")
  done
fi
cmake/install-packages.sh clang
cmake --preset fuzz >/dev/null
cmake --build build/fuzz --target "${targets[@]/#/fuzz_}" | tail -n 1

export UBSAN_OPTIONS=print_stacktrace=1 ASAN_OPTIONS=quarantine_size_mb=8:malloc_context_size=2
for target in "${targets[@]}"; do
  found=build/fuzz/found/$target  # what reached new code, kept for the next run
  log=build/fuzz/$target.log
  mkdir -p "$found"
  if ! build/fuzz/tests/fuzz/fuzz_"$target" "$found" tests/fuzz/corpus/"$target" \
       -max_total_time=$((seconds / ${#targets[@]})) -runs=10000000 -max_len="${MAX_LEN:-4096}" -timeout=5 \
       -malloc_limit_mb=64 -rss_limit_mb=512 -print_final_stats=1 \
       -artifact_prefix=build/fuzz/"$target"- >"$log" 2>&1; then
    grep -E 'ERROR|runtime error|Test unit written|SUMMARY' "$log" || tail -n 5 "$log"
    echo "$target: a finding; the whole story is in $log" >&2
    exit 1
  fi
  awk -v target="$target" '/number_of_executed_units/ {n = $2} /average_exec_per_sec/ {s = $2}
       END {printf "%s: %d executions, %d a second, no finding\n", target, n, s}' "$log"
done
