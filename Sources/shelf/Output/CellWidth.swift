/// How many terminal cells text takes, by grapheme cluster.
///
/// Wide and Fullwidth characters (Unicode Standard Annex 11) take two cells, combining marks and
/// joiners none; an emoji sequence, a flag or a base with U+FE0F takes two. Invariant: a cluster
/// takes at most two cells, and no function here ever cuts a cluster.
///
/// Text is expected to have gone through ``Printable``: controls count as nothing.
struct CellWidth: Sendable {
  /// The cells of a character whose East Asian width is ambiguous (`★`, `“`, `α`): 1 or 2, as the
  /// person's terminal draws it.
  let ambiguous: Int

  /// Ambiguous characters count `ambiguous` cells; anything but 2 is taken as 1.
  init(ambiguous: Int = 1) { self.ambiguous = ambiguous == 2 ? 2 : 1 }

  /// The cells of `text`.
  func width(of text: some StringProtocol) -> Int {
    if let simple = simpleWidth(of: text) { return simple }
    return text.reduce(0) { $0 + width(of: $1) }
  }

  /// The cells of one grapheme cluster: 0, 1 or 2.
  func width(of character: Character) -> Int {
    let scalars = character.unicodeScalars
    var cells = 0
    var previous: Unicode.Scalar?
    for scalar in scalars {
      if scalar.value == 0xFE0F, previous?.properties.isEmoji == true { return 2 }
      if scalar.value == 0xFE0E, previous?.properties.isEmojiPresentation == true { return 1 }
      cells += width(of: scalar)
      previous = scalar
    }
    return min(cells, 2)
  }

  /// `text` cut to `cells`, the last of them `…` where something was cut.
  func truncated(_ text: String, to cells: Int) -> String {
    guard width(of: text) > cells else { return text }
    let mark = width(of: "…")
    guard cells >= mark else { return "" }
    return prefix(of: text, cells: cells - mark) + "…"
  }

  /// The end of `text` in `cells`, the first of them `…` where something was cut.
  func truncatedAtFront(_ text: String, to cells: Int) -> String {
    guard width(of: text) > cells else { return text }
    let mark = width(of: "…")
    guard cells >= mark else { return "" }
    var room = cells - mark
    var start = text.endIndex
    while start > text.startIndex {
      let before = text.index(before: start)
      room -= width(of: text[before])
      if room < 0 { break }
      start = before
    }
    return "…" + text[start...]
  }

  /// `text` with spaces after it up to `cells`; longer text is left alone.
  func padded(_ text: String, to cells: Int) -> String {
    let missing = cells - width(of: text)
    return missing > 0 ? text + String(repeating: " ", count: missing) : text
  }

  /// The longest start of `text` that takes at most `cells`.
  func prefix(of text: String, cells: Int) -> String {
    var room = cells
    var end = text.startIndex
    for index in text.indices {
      room -= width(of: text[index])
      if room < 0 { break }
      end = text.index(after: index)
    }
    return String(text[..<end])
  }

  /// The width without looking for clusters, where no two scalars of the text can form one: ASCII,
  /// Latin letters, Chinese, kana and their punctuation. Nil for any other text.
  private func simpleWidth(of text: some StringProtocol) -> Int? {
    var cells = 0
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x20..<0x7F: cells += 1
      case 0x4E00...0x9FFF, 0xFF01...0xFF60, 0x3041...0x3096, 0x30A0...0x30FF, 0x3001...0x3029:
        cells += 2
      case 0xA1...0xAC, 0xAE...0x2FF, 0x2010...0x2027: cells += width(of: scalar)
      default: return nil
      }
    }
    return cells
  }

  private func width(of scalar: Unicode.Scalar) -> Int {
    if (0x20..<0x7F).contains(scalar.value) { return 1 }
    switch Self.widthClass(of: scalar) {
    case 0: return 0
    case 2: return 2
    case 3: return ambiguous
    default: return 1
    }
  }

  /// The class of the last run that starts at or before the scalar. The first run starts at 0, so
  /// there always is one.
  private static func widthClass(of scalar: Unicode.Scalar) -> UInt32 {
    let key = scalar.value << 2 | 3
    var low = 0
    var high = CellWidthTable.runs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if CellWidthTable.runs[middle] <= key { low = middle } else { high = middle }
    }
    return CellWidthTable.runs[low] & 3
  }
}
