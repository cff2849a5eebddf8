#!/usr/bin/env bash
# Installs the Debian packages that the build needs, and those named as arguments, where missing.
set -euo pipefail
missing=()
for package in g++ cmake ninja-build libfmt-dev libhwy-dev nlohmann-json3-dev libcli11-dev \
    libsndfile1-dev libsamplerate0-dev libkissfft-dev libpng-dev "$@"; do
  dpkg -s "$package" >/dev/null 2>&1 || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=$([ "$(id -u)" -eq 0 ] || echo sudo)
echo "installing ${missing[*]}"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
