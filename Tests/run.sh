#!/usr/bin/env bash
# Installs what is needed and runs everything CI runs. Safe to run twice.
#   bash Tests/run.sh            all of it
#   bash Tests/run.sh quick      format check, build and tests; no servers, long simulation, fuzzing or benchmark
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}

# Runs a command at the same time as what follows, up to its `finish`.
beside() {
  local name=$1
  shift
  mkdir -p .build/logs
  "$@" >".build/logs/$name.log" 2>&1 &
  running[$name]=$!
}

finish() {
  local code=0
  wait "${running[$1]}" || code=$?
  cat ".build/logs/$1.log"
  [ "$code" -eq 0 ] || exit "$code"
}

install_more() {
  bash Tests/tools/install.sh
  [ "$mode" = quick ] || bash Tests/servers/install.sh
}

declare -A running
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT

say() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

say "Install"
bash Tests/install.sh sqlite3 python3 python3-venv python3-cryptography faketime zsh fish
# What the tests need more is fetched while the compiler works.
beside install install_more

say "Format"
swift format lint --strict -r Package.swift Sources Tests

say "Build"
swift build --build-tests
finish install

say "Tests"
swift test --skip-build --skip ServerMatrixTests

[ "$mode" = quick ] && exit 0

# The flags of the matrix' and the benchmark's builds, which use what is compiled here.
say "Optimized build"
swift build -c release --static-swift-stdlib --product simulate

# The matrix waits for servers half of its time; what runs beside it does not look at clocks.
say "Machines that meet over real servers; beside them, rules taken away, fuzzing and the long simulation"
beside matrix bash Tests/matrix.sh
.build/release/simulate --weaknesses --count 5000 --jobs "$(nproc)"
sh Tests/Fuzz/all.sh 30
say "Simulation"
.build/release/simulate --count 100000 --jobs "$(nproc)"
finish matrix

say "Benchmark"
python3 Tests/Benchmark/run.py --papers 5000 --runs 11

say "Done"
