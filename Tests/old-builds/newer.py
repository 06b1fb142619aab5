#!/usr/bin/env python3
"""Writes a remote folder as a later build might: changes this build knows, and others it does not.

    newer.py FOLDER

In clear, by the format at the head of Sources/Sync/RemoteLayout.swift and of
Sources/Sealing/SealedFile.swift. The same bytes on every run.
"""
import hashlib
import json
import os
import struct
import sys
import zlib

LIBRARY, DEVICE = 0x0123456789ABCDEF, 0xFEDCBA9876543210
BEGIN = 1756800000000  # 2025-09-02 08:00 UTC
PAPER, OTHER = "p:2509.90001", "p:2509.90021"

# Each command and what it wrote: entity, field, value.
COMMANDS = [
    ("add 2509.90021", [
        ("d:%016x" % DEVICE, "name", "later"),
        (OTHER, "content", {"title": "A Paper of a Later Day", "summary": "后来的论文。"}),
        (OTHER, "added", BEGIN)]),
    # What nobody knows yet: a register, a value of a known register, a kind of entity.
    ("mood cheerful 2509.90001", [
        (PAPER, "mood", "cheerful"), (OTHER, "mood", {"is": ["calm", "平静"]})]),
    ("archive 2509.90021", [(OTHER, "status", "archived")]),
    ("shelf make rain", [("s:rain", "papers", ["2509.90001"])]),
    ("star 2509.90021", [(OTHER, "starred", True)]),
    ("tag add later 2509.90001", [(PAPER, "tag:later", True)]),
    ("note add 2509.90021", [
        (OTHER, "note:n0000001", {"text": "written later", "colour": "blue"})]),
]


def compact(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def lines():
    time = BEGIN
    for what, facts in COMMANDS:
        time += 60_000
        facts = [("o:", "did", {"kind": "do", "what": what}), *facts]
        for counter, (entity, field, value) in enumerate(facts):
            operation = [time, 0] if counter == 0 else 0
            yield compact([[time, counter], operation, entity, field, value])


def sealed(kind, number, previous, payload):
    head = struct.pack(">6sBBIQQQHH32sI8s12s", b"PSHELF", ord(kind), 0, 1, LIBRARY, DEVICE, number,
                       0, 1, previous, len(payload), bytes(8), bytes(12))
    return head + payload + hashlib.sha256(head + payload).digest()


def main():
    def write(name, content):
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(content)

    device, library = "%016x" % DEVICE, "%016x" % LIBRARY
    told = "papershelf|1|%s|1|none|0|0|0||" % library
    write("papershelf", (compact({
        "papershelf": "remote", "format": 1, "library": library, "generation": 1, "cipher": "none",
        "sum": hashlib.sha256(told.encode()).hexdigest()}) + "\n").encode())
    text = "\n".join([compact({"log": 1, "peers": []}), *lines()]) + "\n"
    segment = sealed("s", 1, bytes(32), zlib.compress(text.encode()))
    write(device + ".1", segment)
    hint = compact({"log": 1, "newest": 1, "name": "later", "peers": [], "applied": {}}).encode()
    write(device + ".head", sealed("h", 1, hashlib.sha256(segment).digest(), hint.ljust(2048)))
    write("peers", (compact({"papershelf": "peers", "devices": [device], "logs": {}, "newest": {}})
                    + "\n").encode())


main()
