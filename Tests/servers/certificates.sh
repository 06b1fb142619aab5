#!/bin/sh
# Makes a private authority, a server certificate for 127.0.0.1 and a client certificate in $1.
set -eu
cd "$1"
# Good for a century where faketime is: stories with clocks ten years apart meet these servers too.
long_ago() {
  if command -v faketime >/dev/null; then faketime '2000-01-01 00:00:00' "$@"; else "$@"; fi
}
days=3
command -v faketime >/dev/null && days=36500
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
key ca
long_ago openssl req -x509 -new -key ca.key -days $days -subj "/CN=Papershelf test authority" -out ca.pem
for who in server client; do
  key $who
  openssl req -new -key $who.key -subj "/CN=$who" -out $who.csr
  printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' >$who.ext
  long_ago openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days $days \
    -extfile $who.ext -out $who.pem
done
chmod 644 ./*
