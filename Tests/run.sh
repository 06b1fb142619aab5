#!/usr/bin/env bash
# Installs what is needed and runs everything CI runs. Safe to run twice.
#   bash Tests/run.sh            all of it
#   bash Tests/run.sh quick      format check, build and tests; no servers, long simulation, fuzzing or benchmark
# What each part costs and has found, and the long set: Tests/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
mode=${1:-all}

# Runs a command at the same time as what follows, up to its `finish`.
beside() {
  local name=$1
  shift
  mkdir -p .build/logs
  set -m
  "$@" >".build/logs/$name.log" 2>&1 &
  set +m
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
# With all that they started, for which they have groups of their own.
trap 'for group in $(jobs -p); do kill -- "-$group" 2>/dev/null || true; done' EXIT

say() { printf '\n== %s (%s)\n' "$1" "$(date +%T)"; }

say "Install"
bash Tests/install.sh sqlite3 python3 python3-venv python3-cryptography faketime zsh fish
# What the tests need more is fetched while the compiler works.
beside install install_more

say "Format"
swift format lint --strict -r Package.swift Sources Tests

if [ "$mode" = quick ]; then
  say "Build"
  swift build --build-tests
  finish install
  say "Tests"
  swift test --skip-build --skip ServerMatrixTests
  exit 0
fi

# From the commit: each change meets lives, commands and fuzzing that none has met, and a run can be repeated.
commit=$(git rev-parse HEAD 2>/dev/null || date | sha1sum)
seed=$((16#${commit:0:12}))
export PAPERSHELF_SEED=$seed PAPERSHELF_FUZZ_SEED=$((seed % 1000000007 + 1))
# 100,000: most are the same in every run, for what a rule once cost stays paid, and some new. So it is
# with those in which a server lies, or a machine that holds the key.
fixed=80000 new=8000 fixed_hostile=10000 new_hostile=2000

# As the package is built: what people get is what the tests start, the matrix and the benchmark, too.
say "Optimized build"
for product in shelf MigrationProbe simulate; do
  swift build -c release --static-swift-stdlib --product "$product"
done
export PAPERSHELF_BINARY="$PWD/.build/release/shelf"

# Lives know no real time: they take what all that follows leaves of the processor.
lives() {
  renice -n 19 "$BASHPID" >/dev/null
  .build/release/simulate --weaknesses --count 5000 --jobs "$(nproc)"
  .build/release/simulate --first 1 --count "$fixed" --jobs "$(nproc)"
  .build/release/simulate --first "$seed" --count "$new" --jobs "$(nproc)"
  .build/release/simulate --hostile --first 1 --count "$fixed_hostile" --jobs "$(nproc)"
  .build/release/simulate --hostile --first "$seed" --count "$new_hostile" --jobs "$(nproc)"
}
beside lives lives

say "Build with tests; beside it, rules taken away, and lives: from 1 $fixed, from $seed $new"
swift build --build-tests
finish install

say "Tests, of the optimized shelf; PAPERSHELF_SEED=$PAPERSHELF_SEED"
swift test --skip-build --skip ServerMatrixTests

say "Machines that meet over real servers"
bash Tests/matrix.sh

say "Build of the fuzzing"
sh Tests/Fuzz/all.sh

say "Simulation"
finish lives

# It counts seconds, in which others should not work.
say "Fuzzing; PAPERSHELF_FUZZ_SEED=$PAPERSHELF_FUZZ_SEED"
sh Tests/Fuzz/all.sh 30

# Alone: it looks at clocks.
say "Benchmark"
python3 Tests/Benchmark/run.py --papers 5000 --runs 11

say "Done"
