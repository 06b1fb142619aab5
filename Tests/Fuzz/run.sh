#!/bin/sh
# Fuzzes one target for a while with libFuzzer, coverage-guided, from its kept corpus.
#
#   Tests/Fuzz/run.sh TARGET SECONDS
#   Tests/Fuzz/run.sh TARGET          only builds it
#
# A target is Tests/Fuzz/TARGET.swift, a driver that defines `LLVMFuzzerTestOneInput`, and in it the
# line `// fuzz: MODULE…` that names the modules of Sources/ it needs, in the order of their imports.
# They are compiled here, with the address sanitizer, outside of Package.swift. The packages and C
# modules they import come from .build/debug as they are (`swift build --build-tests` makes them), so
# that only our own code is watched. The exit code is 0 when nothing was found. What a run discovers
# stays in .build/fuzz/TARGET/found; a crash is put there too, to become a test and a file of
# Tests/Fuzz/corpus/TARGET. With PAPERSHELF_FUZZ_SEED a run can be repeated.
set -eu

target=${1:?usage: run.sh TARGET SECONDS}
seconds=${2:-}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
driver=$here/$target.swift
modules=$root/.build/fuzz/modules
work=$root/.build/fuzz/$target
debug=$root/.build/debug
test -f "$driver" || { echo "no such target: $target" >&2; exit 64; }

mkdir -p "$work/found" "$modules" "$here/corpus/$target"
flags="-swift-version 6 -O -g -wmo -parse-as-library -enable-testing -package-name papershelf"
flags="$flags -sanitize=fuzzer,address -I $modules -I $debug/Modules -suppress-warnings"
flags="$flags -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility"
flags="$flags -I $root/Sources/CZlib -I $root/Sources/CSQLite"
for module in CCrypto CCurl CExpat CLzma; do
  flags="$flags -Xcc -fmodule-map-file=$debug/$module.build/module.modulemap"
done

# What a module of ours links that is not ours: the folders of .build/debug.
packages_of() {
  case $1 in
    Sealing) echo CCrypto ;;
    Transport) echo CCurl ;;
    XMLText) echo CExpat ;;
    Archives) echo CLzma ;;
  esac
}

link=$work/link
: >"$link"
needed=$(sed -n 's,^// fuzz: ,,p' "$driver")
exec 9>"$modules/lock"
flock 9
cd "$modules"
newest=
for module in $needed; do
  object=$modules/$module.o
  # The compiler leaves an object that would not change as it is, so its date tells nothing.
  built=$modules/$module.built
  if [ ! -e "$built" ] || [ -n "$newest" ] ||
    [ -n "$(find "$root/Sources/$module" "$here/run.sh" -newer "$built" | head -n 1)" ]; then
    newest=$module
    echo "compiling $module" >&2
    # shellcheck disable=SC2086
    find "$root/Sources/$module" -name '*.swift' -print0 | sort -z | xargs -0 \
      swiftc $flags -module-name "$module" -emit-module -emit-module-path "$module.swiftmodule" \
      -c -o "$object"
    touch "$built"
  fi
  echo "$object" >>"$link"
  for package in $(packages_of "$module"); do
    # Some of their files have a space in the name.
    find "$debug/$package.build" -name '*.o' -printf '"%p"\n' >>"$link"
  done
done

cd "$work"
if [ ! -e fuzz ] || [ -n "$newest" ] ||
  [ -n "$(find "$driver" "$here/common" "$here/run.sh" $modules/*.built -newer fuzz | head -n 1)" ]; then
  echo "linking $target" >&2
  # shellcheck disable=SC2086
  swiftc $flags -module-name Fuzz -o fuzz "$driver" "$here"/common/*.swift "@$link" \
    -use-ld=lld -lz -lsqlite3 -lstdc++ -ldl
fi
flock -u 9
exec 9>&-
[ -n "$seconds" ] || exit 0

# The sanitizer tells where it was, and sooner than Swift does.
export SWIFT_BACKTRACE=enable=no
exec ./fuzz found "$here/corpus/$target" ${PAPERSHELF_FUZZ_SEED:+-seed="$PAPERSHELF_FUZZ_SEED"} \
  -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=10 -max_len="${PAPERSHELF_FUZZ_LENGTH:-4096}" \
  -artifact_prefix=found/ -print_final_stats=1
