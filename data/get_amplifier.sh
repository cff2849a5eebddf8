#!/usr/bin/env bash
# Records a simulated tube amplifier and prints IN.wav,OUT.wav, for
#   wavenet train --recipe RECIPE --data "$(data/get_amplifier.sh)"
#   data/get_amplifier.sh [PLUGIN] [FOLDER] [CONTROL=VALUE ...]
# PLUGIN: metal_amp (default), jcm800pre, w20, redeye, ts9sim, or the URI of any LV2 plugin with one input and
# one output. FOLDER: where the files go (default: runs/amplifier). Controls that are not named stand at the
# plugin's defaults. Installs Debian's guitarix-lv2 and lilv-utils where missing. Guitarix is GPL-2+ and
# GPL-3+, as /usr/share/doc/guitarix-lv2/copyright tells; it is installed, and nothing of it copied here.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
plugin=${1:-metal_amp}
folder=${2:-runs/amplifier}
shift $(($# < 2 ? $# : 2))
"$root"/cmake/install-packages.sh guitarix-lv2 lilv-utils >&2
base=http://guitarix.sourceforge.net/plugins
case $plugin in
  jcm800pre) uri="$base/gx_jcm800pre_#_jcm800pre_" ;;
  w20) uri="$base/gx_w20#w20" ;;
  redeye) uri="$base/gx_redeye#chump" ;;
  metal_amp) uri="$base/gxmetal_amp#metal_amp" ;;
  ts9sim) uri="$base/gxts9#ts9sim" ;;
  *://*) uri=$plugin ;;
  *) echo "get_amplifier.sh: no plugin '$plugin' is known; name its URI (lv2ls lists them)" >&2; exit 2 ;;
esac
if ! lv2ls | grep -xF "$uri" >/dev/null; then
  echo "get_amplifier.sh: $uri is not installed" >&2
  exit 1
fi
mkdir -p "$folder"
name=$(printf %s "$plugin" | tr -c 'A-Za-z0-9_\n' _)
in=$folder/in.wav
out=$folder/$name.wav
wavenet=${WAVENET:-$root/build/release/wavenet}
# The output is written as the input is, and beyond full scale only floats do not turn over.
[ -f "$in" ] || "$wavenet" capture signal --out "$in" --sample float32 >&2
controls=()
for control in "$@"; do
  controls+=(-c "${control%%=*}" "${control#*=}")
done
lv2apply -i "$in" -o "$out" "${controls[@]}" "$uri" >&2
"$wavenet" doctor "$in,$out" >&2 || true
echo "$in,$out"
