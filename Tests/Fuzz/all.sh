#!/bin/sh
# Fuzzes every target from its kept corpus, two at a time.
#
#   Tests/Fuzz/all.sh SECONDS
#   Tests/Fuzz/all.sh            only builds them
#
# Prints a line for each: executions, and how many edges of our code were reached (cov) by how many
# kinds of run (ft). The exit code is 1 when anything was found; what it was, .build/fuzz/TARGET.log tells.
#
# What is the same in every run is the kept corpus, with which each begins. What it tries then comes from
# PAPERSHELF_FUZZ_SEED, which CI makes from the commit; 1 where nothing is said.
set -eu
: "${PAPERSHELF_FUZZ_SEED:=1}"
export PAPERSHELF_FUZZ_SEED
seconds=${1:-}
here=$(cd "$(dirname "$0")" && pwd)
logs=$here/../../.build/fuzz
targets=$(cd "$here" && ls ./*.swift | sed 's,^\./,,; s,\.swift$,,')

# One after the other, for they share the modules.
for target in $targets; do sh "$here/run.sh" "$target"; done
[ -n "$seconds" ] || exit 0

one() {
  target=$1
  code=0
  sh "$here/run.sh" "$target" "$seconds" >"$logs/$target.log" 2>&1 || code=$?
  runs=$(sed -n 's,^stat::number_of_executed_units: *,,p' "$logs/$target.log")
  reached=$(grep -o 'cov: [0-9]* ft: [0-9]*' "$logs/$target.log" | tail -n 1)
  echo "$target: ${runs:-?} executions, ${reached:-?}"
  [ "$code" -eq 0 ] && return
  # With the input itself: of a run in CI nothing else is left.
  grep -a 'Fatal error\|SUMMARY\|ERROR\|Test unit written\|^Base64' "$logs/$target.log" || tail -n 20 "$logs/$target.log"
  touch "$logs/failed"
}

rm -f "$logs/failed"
running=0
for target in $targets; do
  one "$target" &
  running=$((running + 1))
  [ $((running % 2)) -eq 0 ] && wait
done
wait
[ ! -e "$logs/failed" ]
