/// Fills lines with the pieces of one paragraph. See ``Wrap``.
struct LineFiller {
  private let width: Int
  private let cells: CellWidth
  private let hanging: Int
  private var lines: [String] = []
  private var line: String
  private var used: Int
  private var isEmpty = true

  /// Lines of `width` cells. An indentation that leaves fewer than two cells for text is cut.
  init(width: Int, cells: CellWidth, indent: Int, hanging: Int) {
    self.width = max(2, width)
    self.cells = cells
    self.hanging = max(0, min(hanging, self.width - 2))
    used = max(0, min(indent, self.width - 2))
    line = String(repeating: " ", count: used)
  }

  /// Puts a piece on this line, or on the next where it does not fit.
  mutating func add(_ piece: Wrap.Piece) {
    let space = piece.space && !isEmpty ? 1 : 0
    let wide = cells.width(of: piece.text)
    if wide <= width - used - space {
      append((space == 1 ? " " : "") + piece.text, cells: wide + space)
      return
    }
    if !isEmpty { breakLine() }
    if wide <= width - used { append(piece.text, cells: wide) } else { split(piece.text) }
  }

  /// The lines; a paragraph of nothing is one empty line.
  mutating func finished() -> [String] {
    lines.append(isEmpty ? "" : line)
    return lines
  }

  private mutating func append(_ text: String, cells: Int) {
    line += text
    used += cells
    isEmpty = false
  }

  private mutating func breakLine() {
    lines.append(line)
    line = String(repeating: " ", count: hanging)
    used = hanging
    isEmpty = true
  }

  private mutating func split(_ text: String) {
    var rest = text[...]
    while !rest.isEmpty {
      let end = cut(rest)
      let part = String(rest[..<end])
      rest = rest[end...].drop { $0 == " " }
      append(part, cells: cells.width(of: part))
      if !rest.isEmpty { breakLine() }
    }
  }

  /// Where the part of `rest` that fits ends: one grapheme at least, and drawn back a little where
  /// the next line would begin, or this one end, with the wrong punctuation.
  private func cut(_ rest: Substring) -> Substring.Index {
    var room = width - used
    var end = rest.startIndex
    while end < rest.endIndex {
      room -= cells.width(of: rest[end])
      if room < 0 { break }
      end = rest.index(after: end)
    }
    if end == rest.startIndex { return rest.index(after: end) }
    if end == rest.endIndex { return end }
    var better = end
    for _ in 0..<4 where better > rest.startIndex {
      let before = rest[rest.index(before: better)]
      if !Wrap.cannotStart(rest[better]), !Wrap.cannotEnd(before) { return better }
      better = rest.index(before: better)
    }
    return end
  }
}
