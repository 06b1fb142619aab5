#!/usr/bin/env bash
# Installs what is needed, builds `shelf`, and lives a minute with it on the sample digest, in a home
# of its own that goes away at the end. Safe to run twice.
set -euo pipefail
export SHELF_LOOPBACK=1
cd "$(dirname "$0")/.."
bash Tests/install.sh
swift build -c release --static-swift-stdlib --product shelf
shelf="$PWD/.build/release/shelf"
SHELF_HOME=$(mktemp -d)
export SHELF_HOME
trap 'rm -rf "$SHELF_HOME"' EXIT

run() {
  printf '\n\033[1m$ shelf'
  printf ' %q' "$@" | sed 's/\\//g'
  printf '\033[0m\n'
  "$shelf" "$@"
}

run import sample-config/digest-2025-10-02.md
run list
run read %1
run star %2
run tag add cache 'KV cache or 缓存'
run note add %2 -m '对照 PagedAttention 再读一遍'
run list is:starred or +cache
run search 缓存
run show %1
run stats
run undo
run log
