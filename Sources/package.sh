#!/usr/bin/env bash
# Builds the Debian package .build/papershelf_VERSION_ARCH.deb, for Debian 12 and later:
#   bash Sources/package.sh           into .build
#   bash Sources/package.sh FOLDER    into another folder
# Set DEBFULLNAME and DEBEMAIL to whoever answers for it: the `Maintainer:` without them is a
# placeholder, an address that takes no mail. Installs what building needs. The same code and compiler make the
# same bytes. `bash Tests/package.sh` tries the package in empty systems.
set -euo pipefail
folder=$(realpath -m "${1:-$(dirname "$0")/../.build}")
cd "$(dirname "$0")/.."
bash Tests/install.sh dpkg-dev
swift build -c release --static-swift-stdlib --product shelf

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
doc=$tree/usr/share/doc/papershelf
umask 022
mkdir -p "$work/debian" "$tree/DEBIAN" "$tree/usr/lib/systemd/user" "$doc/sample-config" \
  "$tree/usr/share/lintian/overrides" "$folder"

# Binary, manual page and completions, as an installation without a package has them.
bash Sources/install.sh "$tree/usr" >/dev/null
mv "$tree/usr/share/zsh/site-functions" "$tree/usr/share/zsh/vendor-completions"
gzip -9n "$tree/usr/share/man/man1/shelf.1"
strip --remove-section=.comment "$tree/usr/bin/shelf"
version=$("$tree/usr/bin/shelf" --version)

# Units name the packaged binary, and need no copying.
packaged() {
  sed -E -e 's;(%h/\.local|~/\.local|/usr/local)/bin/shelf;/usr/bin/shelf;' \
    -e '/^#   cp .*systemd\/user/d' "$1"
}
for file in sample-config/*; do
  case $file in
    *@.*) packaged "$file" >"$doc/$file" ;;
    *.service | *.timer) packaged "$file" >"$tree/usr/lib/systemd/user/${file##*/}" ;;
    *) install -m 644 "$file" "$doc/$file" ;;
  esac
done
install -m 644 README.md "$doc/README.md"
install -m 644 Sources/COPYRIGHT "$doc/copyright"

# Debian's form of a changelog, out of ours: "## VERSION (DAY)", then "- " and lines that go on.
name="${DEBFULLNAME:-Papershelf maintainers} <${DEBEMAIL:-papershelf@users.noreply.github.com}>"
days=$(sed -n 's/^## \(.*\) (\(.*\))$/\1 \2/p' Sources/CHANGELOG.md)
[ "${days%% *}" = "$version" ] || {
  echo "package.sh: Sources/CHANGELOG.md begins with ${days%% *}, and shelf is $version" >&2
  exit 65
}
while read -r release day; do
  printf 'papershelf (%s) unstable; urgency=medium\n\n' "$release"
  awk -v release="$release" '
    /^## / { inside = $2 == release; next }
    inside && /^- / { sub(/^- /, "  * "); print; next }
    inside && /^  / { print "  " $0 }' Sources/CHANGELOG.md
  printf '\n -- %s  %s\n\n' "$name" "$(date -uRd "$day")"
done <<<"$days" >"$work/changelog"
gzip -9nc "$work/changelog" >"$doc/changelog.gz"
SOURCE_DATE_EPOCH=$(date -ud "$(sed 's/^[^ ]* //;q' <<<"$days")" +%s)
export SOURCE_DATE_EPOCH

# What the binary is linked with, the loader tells. What it opens by name when it is needed, the
# code tells; some packages have another name since Debian 13.
declare -A holder=(
  [libcurl.so.4]='libcurl4 | libcurl4t64' [libcrypto.so.3]='libssl3 | libssl3t64'
  [libexpat.so.1]='libexpat1' [liblzma.so.5]='liblzma5'
)
printf 'Source: papershelf\n\nPackage: papershelf\nArchitecture: any\n' >"$work/debian/control"
depends=$(cd "$work" && dpkg-shlibdeps -O -e"$tree/usr/bin/shelf" | sed -n 's/^shlibs:Depends=//p')
opened=$(grep -rhoE 'dlopen\("[^"]+"' Sources/C*/*.c | cut -d'"' -f2 | sort -u)
for library in $opened; do
  depends+=", ${holder[$library]?no Debian package is named here for $library}"
done

cat >"$tree/usr/share/lintian/overrides/papershelf" <<'OVERRIDES'
# A binary that can lie anywhere takes 54,000 relocations at each start: 0.8 ms of the processor
# (list 6.5 -> 7.3 ms, --version 2.3 -> 3.1) and 1 to 2 MB of memory, measured 2026-11-29, for a
# program that people wait for. Swift checks bounds; the C libraries that read what comes from
# outside (libcurl, libexpat, libcrypto, SQLite, zlib) lie at random addresses all the same.
papershelf: hardening-no-pie [usr/bin/shelf]
OVERRIDES

cat >"$tree/DEBIAN/control" <<CONTROL
Package: papershelf
Version: $version
Architecture: $(dpkg --print-architecture)
Maintainer: $name
Installed-Size: $(du -sk --apparent-size --exclude=DEBIAN "$tree" | cut -f1)
Depends: $depends
Recommends: ca-certificates
Suggests: fzf
Section: science
Priority: optional
Description: personal reading list for research papers
 Papershelf reads the daily digests of papers that you follow, remembers what
 you did with every paper (read, starred, tags, notes), finds it again, and
 keeps several machines in agreement through any folder they share: WebDAV,
 S3 or a plain directory. One command, shelf, and one SQLite file.
CONTROL
(cd "$tree" && find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum) \
  >"$tree/DEBIAN/md5sums"
package=$folder/papershelf_${version}_$(dpkg --print-architecture).deb
find "$tree" -exec touch -hd "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$tree" "$package" >/dev/null
echo "$package"
