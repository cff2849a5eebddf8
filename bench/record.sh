#!/usr/bin/env bash
# Writes docs/benchmarks.md: what this machine can do, the kernels beside libraries, whole jobs beside
# PyTorch. For a quiet machine; takes about half an hour. Flags go to bench/compare.py.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=build/release/bench
page=$(mktemp)
trap 'rm -f "$page"' EXIT
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo absent; }

{
  cat <<END
# Recorded benchmarks

\`bench/record.sh $*\` wrote this page on $(date -I), from the commit after $(git rev-parse --short HEAD).

Machine: $(nproc) cores, $(lscpu | sed -n 's/^Model name: *//p') (family $(lscpu | sed -n 's/^CPU family: *//p'), model $(lscpu | sed -n 's/^Model: *//p')), $(grep PRETTY_NAME /etc/os-release | cut -d'"' -f2), $(c++ --version | head -n 1).
Libraries: Highway $(version libhwy-dev), OpenBLAS $(version libopenblas-dev), oneDNN $(version libdnnl-dev).

## What the machine can do

\`$bin/peak\`: multiply-adds in registers, our product of matrices, and y += a x from the second-level
cache and from memory.

| cores | GFLOP/s | product, GFLOP/s | cache, GB/s | memory, GB/s |
|---|---|---|---|---|
END
  "$bin/peak" | python3 -c '
import json, sys
for line in sys.stdin:
    print("| " + " | ".join(str(v) for v in json.loads(line).values()) + " |")'

  cat <<END

## Whole jobs

\`bench/compare.py $*\`: each round runs every side once, so what slows the machine slows all of
them; a ratio is taken within a round. The percentage counts the products of matrices by the book,
for what is predicted alone, over the multiply-adds that the cores can do.

END
  bench/compare.py "$@"

  cat <<END

## Kernels

\`$bin/kernels\`: products of matrices at the shapes of a step of \`tree-76k\`, and 1x1 convolutions,
on one core; GFLOP/s.

| product | shape m n k | ours | OpenBLAS | oneDNN |
|---|---|---|---|---|
END
  OMP_NUM_THREADS=1 "$bin/kernels" --benchmark_format=json --benchmark_min_time=0.3 2>/dev/null | python3 -c '
import json, sys
rows = {}
for run in json.load(sys.stdin)["benchmarks"]:
    _, what, who = run["name"].split("/")
    rows.setdefault(what, {})[who] = run["GF/s"]
for what, rates in rows.items():
    words = what.split()
    name, shape = " ".join(words[:-2]), words[-2].replace("x", " ") + " " + words[-1]
    cells = [f"{rates[who]:.0f}" if who in rates else "" for who in ("ours", "OpenBLAS", "oneDNN")]
    print("| " + " | ".join([name, shape] + cells) + " |")'

  cat <<END

## Generation and the bridge

Characters a second with a cache, on one core (\`$bin/stream\`), and the loss over val by the tree
and by its convolution (\`$bin/bridge\`, docs/convolution.md):

$("$bin/stream" | sed 's/^/    /')
$("$bin/bridge" | sed 's/^/    /')
END
} > "$page"
mv "$page" docs/benchmarks.md
chmod 644 docs/benchmarks.md
