#!/usr/bin/env bash
# Installs what is missing, builds, runs every test.
set -euo pipefail
cd "$(dirname "$0")"
cmake/install-packages.sh libgtest-dev
cmake --preset release -DWAVENET_TESTS=ON -DWAVENET_BENCH=ON -DWAVENET_EXAMPLES=ON
cmake --build build/release
ctest --test-dir build/release --output-on-failure -j "$(nproc)"
