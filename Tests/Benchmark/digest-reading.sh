#!/bin/sh
# Builds the digest reader as a release does and prints its speed on the files named, or on the
# sample digest: Tests/Benchmark/digest-reading.sh [FILE…]
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$root/.build/benchmark
mkdir -p "$work"
cd "$work"
flags="-swift-version 6 -O -wmo -parse-as-library -static-stdlib -g -I $work -package-name papershelf"
flags="$flags -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility"
flags="$flags -Xcc -I$root/Sources/CExpat/include -Xcc -fmodule-map-file=$work/CExpat.modulemap"
printf 'module CExpat { header "%s" }\n' "$root"/Sources/CExpat/include/*.h > CExpat.modulemap
clang -O2 -c -o CExpat.o -I "$root/Sources/CExpat/include" "$root"/Sources/CExpat/*.c
objects=CExpat.o
for module in URLText Papers JSONText Filters Changes XMLText Digests; do
  # shellcheck disable=SC2086
  find "$root/Sources/$module" -name '*.swift' -print0 | sort -z | xargs -0 \
    swiftc $flags -module-name "$module" -emit-module -emit-module-path "$work/$module.swiftmodule" \
    -c -o "$work/$module.o"
  objects="$objects $module.o"
done
# shellcheck disable=SC2086
swiftc $flags -module-name Benchmark -o digest-reading \
  "$root/Tests/Benchmark/digest-reading.swift" $objects -ldl
test $# -gt 0 || set -- "$root/sample-config/digest-2025-10-02.md"
cd - > /dev/null
exec "$work/digest-reading" "$@"
