#!/usr/bin/env bash
# Ours and the reference player of .nam files (NeuralAmpModelerCore), one after the other on one core, round by
# round; then how far what they play lies apart, of the loudest sample.
#   bench/player.sh CHECKOUT [ROUNDS]
# CHECKOUT: a clone of NeuralAmpModelerCore. It is built in a temporary folder as its users would build it,
# -O3 -march=native, with float samples, its special way for A2, and Debian's Eigen (libeigen3-dev).
set -euo pipefail
cd "$(dirname "$0")/.."
rival=$(realpath "$1")
rounds=${2:-5}
ours=build/release
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for file in "$rival"/NAM/*.cpp "$rival"/NAM/wavenet/*.cpp bench/rival_player.cpp; do echo "$file"; done |
  xargs -P "$(nproc)" -I{} sh -c 'g++ -std=c++20 -O3 -march=native -DNDEBUG -DNAM_SAMPLE_FLOAT \
    -DNAM_ENABLE_A2_FAST -I"$1" -I"$1"/Dependencies/nlohmann -isystem /usr/include/eigen3 \
    -c "$3" -o "$2/$(basename "$3").o"' - "$rival" "$scratch" {}
g++ -o "$scratch/rival_player" "$scratch"/*.o
$ours/bench/player --write "$scratch"
core=$(taskset -cp $$ | grep -o '[0-9]*$')
for _ in $(seq "$rounds"); do
  taskset -c "$core" $ours/bench/player
  for model in standard a2_full a2_lite; do
    printf '{"rival":"%s","measured":%s}\n' $model \
      "$(taskset -c "$core" "$scratch/rival_player" "$scratch/$model.nam")"
  done
done
$ours/wavenet capture signal --out "$scratch/in.wav" >/dev/null
sox "$scratch/in.wav" -t f32 "$scratch/in.f32" trim 9 21
for model in standard a2_full a2_lite; do
  "$scratch/rival_player" "$scratch/$model.nam" play 64 <"$scratch/in.f32" >"$scratch/rival.f32"
  $ours/wavenet play "$scratch/$model.nam" --stdin f32 <"$scratch/in.f32" >"$scratch/ours.f32"
  printf '%s: ' $model
  python3 - "$scratch/ours.f32" "$scratch/rival.f32" <<'END'
import array, sys
ours, rival = (array.array("f", open(path, "rb").read()) for path in sys.argv[1:])
assert len(ours) == len(rival) > 0
apart = max(abs(a - b) for a, b in zip(ours, rival))
print(f"{len(ours)} samples, at most {apart / max(map(abs, rival)):.2g} of the loudest apart")
END
done
