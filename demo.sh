#!/usr/bin/env bash
# Installs what is missing, builds, trains the default recipe on the embedded names and prints its
# losses and twenty samples. Flags go to `wavenet train`: ./demo.sh --steps 2000
set -euo pipefail
cd "$(dirname "$0")"
cmake/install-packages.sh
cmake --preset release -DWAVENET_TESTS=OFF -DWAVENET_BENCH=OFF -DWAVENET_EXAMPLES=OFF >/dev/null
cmake --build build/release
exec build/release/wavenet train "$@"
