#!/usr/bin/env bash
# Kills training runs at random moments and resumes them: each time the folder must hold a model that
# loads, and in the end the same bits as a run that nothing disturbed.
#
#   tests/kills.sh [KILLS=100] [PROGRAM=build/release/wavenet] [RECIPE=wavenet-names]
#
# RECIPE: wavenet-names, or of sound wavenet-notes.
set -euo pipefail
kills=${1:-100}
wavenet=$(realpath "${2:-$(dirname "$0")/../build/release/wavenet}")
recipe=${3:-wavenet-names}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# Every state that a resumed run needs: AdamW, warm-up and cosine, averages, dropout, shards, best.
case $recipe in
  wavenet-names) length=(--steps 240 --set train.warmup=50 --set train.eval_every=20 --log-every 7) ;;
  wavenet-notes) length=(--steps 36 --set train.warmup=8 --set train.eval_every=9 --log-every 5
    --set model.dropout=0.1 --set data.piece=1024) ;;
  *)
    echo "kills: the recipe must be wavenet-names or wavenet-notes, got '$recipe'"
    exit 2
    ;;
esac
train=("$wavenet" train --quiet --json --recipe "$recipe" "${length[@]}" --threads 2)

start=$(date +%s%N)
"${train[@]}" --out whole > whole.json
took=$((($(date +%s%N) - start) / 1000000)) # milliseconds of a whole run
echo "a whole run takes $took ms"

killed=0
runs=0
early=0
while ((killed < kills)); do
  rm -rf run
  finished=false
  while ! $finished && ((killed < kills)); do
    resume=$([[ -e run/model.safetensors ]] && echo --resume || true)
    # shellcheck disable=SC2086
    "${train[@]}" --out run $resume > out.json 2> err.txt &
    pid=$!
    pause=$(((RANDOM * 32768 + RANDOM) % (took * 600))) # microseconds: up to 0.6 of a whole run
    sleep "$(printf '%d.%06d' $((pause / 1000000)) $((pause % 1000000)))"
    if kill -KILL $pid 2> /dev/null; then
      wait $pid 2> /dev/null || true
      killed=$((killed + 1))
      if [[ -e run/model.safetensors ]]; then
        "$wavenet" eval run --split val > /dev/null
        [[ ! -e run/last.safetensors ]] || "$wavenet" eval run/last.safetensors --split val > /dev/null
      else
        early=$((early + 1)) # before the first file of all
      fi
    else
      wait $pid || { cat err.txt; exit 1; }
      finished=true
    fi
  done
  if ! $finished; then
    resume=$([[ -e run/model.safetensors ]] && echo --resume || true)
    # shellcheck disable=SC2086
    "${train[@]}" --out run $resume > out.json
  fi
  runs=$((runs + 1))
  for file in model.safetensors last.safetensors metrics.jsonl details.jsonl; do
    cmp "run/$file" "whole/$file" || {
      echo "kills: run/$file differs after $killed kills"
      exit 1
    }
  done
done
echo "$killed kills in $runs runs, $early of them before the first file: every folder loaded," \
  "every run ended in the same bits"
