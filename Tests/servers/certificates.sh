#!/bin/sh
# Makes a private authority, a server certificate for 127.0.0.1 and a client certificate in $1.
set -eu
cd "$1"
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }
key ca
openssl req -x509 -new -key ca.key -days 3 -subj "/CN=Papershelf test authority" -out ca.pem
for who in server client; do
  key $who
  openssl req -new -key $who.key -subj "/CN=$who" -out $who.csr
  printf 'subjectAltName=IP:127.0.0.1,DNS:localhost\n' >$who.ext
  openssl x509 -req -in $who.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3 \
    -extfile $who.ext -out $who.pem
done
chmod 644 ./*
