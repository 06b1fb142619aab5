#!/bin/sh
# Runs the test suite under a sanitizer, in a build folder of its own.
#
#   Tests/sanitize.sh address|thread [FILTER]
#
# InteropTests, CommandTests and ProcessTests are left out unless a FILTER names them: they start the
# `shelf` of the same build as a process. Their `shelf` runs under the sanitizer too.
set -eu
kind=${1:?usage: sanitize.sh address|thread [FILTER]}
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
case $kind in
  address) scratch=.build-asan ;;
  thread) scratch=.build-tsan ;;
  *) echo "sanitize.sh: address or thread" >&2; exit 64 ;;
esac
# What a process leaves to the system at its end is not looked at.
export ASAN_OPTIONS="detect_leaks=0:abort_on_error=1:${ASAN_OPTIONS:-}"
export TSAN_OPTIONS="halt_on_error=1:${TSAN_OPTIONS:-}"
export SWIFT_BACKTRACE=enable=no
swift build --build-tests --scratch-path "$scratch" --sanitize="$kind"
if [ $# -gt 1 ]; then
  exec swift test --skip-build --scratch-path "$scratch" --sanitize="$kind" --filter "$2"
fi
exec swift test --skip-build --scratch-path "$scratch" --sanitize="$kind" \
  --skip InteropTests --skip CommandTests --skip ProcessTests
