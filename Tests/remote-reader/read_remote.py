#!/usr/bin/env python3
"""Reads a Papershelf remote folder and prints its changes, one JSON object a line, sorted by stamp.

    read_remote.py FOLDER [--passphrase-file F]

An independent second implementation of the format at the head of Sources/Sync/RemoteLayout.swift and
Sources/Changes/Sealing.swift: standard library, and `cryptography` where the folder is encrypted.
"""
import argparse, hashlib, json, os, re, struct, sys, zlib

HEADER = struct.Struct(">6sBBIQQQHH32sI8s12s")
assert HEADER.size == 96


class Unreadable(Exception):
    pass


def keys_of(header, passphrase):
    if header["cipher"] == "none":
        return None
    from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF
    from cryptography.hazmat.primitives import hashes

    if passphrase is None:
        raise Unreadable("a passphrase is needed")
    kdf = header["kdf"]
    if kdf["n"] < 1 << 14 or kdf["r"] < 8 or kdf["n"] * kdf["r"] > 1 << 21 or kdf["p"] > 8:
        raise Unreadable("unsafe key derivation")
    root = Scrypt(bytes.fromhex(kdf["salt"]), 32, kdf["n"], kdf["r"], kdf["p"]).derive(passphrase)

    def derive(info, length):
        return HKDF(hashes.SHA256(), length, None, info.encode()).derive(root)

    if derive("papershelf check", 16).hex() != header["check"]:
        raise Unreadable("wrong passphrase")
    return {"seal": derive("papershelf seal", 32), "id": derive("papershelf key id", 8)}


def read_header(folder):
    with open(os.path.join(folder, "papershelf"), "rb") as file:
        header = json.loads(file.read(4096))
    kdf = header.get("kdf", {"n": 0, "r": 0, "p": 0, "salt": ""})
    parts = ["papershelf", header["format"], header["library"], header["generation"],
             header["cipher"], kdf["n"], kdf["r"], kdf["p"], kdf["salt"], header.get("check", "")]
    if hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest() != header["sum"]:
        raise Unreadable("papershelf: damaged")
    if header["format"] != 1:
        raise Unreadable("papershelf: newer format")
    return header


def open_sealed(data, header, keys, kind, device, number=None):
    if len(data) < 96 or len(data) > 512 * 1024:
        raise Unreadable("length")
    magic, k, cipher, form, library, dev, num, part, parts, prev, length, key_id, nonce = \
        HEADER.unpack(data[:96])
    if magic != b"PSHELF" or chr(k) != kind or form != 1:
        raise Unreadable("kind")
    if library != int(header["library"], 16) or dev != int(device, 16):
        raise Unreadable("place")
    if number is not None and num != number:
        raise Unreadable("number")
    body, trailer = data[96:96 + length], data[96 + length:]
    if keys is None:
        if cipher != 0 or len(trailer) != 32 or hashlib.sha256(data[:96 + length]).digest() != trailer:
            raise Unreadable("damaged")
    else:
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

        if key_id != keys["id"] or len(trailer) != 16:
            raise Unreadable("another key")
        box = {1: AESGCM, 2: ChaCha20Poly1305}[cipher](keys["seal"])
        try:
            body = box.decrypt(nonce, body + trailer, data[:96])
        except InvalidTag:
            raise Unreadable("damaged")
    return body, num, part, parts, prev


def stamp(value, default):
    return "%d.%d.%s" % (value[0], value[1], value[2] if len(value) > 2 else default)


def changes_of(stream, writer):
    inflater = zlib.decompressobj()
    text = inflater.decompress(stream, 64 * 1024 * 1024)
    if not inflater.eof or inflater.unused_data:
        raise Unreadable("stream")
    lines = text.decode().split("\n")
    assert lines.pop() == ""
    operation = None
    for line in lines[1:]:
        item = json.loads(line)
        name = stamp(item[0], writer)
        own = name.split(".")[2]
        operation = operation if item[1] == 0 else stamp(item[1], own)
        yield {
            "stamp": name, "operation": operation, "entity": item[2], "field": item[3],
            "value": item[4], "seen": [stamp(s, own) for s in item[5]] if len(item) > 5 else [],
            "at": item[6] if len(item) > 6 else None,
        }


def read_log(folder, device, numbers, header, keys):
    """The changes of one device, in order; parts of a run are joined."""
    parts, before = [], None
    for number in sorted(numbers):
        with open(os.path.join(folder, "%s.%d" % (device, number)), "rb") as file:
            data = file.read(512 * 1024 + 1)
        try:
            body, _, part, count, prev = open_sealed(data, header, keys, "s", device, number)
        except Unreadable as why:
            print("%s.%d: %s" % (device, number, why), file=sys.stderr)
            parts, before = [], None
            continue
        if before is not None and before != (number - 1, prev):
            if before[0] == number - 1:
                print("%s.%d: the chain is broken" % (device, number), file=sys.stderr)
        before = (number, hashlib.sha256(data).digest())
        if part != len(parts):
            parts = []
            continue
        parts.append(body)
        if part + 1 == count:
            yield from changes_of(b"".join(parts), device)
            parts = []


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--passphrase-file")
    arguments = parser.parse_args()
    passphrase = None
    if arguments.passphrase_file:
        with open(arguments.passphrase_file, "rb") as file:
            passphrase = file.read().rstrip(b"\r\n")
    try:
        header = read_header(arguments.folder)
        keys = keys_of(header, passphrase)
    except Unreadable as why:
        sys.exit("read_remote: %s" % why)
    logs = {}
    for name in os.listdir(arguments.folder):
        match = re.fullmatch(r"([0-9a-f]{16})\.([1-9][0-9]*)", name)
        if match:
            logs.setdefault(match[1], []).append(int(match[2]))
    found = {}
    for device in sorted(logs):
        for change in read_log(arguments.folder, device, logs[device], header, keys):
            found[change["stamp"]] = change
    order = lambda name: (int(name.split(".")[0]), int(name.split(".")[1]), name.split(".")[2])
    for name in sorted(found, key=order):
        print(json.dumps(found[name], ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
