#!/usr/bin/env bash
# tests/long_sound.sh: trains a small WaveNet on 44 hours of sound at 16 kHz in a control group that may hold 2 GB of
# memory, the pages of files among them, and tells the peak; a second run reads the codes from their cache. Needs
# sox, root, control groups (version 1 or 2) and 8 GB of disk in $TMPDIR.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$PWD/build/release/wavenet
hours=${1:-44}
limit=$((2 * 1000 * 1000 * 1000))
place=$(mktemp -d)
group=wavenet-long-sound-$$
if [ -d /sys/fs/cgroup/memory ]; then
  group=/sys/fs/cgroup/memory/$group limit_file=memory.limit_in_bytes peak_file=memory.max_usage_in_bytes
else
  group=/sys/fs/cgroup/$group limit_file=memory.max peak_file=memory.peak
fi
trap 'rm -rf "$place"; rmdir "$group"' EXIT
mkdir "$group"
echo "$limit" >"$group/$limit_file"

# An hour, and the same begun at other places.
mkdir "$place/sound"
one=$place/sound/00.wav
header=44
sox -D -R -n -r 16000 -b 16 -c 1 "$one" synth 3600 brownnoise synth 3600 sine mix 200 gain -12
for ((hour = 1; hour < hours; ++hour)); do
  at=$((hour * 1234567 * 2))
  {
    head -c $header "$one"
    tail -c +$((1 + header + at)) "$one"
    tail -c +$((1 + header)) "$one" | head -c $at || true
  } >"$place/sound/$(printf %02d "$hour").wav"
done
du -sh --apparent-size "$place/sound"

# The largest memory of its own, which no page of a file is, beside what the group counts.
train() {  # what it is, folder
  echo "$1:"
  local begin=$SECONDS anonymous=0 now
  (
    echo "$BASHPID" >"$group/cgroup.procs"
    exec env XDG_CACHE_HOME="$place/cache" "$program" train --recipe wavenet-speech --data "$place/sound" \
      --set data.sample_rate=16000 --set model.residual=8 --set model.skip=16 --set model.embedding=8 \
      --set train.warmup=0 --steps 40 --quiet --no-report --out "$place/$2" >"$place/told"
  ) &
  local child=$!
  while kill -0 "$child" 2>/dev/null; do
    now=$(awk '/^RssAnon/ { print $2 }' "/proc/$child/status" 2>/dev/null || true)
    anonymous=$((${now:-0} > anonymous ? now : anonymous))
    sleep 0.2
  done
  wait "$child"
  echo "  $((SECONDS - begin)) s, at most $((anonymous * 1024 / 1000000)) MB of its own," \
    "$(($(cat "$group/$peak_file") / 1000000)) of $((limit / 1000000)) MB with pages of files"
}
train "decoding and training" first
train "from the cache" second
cmp "$place/first/model.safetensors" "$place/second/model.safetensors"
