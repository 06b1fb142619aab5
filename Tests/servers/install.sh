#!/bin/sh
# Installs the real servers that Tests/TransportTests start on loopback. Safe to run twice.
#
# No server is left running: policy-rc.d denies the start that Debian's packages ask for, and is
# taken away afterwards. Python's servers live in a virtual environment under .build/.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
packages="apache2 nginx-core libnginx-mod-http-dav-ext lighttpd lighttpd-mod-webdav rclone openssl \
libcurl4 python3-venv faketime varnish squid haproxy"

missing=
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
    missing="$missing $package"
done

if [ -n "$missing" ]; then
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
    trap 'rm -f "$policy"' EXIT
  fi
  apt-get update -qq
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing
fi

venv="$root/.build/servers-venv"
if [ ! -e "$venv/complete" ]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q 'wsgidav==4.3.3' 'cheroot==10.0.1' 'moto[s3,server]==5.1.4'
  touch "$venv/complete"
fi
