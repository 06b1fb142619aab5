#!/usr/bin/env bash
# Installs what building Papershelf needs on a bare Debian 12 that has only the Swift toolchain.
# Safe to run twice. Further arguments are further Debian packages.
set -euo pipefail
wanted=(libsqlite3-dev libcurl4-openssl-dev zlib1g-dev libexpat1 liblzma5 libssl3 ca-certificates git "$@")
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || { echo "install.sh: need root (or sudo) to install: ${missing[*]}" >&2; exit 77; }
  root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${root[@]}" apt-get update -qq
# No service of ours is to start by itself: the tests start servers as they need them.
"${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
