#!/bin/sh
# Fuzzes one target for a while with libFuzzer, coverage-guided, from its kept corpus.
#
#   Tests/Fuzz/run.sh TARGET SECONDS
#
# A target is Tests/Fuzz/TARGET.swift, a driver that defines `LLVMFuzzerTestOneInput`, and in it the
# line `// fuzz: MODULE…` that names the modules of Sources/ it needs, in the order of their imports.
# They are compiled here, with the address sanitizer, outside of Package.swift. The exit code is 0
# when nothing was found. What a run discovers stays in .build/fuzz/TARGET/found; a crash is put
# there too, to become a test and a file of Tests/Fuzz/corpus/TARGET.
set -eu

target=${1:?usage: run.sh TARGET SECONDS}
seconds=${2:?usage: run.sh TARGET SECONDS}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
driver=$here/$target.swift
work=$root/.build/fuzz/$target
test -f "$driver" || { echo "no such target: $target" >&2; exit 64; }

mkdir -p "$work/found" "$here/corpus/$target"
cd "$work"
flags="-swift-version 6 -O -g -wmo -parse-as-library -sanitize=fuzzer,address -I $work"
flags="$flags -enable-upcoming-feature ExistentialAny"
objects=
for module in $(sed -n 's,^// fuzz: ,,p' "$driver"); do
  echo "compiling $module" >&2
  # shellcheck disable=SC2086
  find "$root/Sources/$module" -name '*.swift' -print0 | sort -z | xargs -0 \
    swiftc $flags -module-name "$module" -emit-module -emit-module-path "$work/$module.swiftmodule" \
    -c -o "$work/$module.o"
  objects="$objects $work/$module.o"
done
# shellcheck disable=SC2086
swiftc $flags -module-name Fuzz -o fuzz "$driver" $objects

exec ./fuzz found "$here/corpus/$target" \
  -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len=16384 \
  -artifact_prefix=found/ -print_final_stats=1
