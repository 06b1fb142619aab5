#!/usr/bin/env bash
# Builds `shelf` and lives a minute with it on the sample digest:
#   bash Tests/try.sh           in a folder of its own, which is removed at the end
#   bash Tests/try.sh --keep    with the list kept as your own, and shelf installed below ~/.local
# Safe to run twice.
set -euo pipefail
cd "$(dirname "$0")/.."
keep=false
installed=false
case "${1:-}" in
  '') ;;
  --keep) keep=true ;;
  *) sed -n '2,5s/^# \{0,1\}//p' Tests/try.sh >&2; exit 64 ;;
esac

cat <<'PLAN'
What happens now:
  1. Debian packages that are missing are installed (nothing if all are there)
  2. shelf is built into .build: four to eight minutes on two cores the first time, 200 MB of disk
  3. a minute with shelf on the sample digest; it uses no network
Ctrl-C stops it at any time, and it goes on there when it is run again.
PLAN
bash Tests/install.sh
swift build -c release --static-swift-stdlib --product shelf
shelf="$PWD/.build/release/shelf"

export SHELF_LOOPBACK=1
# Nothing waits for a key: on a small terminal a paper would be shown by `less`.
export PAGER=
library=${SHELF_HOME:-${XDG_DATA_HOME:-$HOME/.local/share}/papershelf}
if $keep; then
  bash Sources/install.sh
  installed=true
  if [ -e "$library/library.sqlite" ]; then
    echo "You have a list already, in $library: it is left as it is, and this one goes away."
    keep=false
  fi
fi
if ! $keep; then
  SHELF_HOME=$(mktemp -d)
  export SHELF_HOME
  trap 'rm -rf "$SHELF_HOME"' EXIT
fi

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

echo
if $keep; then
  echo "This list is yours now: $library. Next: \`shelf triage\`, or README.md from \"A tour\" on."
  echo "To be rid of it: rm -r $library"
elif $installed; then
  echo "All of it is gone again, and shelf is installed. Next: README.md from \"A tour\" on."
else
  echo "All of it is gone again. To install shelf and keep such a list: bash Tests/try.sh --keep"
fi
# The installation said so, too, a screen before.
if $installed && ! command -v shelf >/dev/null; then
  echo "Your shell does not find \`shelf\` yet: export PATH=\"$HOME/.local/bin:\$PATH\""
fi
