#!/usr/bin/env python3
"""Writes Sources/shelf/Output/CellWidthTable.swift from the Unicode Character Database.

    .build/readers/bin/python Tests/tools/cell_widths.py > Sources/shelf/Output/CellWidthTable.swift

The data come from the package unicodedata2 (Tests/tools/install.sh), which is newer than the
tables inside Python. A run is (first scalar << 2 | class); it lasts until the next run.
"""
import unicodedata2 as ucd

ZERO, NARROW, WIDE, AMBIGUOUS = range(4)
PREPENDED = set(range(0x600, 0x606)) | {0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD}


def width_class(code):
    char = chr(code)
    category = ucd.category(char)
    if code == 0xAD or code in PREPENDED:  # Cf, yet drawn
        return NARROW
    if category in ("Mn", "Me", "Cf", "Zl", "Zp", "Cc", "Cs"):
        return ZERO
    if 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF or code in (0x3164, 0xFFA0):
        return ZERO  # Hangul vowels and finals join the syllable; the fillers draw nothing
    if 0x1F1E6 <= code <= 0x1F1FF:  # regional indicators: a pair is one flag of two cells
        return WIDE
    kind = ucd.east_asian_width(char)
    if kind in ("W", "F"):
        return WIDE
    if kind == "A" and category != "Co":
        return AMBIGUOUS
    return NARROW


def runs():
    last = None
    for code in range(0x110000):
        now = width_class(code)
        if now != last:
            yield code << 2 | now
            last = now


print(f"""// Written by Tests/tools/cell_widths.py from Unicode {ucd.unidata_version}; do not edit.

/// The width class of every Unicode scalar, as runs.
enum CellWidthTable {{
  /// The version of the Unicode data.
  static let unicodeVersion = "{ucd.unidata_version}"

  /// Ascending; each is `first scalar << 2 | class` (0 none, 1 one cell, 2 two, 3 ambiguous) and
  /// lasts until the next.
  static let runs: [UInt32] = [""")
line = "   "
for run in runs():
    item = f" 0x{run:X},"
    if len(line) + len(item) > 100:
        print(line)
        line = "   "
    line += item
print(line)
print("  ]\n}")
