#!/usr/bin/env bash
# Builds the Debian package and tries it in empty systems, as root: some five minutes after the build.
#   bash Tests/package.sh                     Debian 12 and 13
#   bash Tests/package.sh bookworm            one of them
#   PACKAGE=FILE bash Tests/package.sh        a package that is built already
#   BEFORE=/path/to/shelf bash Tests/package.sh   the upgrade begins at a package around that binary
# In each system: the bare binary says what it lacks; the package comes from a signed repository on
# loopback, systemd takes its units, it is upgraded while a library is in use, removed and purged.
# Installs what it needs.
# The empty systems are kept in .build/roots. Nothing outside .build and a temporary folder changes.
set -euo pipefail
cd "$(dirname "$0")/.."
releases=("$@")
[ ${#releases[@]} -gt 0 ] || releases=(bookworm trixie)
[ "$(id -u)" -eq 0 ] || { echo "package.sh: needs root, for debootstrap and chroot" >&2; exit 77; }
bash Tests/install.sh dpkg-dev debootstrap lintian apt-utils gpg gpg-agent python3 util-linux

work=$(mktemp -d)
server=
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
trap '' PIPE
trap 'echo "package.sh: line $LINENO failed" >&2' ERR
say() { printf '\n== %s\n' "$*"; }
fail() { echo "package.sh: $*" >&2; exit 1; }

say "The package"
package=$(realpath "${PACKAGE:-$(bash Sources/package.sh | tail -1)}")
dpkg-deb --info "$package"
dpkg-deb --contents "$package"
say "Lintian"
lintian --allow-root --fail-on error,warning "$package"

# The version before: the same files or another binary, under a lower number.
before=$work/before
dpkg-deb --raw-extract "$package" "$before"
sed -i 's/^Version: .*/Version: 0.0.9/' "$before/DEBIAN/control"
[ -z "${BEFORE:-}" ] || install -s -m 755 "$BEFORE" "$before/usr/bin/shelf"
rm "$before/DEBIAN/md5sums"
mkdir -p "$work/repository"
echo '<feed xmlns="http://www.w3.org/2005/Atom"><title>Nothing</title></feed>' >"$work/repository/feed.xml"
dpkg-deb --root-owner-group --build "$before" "$work/repository" >/dev/null

# A repository is a folder with an index that is signed; `publish` makes both.
export GNUPGHOME=$work/keys
mkdir -m 700 "$GNUPGHOME"
gpg --batch --quiet --passphrase '' --quick-generate-key 'Papershelf test' ed25519 sign 1d
gpg --batch --quiet --passphrase '' --quick-generate-key 'Somebody else' ed25519 sign 1d
gpg --armor --export 'Papershelf test' >"$work/papershelf.asc"
publish() {
  (
    cd "$work/repository"
    rm -f InRelease
    apt-ftparchive packages . >Packages
    apt-ftparchive release . >"$work/Release"
    mv "$work/Release" Release
    gpg --batch --quiet --local-user "$1" --clearsign -o InRelease Release
  )
}
python3 -u - "$work/repository" >"$work/port" 2>/dev/null <<'SERVE' &
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
print(server.server_port)
server.serve_forever()
SERVE
server=$!
until [ -s "$work/port" ]; do read -rt 0.1 <> <(:) || true; done

# An empty system with nothing but apt and a person called reader.
system() {
  local kept=.build/roots/$release.tar
  root=$work/$release.$1
  if [ ! -s "$kept" ]; then
    mkdir -p .build/roots
    debootstrap --variant=minbase "$release" "$work/fresh" >"$work/debootstrap.log" 2>&1 ||
      { tail "$work/debootstrap.log" >&2; fail "no system for $release"; }
    tar -C "$work/fresh" -cf "$kept.part" . && mv "$kept.part" "$kept"
    rm -rf "$work/fresh"
  fi
  mkdir "$root"
  tar -C "$root" -xf "$kept"
  cp /etc/resolv.conf "$root/etc/"
  inside useradd --create-home --shell /bin/bash reader
}
# The network is the machine's own, /proc and the terminal's files belong to each command alone.
inside() {
  unshare --mount --fork bash -c '
    mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"' \
    "$root" env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive LANG=C.UTF-8 "$@"
}
reader() { inside setpriv --reuid reader --regid reader --init-groups \
  env HOME=/home/reader bash -c "cd; $1"; }
install_in() { inside apt-get install -y -qq --no-install-recommends "$@" >"$work/apt.log" 2>&1 ||
  { tail -20 "$work/apt.log" >&2; fail "$release: apt-get install $*"; }; }
# Runs what must fail, and shows its words, which must hold the text.
lacks() {
  local text=$1 words
  shift
  words=$("$@" 2>&1) && fail "$release: does not miss $text"
  [[ $words == *"$text"* ]] || fail "$release: does not name $text: $words"
  grep -F "$text" <<<"$words"
}

bare() {
  say "$release: the binary alone, copied into an empty system"
  system bare
  cp "$work/current/usr/bin/shelf" "$root/usr/local/bin/"
  inside apt-get update -qq
  # What is linked, the loader names; the rest, shelf.
  without libsqlite3.so.0 libsqlite3-0 'shelf --version' libsqlite3.so.0
  cp sample-config/digest-2025-10-02.md "$root/home/reader/"
  reader 'shelf import digest-2025-10-02.md' >/dev/null 2>&1
  without libcrypto.so.3 libssl3 'mkdir -p remote && shelf remote add stick ~/remote && shelf sync'
  without libcurl.so.4 libcurl4 'shelf remote add home http://127.0.0.1:9/'
  without libexpat.so.1 libexpat1 'shelf source test http://127.0.0.1:'"$(cat "$work/port")"'/feed.xml'
  reader 'shelf sync && shelf doctor'
}

# systemd reads the units, those that are installed and those to be copied, and has no word to say.
units() {
  local user whole
  say "$release: the units, as systemd reads them"
  install_in systemd
  mapfile -t user < <(cd "$work/current" && printf '/%s\n' usr/lib/systemd/user/*)
  mapfile -t whole < <(cd "$work/current" && printf '/%s\n' usr/share/doc/papershelf/sample-config/*@.*)
  verified --user "${user[@]}"
  verified "${whole[@]}"
}
verified() {
  local words
  words=$(inside env XDG_RUNTIME_DIR=/tmp systemd-analyze verify --man=no "$@" 2>&1) && [ -z "$words" ] ||
    fail "$release: systemd-analyze verify $*: $words"
  printf 'ok  %s\n' "${@##*/}"
}

# A command that needs a library which is opened by name says which package brings it, and works
# once that is there; what the empty system holds already is put aside for the question.
without() {
  local there
  there=$(find "$root/usr/lib" -name "$1" | head -1)
  [ -z "$there" ] || mv "$there" "$root/tmp/aside"
  lacks "${4:-$2}" reader "$3"
  if [ -n "$there" ]; then mv "$root/tmp/aside" "$there"; else install_in "$2"; fi
}

life() {
  say "$release: install"
  system life
  cp "$work/papershelf.asc" "$root/usr/share/keyrings/"
  echo "deb [signed-by=/usr/share/keyrings/papershelf.asc] http://127.0.0.1:$(cat "$work/port")/ ./" \
    >"$root/etc/apt/sources.list.d/papershelf.list"
  rm -f "$work/repository/${package##*/}"
  publish 'Somebody else'
  lacks 'is not signed' inside apt-get update -o APT::Update::Error-Mode=any
  publish 'Papershelf test'
  inside apt-get update -qq -o APT::Update::Error-Mode=any
  install_in papershelf
  inside dpkg-query -W papershelf
  units
  reader '
    set -e
    shelf import /usr/share/doc/papershelf/sample-config/digest-2025-10-02.md
    shelf read 1706.03762 && shelf star 04805 && shelf tag add cache 缓存 && shelf note add 06180 -m 对照
    mkdir remote && shelf remote add stick ~/remote && shelf sync
    shelf export jsonl >before.jsonl
    mkfifo verdicts && : >cards' >"$work/shelf.log" 2>&1 || { cat "$work/shelf.log"; fail "$release: first use"; }

  say "$release: upgrade while a triage runs"
  reader 'shelf triage <verdicts >cards 2>&1' &
  local triage=$!
  exec 9>"$root/home/reader/verdicts"
  echo s >&9
  until [ "$(wc -l <"$root/home/reader/cards")" -ge 2 ]; do
    kill -0 $triage 2>/dev/null || { cat "$root/home/reader/cards"; fail "$release: the triage"; }
    read -rt 0.1 <> <(:) || true
  done
  cp "$package" "$work/repository/"
  publish 'Papershelf test'
  inside apt-get update -qq -o APT::Update::Error-Mode=any
  install_in --only-upgrade papershelf
  inside dpkg-query -W papershelf
  reader 'shelf doctor && shelf unstar 04805' >/dev/null
  echo q >&9
  exec 9>&-
  wait $triage || { cat "$root/home/reader/cards"; fail "$release: the triage"; }
  reader '
    set -e
    [ "$(shelf count is:skipped)$(shelf count is:queued)" = 11 ]
    shelf undo 3 && shelf export jsonl | cmp before.jsonl - && shelf sync && shelf sync verify
    shelf doctor && shelf config path && cp /usr/share/doc/papershelf/sample-config/config.toml \
      "$(shelf config path)" && shelf list | head -2
    . /usr/share/bash-completion/completions/shelf && complete -p shelf' >"$work/shelf.log" 2>&1 ||
    { cat "$work/shelf.log"; fail "$release: after the upgrade"; }
  inside dpkg --verify papershelf

  say "$release: remove and purge"
  inside apt-get remove -y -qq papershelf >/dev/null
  lacks 'not found' reader 'shelf --version'
  inside apt-get purge -y -qq --autoremove papershelf >/dev/null
  rm "$root/etc/apt/sources.list.d/papershelf.list" "$root/usr/share/keyrings/papershelf.asc"
  local file
  while read -r file; do
    [ ! -e "$root/$file" ] || fail "$release: $file is left"
  done < <(cd "$work/current" && find usr -type f)
  [ -z "$(find "$root/usr" "$root/etc" "$root/var/lib/systemd" -iname '*papershelf*' 2>/dev/null)" ] ||
    fail "$release: something of the package is left"
  inside test -s /home/reader/.local/share/papershelf/library.sqlite || fail "$release: the library is gone"
}

dpkg-deb --extract "$package" "$work/current"
for release in "${releases[@]}"; do
  bare
  life
done
say "The package holds on ${releases[*]}"
