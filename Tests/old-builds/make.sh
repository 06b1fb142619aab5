#!/usr/bin/env bash
# Makes the libraries and remote folders of an old build, and what it says of them: see README.md.
#
#     make.sh SHELF FOLDER     SHELF is the old build's optimized binary; FOLDER is made anew
#
# Needs sqlite3, python3, faketime, and unshare, which lets each machine have a name. Every command
# of a story runs one minute after the one before it. Ids of devices and notes are drawn by chance,
# so that two runs of this script give the same stories in other bytes.
set -euo pipefail
export SHELF_LOOPBACK=1

if [ -z "${OLD_BUILDS_OWN_NAME:-}" ]; then
  OLD_BUILDS_OWN_NAME=1 exec unshare --map-root-user --user --uts bash "$0" "$@"
fi

binary=$(realpath "$1")
mkdir -p "$2"
out=$(realpath "$2")
here=$(realpath "$(dirname "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export TZ=UTC LC_ALL=C.UTF-8 NO_COLOR=1

# Machines

# The moment at which the next command runs.
at() { clock=$(date -d "$1" +%s); }

# Runs a command on a machine of the story that is told: shelf MACHINE WORD...
# A sync that meets conflicts ends with 3.
shelf() {
  local machine=$1 code=0
  shift
  hostname "$machine"
  clock=$((clock + 60))
  SHELF_HOME=$work/$story/$machine faketime -f "$(date -d "@$clock" '+%F %T')" \
    "$binary" "$@" 2>>"$work/notes" || code=$?
  case $code in
    0) ;;
    3) [ "$1" = sync ] ;;
    *) echo "shelf $* on $machine ended with $code" >&2 && tail -3 "$work/notes" >&2 && return 1 ;;
  esac
}

# Adds a note, and keeps its id in `note`: note MACHINE PAPER OPTION TEXT
note() {
  shelf "$1" note add "$2" "$3" "$4"
  note=$(sed -n 's/.*(note \(.*\))/\1/p' "$work/notes" | tail -1)
}

begin() {
  story=$1
  mkdir "$work/$story"
  cp -r "$here/digests" "$work/$story/digests"
  # A series with a name beyond ASCII; the repository has only names that git need not quote.
  mv "$work/$story/digests/port" "$work/$story/digests/港口"
  cd "$work/$story"
}

# What is kept

# Keeps a library as text, and what the old build says of it: keep MACHINE NAME
keep() {
  local home=$work/$story/$1 to=$out/$2
  mkdir -p "$to"
  write_down "$home/library.sqlite" >"$to/library.sql"
  # What is kept must be the library: the answers are those of the library made from it again.
  local again=$work/again
  mkdir -m 700 "$again"
  (umask 077 && sqlite3 "$again/library.sqlite" <"$to/library.sql")
  answers "$again" "$to"
  ask "$home" export jsonl all | cmp - "$to/export.jsonl"
  ask "$again" doctor
  ask "$again" undo 3 2>>"$work/notes"
  ask "$again" list --format '{id}\t{status}\t{star}\t{tags}' >"$to/undone.tsv"
  rm -r "$again"
}

# .dump ends a text at a NUL, and leaves out the version. Without the name of the machine and the
# file it lives in, the library takes the first place it syncs from as its own.
write_down() {
  sqlite3 "$1" "PRAGMA wal_checkpoint(TRUNCATE)" >>"$work/notes"
  cp "$1" "$work/copy.sqlite"
  sqlite3 "$work/copy.sqlite" "DELETE FROM meta WHERE name = 'sync:identity'"
  echo "PRAGMA page_size=$(sqlite3 "$1" "PRAGMA page_size");"
  sqlite3 "$work/copy.sqlite" .dump
  sqlite3 "$work/copy.sqlite" "SELECT 'UPDATE note SET text = CAST(X''' || hex(text) ||
    ''' AS TEXT) WHERE paper = ' || paper || ' AND id = ''' || id || ''';' FROM note
    WHERE instr(CAST(text AS BLOB), X'00')"
  echo "PRAGMA user_version=$(sqlite3 "$1" "PRAGMA user_version");"
  rm "$work/copy.sqlite"
}

ask() { SHELF_HOME=$1 "$binary" "${@:2}" </dev/null; }

answers() {
  local file words filter
  while IFS=$'\t' read -r file words; do
    # shellcheck disable=SC2086
    ask "$1" $words >"$2/$file"
  done <"$here/questions.txt"
  while IFS= read -r filter; do
    printf '%s\t%s\n' "$(ask "$1" count "$filter" 2>/dev/null || echo "exit $?")" "$filter"
  done <"$here/filters.txt" >"$2/counts.tsv"
}

# Stories

# One machine, and everything it can do.
plain() {
  begin plain
  at '2021-03-04 05:06'
  shelf attic import digests/mistake/2025-09-05.md
  shelf attic read 90012
  shelf attic tag add fog,old/years 90012
  note attic 90012 -m $'Read long ago.\n\n两行之后还有一行。'
  shelf attic add 2103.90001 --title 'A Door That Opens Only in March'
  shelf attic star 2103.90001
  shelf attic queue 2103.90001
  shelf attic export markdown 90012 --output old.md
  shelf attic export json 2103.90001 --output old.json

  at '2025-09-01 08:00'
  shelf desk import digests/harbour/2025-09-01.md
  shelf desk queue 90002
  shelf desk reading 90003
  shelf desk read 90004
  shelf desk skip 90005
  shelf desk read 90006
  shelf desk unread 90006
  shelf desk star 90001 90003 90004
  shelf desk unstar 90004
  shelf desk tag add ml,ml/attention,缓存 90001
  shelf desk tag add ml/attention,缓存/键值 90003
  shelf desk tag add $'caf\u00e9' 90002
  shelf desk tag add $'cafe\u0301' 90003
  shelf desk tag add passing date:2025-09-01
  shelf desk tag remove passing all
  shelf desk tag rename ml machine
  shelf desk view save week is:unread added:7d
  shelf desk view save 视图 +缓存
  shelf desk view save $'caf\u00e9' is:starred
  shelf desk view save $'cafe\u0301' not is:starred
  shelf desk view save short has:tldr
  shelf desk view save short has:tldr and @视图
  shelf desk view save passing all
  shelf desk view remove passing

  at '2025-09-02 08:00'
  shelf desk import digests/harbour/2025-09-02.md
  shelf desk import --source 'the pier' digests/港口/2025-09-03.md
  shelf desk undo
  shelf desk import digests
  shelf desk undo
  shelf desk import digests/港口
  shelf desk import digests/links.md
  note desk 90001 -m 'One line.'
  note desk 90001 -m $'Several lines:\n\n- with a "quotation" and a \\ backslash\n- and\ta tab\n'
  note desk 90002 -m '灯塔的绳子，记得比人久。'
  shelf desk note edit "$note" -m $'灯塔的绳子，记得比人久。\n第二天改过一次。'
  note desk 90003 -m 'Taken back by remove.'
  shelf desk note remove "$note"
  printf 'before\0after, and a line\r\nthat ends as on other systems\n' >nul.txt
  note desk 90004 -F nul.txt
  note desk 90009 -m 'Taken back by undo.'
  shelf desk undo
  note desk 90010 -m $'composed caf\u00e9, decomposed cafe\u0301, 🙂'

  at '2025-09-03 08:00'
  shelf desk add 2501.90001 --title 'Put on the List by Hand'
  shelf desk add 2501.90001v2 hep-th/9909998
  shelf desk add https://doi.org/10.5555/Lamp.42
  shelf desk add $'https://example.org/caf\u00e9' --title $'Caf\u00e9'
  shelf desk add $'https://example.org/cafe\u0301' --title $'Cafe\u0301'
  shelf desk import old.md old.json
  shelf desk read is:unread date:2025-09-02
  shelf desk undo
  shelf desk redo
  shelf desk star 90007
  shelf desk queue 90008
  shelf desk undo 2
  shelf desk redo
  # A paper that came by mistake, noted before the import was taken back, and one that came back.
  shelf desk import digests/mistake/2025-09-04.md
  shelf desk undo

  # The clock is set back for a while.
  at '2025-08-01 08:00'
  shelf desk skip 90010
  note desk 90007 -m 'Written by a clock that stood behind.'
  at '2025-09-05 08:00'
  shelf desk reading 90007
  keep desk plain
}

# Three machines that meet in a folder, and one that is gone: meet NAME OPTION...
meet() {
  local name=$1 word
  shift
  begin "$name"
  at '2025-09-01 08:00'
  if [ "$#" -gt 0 ]; then (umask 077 && cp "$here/passphrase" passphrase); fi
  mkdir remote
  shelf desk import digests/harbour
  shelf desk star 90003
  shelf desk tag add 缓存,ml/attention 90003
  shelf desk view save week is:unread
  note desk 90001 -m $'one\ntwo\nthree'
  local both=$note
  note desk 90002 -m $'first\nsecond\nthird\nfourth\nfifth'
  local merged=$note
  note desk 90004 -m 'to be removed here and edited there'
  local kept=$note
  for machine in desk tablet laptop; do
    shelf "$machine" remote add folder "$PWD/remote" "$@"
    shelf "$machine" sync
  done
  shelf tablet reading 90007
  note tablet 90007 -m 'Written on the machine that is gone.'
  shelf tablet sync

  # Apart
  at '2025-09-02 08:00'
  shelf desk read 90001
  shelf desk read 90002
  shelf desk read 90005
  shelf desk star 90004
  shelf desk unstar 90003
  shelf desk tag add later 90005
  shelf desk view save week is:unread added:7d
  shelf desk note edit "$both" -m $'one\ntwo, as the desk has it\nthree'
  shelf desk note edit "$merged" -m $'first, longer\nsecond\nthird\nfourth\nfifth'
  shelf desk note remove "$kept"
  shelf desk import digests/mistake/2025-09-05.md
  shelf desk sync
  at '2025-09-03 08:00'
  shelf laptop skip 90001
  shelf laptop queue 90002
  shelf laptop skip 90005
  shelf laptop star 90004
  shelf laptop unstar 90004
  shelf laptop tag add ml,缓存 90004
  shelf laptop tag add later 90005
  shelf laptop tag remove later 90005
  shelf laptop view save week status:unread,queued
  shelf laptop note edit "$both" -m $'one\ntwo, as the laptop has it\nthree'
  shelf laptop note edit "$merged" -m $'first\nsecond\nthird\nfourth\nfifth, longer'
  shelf laptop note edit "$kept" -m 'edited there, so it stays'
  shelf laptop import digests/港口/2025-09-03.md

  # Together again
  at '2025-09-04 08:00'
  shelf laptop sync
  shelf laptop star 90012
  shelf laptop sync
  shelf desk undo
  shelf desk sync
  shelf desk conflicts restore 1
  shelf desk conflicts keep 1
  shelf desk sync retire tablet
  shelf desk sync
  shelf laptop sync
  # So many small segments that the laptop puts its log together, and removes the old ones.
  for word in $(seq 33); do
    shelf laptop star 90008
    shelf laptop sync
    shelf laptop unstar 90008
    shelf laptop sync
  done
  shelf desk sync
  shelf laptop tag add last 90008
  shelf laptop queue 90006
  shelf laptop star 90006
  shelf desk tag add last 90007
  shelf desk read 90003
  shelf desk star 90003
  for machine in laptop desk laptop desk; do shelf "$machine" sync; done
  ask desk export jsonl all | cmp - <(ask laptop export jsonl all)
  shelf desk sync verify
}

synced() {
  meet synced
  keep desk desk
  keep laptop laptop
  cp -r remote "$out/desk/remote"
}

sealed() {
  meet sealed --encrypt --passphrase-file passphrase
  keep desk sealed
  cp -r remote "$out/sealed/remote"
}

# A folder with changes that this build does not know, as a later one may write them.
newer() {
  begin newer
  at '2025-09-05 08:00'
  mkdir remote
  python3 "$here/newer.py" remote
  shelf desk import digests/harbour/2025-09-01.md
  shelf desk remote add folder "$PWD/remote"
  shelf desk sync
  shelf desk star 90002
  shelf desk reading 90003
  shelf desk tag add 缓存 90003
  shelf desk sync
  keep desk newer
  cp -r remote "$out/newer/remote"
}

for word in plain synced sealed newer; do "$word"; done
du -sh "$out"
