#!/usr/bin/env bash
# The long set: what CI does for minutes, for hours, and what it leaves out. Alone on the machine, as root.
#   bash Tests/long.sh [HOURS [SEED]]     HOURS of simulated lives, 8 where nothing is said, and about 8 for the rest
# All goes on after what fails; the exit code is 1 when anything did. SEED (the clock's, where none is given) is
# printed, and tries the same lives, commands and fuzzing again.
set -euo pipefail
cd "$(dirname "$0")/.."
hours=${1:-8}
seed=${2:-$(date +%s)}
failed=()

try() {
  printf '\n== %s (%s)\n' "$*" "$(date +%T)"
  "$@" || failed+=("$*")
}

echo "Seed: $seed"
export PAPERSHELF_SEED=$seed PAPERSHELF_FUZZ_SEED=$((seed % 1000000007 + 1))
try bash Tests/run.sh quick
bash Tests/servers/install.sh
for product in shelf MigrationProbe simulate; do
  swift build -c release --static-swift-stdlib --product "$product"
done
try .build/release/simulate --first "$seed" --count 1000000000 --seconds $((hours * 3600)) --jobs "$(nproc)"
try .build/release/simulate --weaknesses --first "$seed" --count 50000 --jobs "$(nproc)"
try sh Tests/Fuzz/all.sh 3600
export PAPERSHELF_BINARY="$PWD/.build/release/shelf"
try env PAPERSHELF_KILLS=1000 swift test --skip-build --filter CrashTests
try python3 Tests/soak.py --minutes 60
try python3 Tests/Benchmark/run.py --growth
unset PAPERSHELF_BINARY
try sh Tests/sanitize.sh address
try sh Tests/sanitize.sh thread
try bash Tests/package.sh

printf '\n%d failed\n' "${#failed[@]}"
[ ${#failed[@]} -eq 0 ] || { printf '  %s\n' "${failed[@]}"; exit 1; }
