#!/usr/bin/env bash
# Writes docs/benchmarks.md: what this machine can do, the kernels beside libraries, whole jobs beside
# PyTorch. For a quiet machine; takes about half an hour. Flags go to bench/compare.py.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=build/release/bench
page=$(mktemp)
kernels=$(mktemp)
trap 'rm -f "$page" "$kernels"' EXIT
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo absent; }

# Rows of a table from the output of bench/kernels: those of kind $1, with the columns of "$2".
kernel_rows() {
  python3 -c '
import json, re, sys
kind, table = sys.argv[1:]
rows = {}
for run in json.load(sys.stdin)["benchmarks"]:
    its_kind, op, shape, who = run["name"].split("/")
    if re.fullmatch(kind, its_kind):
        rows.setdefault((op, shape), {})[who] = run
for (op, shape), runs in rows.items():
    unit = "GF/s" if "GF/s" in runs["ours"] else "GB/s"
    rate = lambda who: f"{runs[who][unit]:.0f}" if who in runs else ""
    if table == "products":
        cells = [rate("ours"), rate("OpenBLAS"), rate("oneDNN")]
    else:
        peak = runs["ours"].get("%peak")
        percent = "" if peak is None else f"{peak:.0f}"
        cells = [rate("ours"), rate("oneDNN"), unit.replace("GF", "GFLOP"), percent]
    print("| " + " | ".join([op, shape] + cells) + " |")' "$1" "$2"
}

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
  OMP_NUM_THREADS=1 "$bin/kernels" --benchmark_format=json --benchmark_min_time=0.3 > "$kernels"
  kernel_rows gemm products < "$kernels"

  cat <<END

The other ops of a step, on one core. Convolutions of width 2 read batch x length, channels in to
out, and count multiply-adds, but for the zeros before the start; oneDNN has its weights reordered
beforehand. The rest count the bytes that the op takes and gives, each once, all of them in the
caches. Every result of a library was held against ours before it was timed.

| op | shape | ours | oneDNN | unit | ours, % of peak |
|---|---|---|---|---|---|
END
  kernel_rows 'conv|sweep' ops < "$kernels"

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
