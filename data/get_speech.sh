#!/usr/bin/env bash
# Installs Debian's spoken prompts where missing and prints their folder, for
#   wavenet train --recipe wavenet-speech --data "$(data/get_speech.sh)"
# 558 recordings of one speaker, Allison Smith (8 kHz, 16 bits, 25 minutes), and a folder silence/ of dither,
# which the recipe leaves out. Licence: CC-BY-SA 3.0, as
# /usr/share/doc/asterisk-core-sounds-en-wav/copyright tells; they are installed, never copied here.
set -euo pipefail
package=asterisk-core-sounds-en-wav
"$(dirname "$0")"/../cmake/install-packages.sh "$package" >&2
folder=$(dpkg -L "$package" | sed -n 's|/activated\.wav$||p')
if [ ! -d "$folder" ]; then
  echo "get_speech.sh: package $package holds no activated.wav" >&2
  exit 1
fi
echo "$folder"
