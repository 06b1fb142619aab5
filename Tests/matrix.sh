#!/usr/bin/env bash
# Tells every story of Tests/InteropTests over every real server, with the optimized `shelf`, and prints the matrix.
#   bash Tests/matrix.sh [PLACE [STORY]]     only places and stories whose names hold these words
# Installs what is needed. Safe to run twice.
set -euo pipefail
cd "$(dirname "$0")/.."
bash Tests/servers/install.sh
swift build --build-tests
swift build -c release --static-swift-stdlib --product shelf
export PAPERSHELF_BINARY="$PWD/.build/release/shelf"
[ -z "${1:-}" ] || export PAPERSHELF_PLACE="$1"
[ -z "${2:-}" ] || export PAPERSHELF_STORY="$2"
exec swift test --skip-build --filter ServerMatrixTests
