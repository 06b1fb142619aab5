extension Paper {
  /// The first sentence of its text, behind the keywords; nil where the source has a sentence of
  /// its own for that (``PaperContent/tldr``), or no text. Derived, and so never stored.
  package var lead: String? {
    guard content.tldr == nil else { return nil }
    if let section = content.sections.first(where: { !$0.text.isEmpty }) {
      return Self.firstSentence(section.text)
    }
    // A summary of which nothing is left are keywords.
    let summary = content.keywords.isEmpty ? Self.firstSentence(content.summary) : nil
    return summary ?? bibliography.abstract.flatMap { Self.firstSentence($0) }
  }

  /// The first sentence of a text, on one line; its first paragraph where no sentence ends in that.
  /// Nil where there is none.
  ///
  /// A sentence ends with `。` `！` `？`, and with `.` `!` `?` that white space follows, unless a
  /// small letter comes behind that, or the full stop is that of an abbreviation or an initial.
  /// Quotation marks and brackets that close belong to it. A blank line ends a paragraph, and so do
  /// two spaces, which digests have in its place.
  static func firstSentence(_ text: String) -> String? {
    var text = text
    return text.withUTF8 { bytes in
      var sentence: [UInt8] = []
      var index = 0
      while index < bytes.count {
        guard isSpace(bytes[index]) else {
          sentence.append(bytes[index])
          index += 1
          guard bytes[index - 1] >= 0x80, endsWide(sentence) else { continue }
          index += closers(bytes, from: index, into: &sentence)
          break
        }
        let start = index
        while index < bytes.count, isSpace(bytes[index]) { index += 1 }
        guard !sentence.isEmpty else { continue }
        if isParagraphBreak(bytes[start..<index])
          || ends(sentence, before: index < bytes.count ? bytes[index] : nil)
        {
          break
        }
        sentence.append(0x20)
      }
      if sentence.last == 0x20 { sentence.removeLast() }
      return sentence.isEmpty ? nil : String(decoding: sentence, as: UTF8.self)
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0D).contains(byte)
  }

  private static func isParagraphBreak(_ run: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    run.count { $0 == 0x0A } > 1 || zip(run, run.dropFirst()).contains { $0 == 0x20 && $1 == 0x20 }
  }

  /// Whether `。` `！` or `？` is its last character.
  private static func endsWide(_ sentence: [UInt8]) -> Bool {
    let end = sentence.count
    guard end >= 3 else { return false }
    switch (sentence[end - 3], sentence[end - 2], sentence[end - 1]) {
    case (0xE3, 0x80, 0x82), (0xEF, 0xBC, 0x81), (0xEF, 0xBC, 0x9F): return true
    default: return false
    }
  }

  private static let closing =
    [")", "]", "\"", "'", "”", "’", "」", "』", "）"].map { Array($0.utf8) }

  /// Takes what closes something behind the end of a sentence.
  /// - Returns: how many bytes.
  private static func closers(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into sentence: inout [UInt8]
  ) -> Int {
    var index = start
    while let mark = closing.first(where: { bytes[index...].starts(with: $0) }) {
      sentence += mark
      index += mark.count
    }
    return index - start
  }

  /// Whether what white space follows is the end of a sentence.
  private static func ends(_ sentence: [UInt8], before next: UInt8?) -> Bool {
    if let next, (0x61...0x7A).contains(next) { return false }
    var rest = sentence[...]
    while let mark = closing.first(where: { rest.suffix($0.count).elementsEqual($0) }) {
      rest = rest.dropLast(mark.count)
    }
    switch rest.last {
    case UInt8(ascii: "!"), UInt8(ascii: "?"): return true
    case UInt8(ascii: "."):
      let before = rest.dropLast()
      let start = before.lastIndex(of: 0x20).map { $0 + 1 } ?? before.startIndex
      let letters = before[start...].drop { $0 == UInt8(ascii: "(") }.map { $0 | 0x20 }
      return letters.count > 1 && !abbreviations.contains(letters)
    default: return false
    }
  }

  private static let abbreviations: Set<[UInt8]> = Set(
    [
      "e.g", "i.e", "al", "vs", "cf", "fig", "figs", "eq", "eqs", "sec", "resp", "approx", "dr",
      "prof", "st", "no",
    ].map { Array($0.utf8) })
}
