#!/usr/bin/env bash
# Looks for the Swift toolchain, and installs what else building Papershelf needs on Debian 12 or 13.
# Safe to run twice. Further arguments are further Debian packages. Without root (or sudo) it says what
# to ask an administrator for.
set -euo pipefail

# What swift.org's list installs is not enough: the C++ headers and runtime of TOMLKit come with g++.
wanted=(g++ libsqlite3-dev libcurl4-openssl-dev zlib1g-dev libexpat1 liblzma5 libssl3 ca-certificates git "$@")
# Debian 13's name, where there is no other.
missing=()
for package in "${wanted[@]}"; do
  for name in "$package" "${package}t64"; do
    dpkg-query -W -f='${Status}' "$name" 2>/dev/null | grep -q 'ok installed' && continue 2
  done
  missing+=("$package")
done

# The compiler first: to install packages for a build that cannot begin helps nobody.
needed=6.2
words=$(swift --version 2>/dev/null || true)
[[ $words =~ Swift\ version\ ([0-9]+)\.([0-9]+) ]] || {
  echo "There is no Swift here (\`swift --version\` finds none). Papershelf is built with Swift $needed or later:" >&2
  echo "  https://www.swift.org/install/linux/ has it, and says what it needs on your system" >&2
  exit 69
}
if ((BASH_REMATCH[1] * 1000 + BASH_REMATCH[2] < ${needed%.*} * 1000 + ${needed#*.})); then
  echo "This is Swift ${BASH_REMATCH[1]}.${BASH_REMATCH[2]}, and Papershelf needs $needed or later:" >&2
  echo "  https://www.swift.org/install/linux/" >&2
  exit 69
fi

[ ${#missing[@]} -eq 0 ] && exit 0
ask() {
  echo "These Debian packages are missing: ${missing[*]}" >&2
  echo "$1 Ask an administrator of this machine to run:" >&2
  echo "  apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 77
}
root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || ask "You are not root, and there is no sudo."
  root=(sudo)
  echo "Installing needs root: sudo may ask for your password." >&2
  sudo -v || ask "sudo does not let you install them."
fi
echo "Installing ${missing[*]}" >&2
"${root[@]}" apt-get update -qq
# No service of ours is to start by itself: the tests start servers as they need them.
"${root[@]}" env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
