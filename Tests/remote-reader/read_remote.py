#!/usr/bin/env python3
"""Reads a Papershelf remote folder and prints its changes, one JSON object a line, sorted by stamp.

    read_remote.py FOLDER [--passphrase-file F] [--papers]

With --papers it prints what they add up to, as `shelf export jsonl` does, in the order of the ids. Two edits of one
note that have not met are not merged: the later one is shown.

An independent second implementation of the format that Sources/Sync/FORMAT.md states: standard library, and `cryptography` where the folder is encrypted.
"""
import argparse, datetime, hashlib, json, os, re, struct, sys, zlib

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


def order(name):
    milliseconds, counter, device = name.split(".")
    return int(milliseconds), int(counter), device


def time_of(change):
    return int(change["stamp"].split(".")[0]) if change["at"] is None else change["at"]


def shown(milliseconds):
    time = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    return time.isoformat(timespec="milliseconds") + "Z"


def url_of(paper):
    if paper.startswith("doi:"):
        return "https://doi.org/" + paper[4:]
    return paper[4:] if paper.startswith("url:") else "https://arxiv.org/abs/" + paper


def text_of(span, summary):
    """A text, or its place in the summary's UTF-8 bytes, where two spaces are a lost paragraph break."""
    if isinstance(span, str):
        return span
    return summary.encode()[span[0]:span[0] + span[1]].decode().replace("  ", "\n\n")


CLOSING = tuple(")]\"'”’」』）")
ABBREVIATIONS = "e.g i.e al vs cf fig figs eq eqs sec resp approx dr prof st no".split()


def is_end(sentence, following):
    """Whether a sentence ends where white space follows it."""
    if following and "a" <= following <= "z":
        return False
    while sentence.endswith(CLOSING):
        sentence = sentence[:-1]
    if not sentence.endswith("."):
        return sentence.endswith(("!", "?"))
    word = sentence[:-1].split(" ")[-1].lstrip("(")
    return len(word.encode()) > 1 and word.lower() not in ABBREVIATIONS


def first_sentence(text):
    """The first sentence of a text on one line, or its first paragraph; None where there is none."""
    sentence, place = "", 0
    while place < len(text):
        if text[place] not in " \t\n\v\f\r":
            sentence, place = sentence + text[place], place + 1
            if sentence[-1] in "。！？":
                while place < len(text) and text[place] in CLOSING:
                    sentence, place = sentence + text[place], place + 1
                break
            continue
        start = place
        while place < len(text) and text[place] in " \t\n\v\f\r":
            place += 1
        if sentence:
            space = text[start:place]
            if space.count("\n") > 1 or "  " in space or is_end(sentence, text[place:place + 1]):
                break
            sentence += " "
    return sentence.removesuffix(" ") or None


def lead_of(content, sections, summary, abstract):
    if "tldr" in content:
        return None
    for section in sections:
        if section["text"]:
            return first_sentence(section["text"])
    return (None if content.get("keywords") else first_sentence(summary)) or first_sentence(abstract or "")


def note_of(name, versions):
    """A note from its versions; None when it is deleted."""
    replaced = {stamp for version in versions for stamp in version["seen"]}
    heads = [version for version in versions if version["stamp"] not in replaced]
    living = [head for head in heads if head["value"]["text"] is not None]
    updated = max(time_of(head) for head in heads)
    if not living:
        return None, updated
    said = [version["value"]["created"] for version in versions if "created" in version["value"]]
    created = min(said) if said else time_of(versions[0])
    return {"id": name, "text": living[-1]["value"]["text"], "created": created,
            "updated": updated}, updated


def winner_of(register):
    """The latest of the changes that no other has seen; of all, where each says it was seen."""
    replaced = {stamp for change in register for stamp in change["seen"] if stamp != change["stamp"]}
    return ([change for change in register if change["stamp"] not in replaced] or register)[-1]


def paper_of(name, changes):
    """A paper from its changes in the order of their stamps; None when it is not on the list."""
    registers = {}
    for change in changes:
        registers.setdefault(change["field"], []).append(change)
    content, added, status, starred, tags, notes, digests, updated = {}, None, "unread", False, [], [], [], 0
    titled = None
    said = {"authors": [], "categories": [], "published": None, "code": [], "votes": None, "citekey": None,
            "abstract": None}
    for field, register in registers.items():
        kind, _, rest = field.partition(":")
        if kind == "note":
            note, time = note_of(rest, register)
            notes += [note] if note else []
            updated = max(updated, time)
            continue
        last = winner_of(register)
        value, updated = last["value"], max(updated, time_of(last))
        if kind == "content":
            content = value
        elif kind in said:
            said[kind] = value
        elif kind == "added":
            added = value
        elif kind == "status":
            status = value
        elif kind == "titled":
            titled = value
        elif kind == "starred":
            starred = value
        elif kind == "tag" and value:
            tags.append(rest)
        elif kind == "digest" and value is not None:
            day, _, source = rest.partition("/")
            digests.append({"date": day or None, "index": value, "source": source})
    if added is None:
        if status == "unread" and not starred and not tags and not notes and titled is None:
            return None
        added = min(change["value"] for change in registers["added"] if change["value"] is not None)
    summary, abstract, citekey = content.get("summary", ""), said.pop("abstract"), said.pop("citekey")
    sections = [{"label": label, "text": text_of(span, summary)}
                for label, span in content.get("sections", [])]
    notes.sort(key=lambda note: (note["created"], note["id"]))
    for note in notes:
        note.update(created=shown(note["created"]), updated=shown(note["updated"]))
    return {
        "id": name, "title": titled or content.get("title", ""), "url": url_of(name), "status": status,
        "starred": starred, "tags": sorted(tags, key=str.encode),
        "keywords": content.get("keywords", []),
        "tldr": text_of(content["tldr"], summary) if "tldr" in content else None,
        "sections": sections,
        "summary": summary, "notes": notes,
        "digests": sorted(digests, key=lambda d: (d["date"] or "", d["source"], d["index"])),
        "added": shown(added), "updated": shown(updated), **said,
        "lead": lead_of(content, sections, summary, abstract), "citekey": citekey,
        "abstract": abstract,
    }


def papers_of(changes):
    papers = {}
    for change in changes:
        if change["entity"].startswith("p:"):
            papers.setdefault(change["entity"][2:], []).append(change)
    for name in sorted(papers, key=str.encode):
        paper = paper_of(name, papers[name])
        if paper:
            yield paper


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--passphrase-file")
    parser.add_argument("--papers", action="store_true")
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
    changes = [found[name] for name in sorted(found, key=order)]
    for line in papers_of(changes) if arguments.papers else changes:
        print(json.dumps(line, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main()
