#!/usr/bin/env bash
# Installs what is needed and runs everything CI runs. Safe to run twice.
#   bash Tests/run.sh            all of it
#   bash Tests/run.sh quick      format check, build and tests; no servers, long simulation, fuzzing or benchmark
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}

say() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

say "Install"
bash Tests/install.sh sqlite3 python3 python3-venv python3-cryptography faketime
bash Tests/tools/install.sh
[ "$mode" = quick ] || bash Tests/servers/install.sh

say "Format"
swift format lint --strict -r Package.swift Sources Tests

say "Build"
swift build --build-tests

say "Tests"
swift test --skip-build --skip ServerMatrixTests

[ "$mode" = quick ] && exit 0

say "Machines that meet over real servers"
bash Tests/matrix.sh

say "Simulation"
# The flags of the benchmark's build, which uses what is compiled here.
swift build -c release --static-swift-stdlib --product simulate
.build/release/simulate --count 100000 --jobs "$(nproc)"

say "Simulation with one rule taken away at a time"
.build/release/simulate --weaknesses --count 5000 --jobs "$(nproc)"

say "Fuzz"
sh Tests/Fuzz/all.sh 30

say "Benchmark"
python3 Tests/Benchmark/run.py --papers 5000 --runs 11

say "Done"
