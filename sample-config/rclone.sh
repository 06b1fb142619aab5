#!/bin/sh
# Papershelf through rclone: WebDAV on loopback in front of anything rclone can reach.
#   rclone config            makes REMOTE once
#   sh rclone.sh REMOTE:papershelf
# then: shelf remote add cloud http://127.0.0.1:8080/
exec rclone serve webdav "${1:?usage: rclone.sh REMOTE:FOLDER}" --addr 127.0.0.1:8080
