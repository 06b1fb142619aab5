#!/usr/bin/env bash
# Installs what is needed and runs everything CI runs. Safe to run twice.
#   bash Tests/run.sh            all of it
#   bash Tests/run.sh quick      format check, build and unit tests only
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}

say() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

say "Install"
bash Tests/install.sh sqlite3 python3 python3-venv

say "Format"
swift format lint --strict -r Package.swift Sources Tests

say "Build"
swift build --build-tests

say "Tests"
swift test --skip-build
