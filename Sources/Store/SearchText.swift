import Filters

/// Text prepared for SQLite's own tokenizer (`unicode61`): every Chinese, Japanese or Korean
/// character stands alone between spaces, so that a word of any length, from one character, is a
/// phrase of tokens; full-width letters and digits become the usual ones. Letter case and
/// diacritics are left to the tokenizer.
enum SearchText {
  /// The text to index, in UTF-8: as a string it would be looked through once more.
  static func index(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { utf8 in
      guard let base = utf8.baseAddress, let first = utf8.firstIndex(where: { $0 >= 0x80 }) else {
        return Array(utf8)
      }
      // Three bytes become five at most, and no other character grows as much.
      return Array(unsafeUninitializedCapacity: utf8.count / 3 * 5 + 5) { out, written in
        guard let target = out.baseAddress else { return }
        target.update(from: base, count: first)
        var writer = Writer(target: target, count: first)
        writer.segment(utf8, from: first)
        written = writer.count
      }
    }
  }

  /// The tokens a phrase of the person is made of, as an FTS5 query string: `"kv 缓 存"`. Nil when
  /// there is nothing to look for in it. A `*` at the end makes the last token a prefix.
  static func query(_ phrase: String) -> String? {
    let isPrefix = phrase.hasSuffix("*")
    let words = SearchTokens.tokens(of: isPrefix ? String(phrase.dropLast()) : phrase)
    guard !words.isEmpty else { return nil }
    return "\"" + words.map(\.text).joined(separator: " ") + "\"" + (isPrefix ? " *" : "")
  }

  /// Writes into memory that is known to be enough.
  private struct Writer {
    let target: UnsafeMutablePointer<UInt8>
    var count: Int

    mutating func segment(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int) {
      var index = start
      while index < utf8.count {
        let end = utf8[index...].firstIndex { $0 >= 0xE0 } ?? utf8.count
        put(utf8, from: index, to: end)
        index = end
        guard index < utf8.count else { return }
        let lead = utf8[index]
        // Strings are valid UTF-8, so a lead byte is followed by its continuation bytes.
        let length = lead >= 0xF0 ? 4 : 3
        guard index + length <= utf8.count else { return }
        var scalar = UInt32(lead) & (length == 4 ? 0x07 : 0x0F)
        for offset in 1..<length { scalar = scalar << 6 | UInt32(utf8[index + offset] & 0x3F) }
        put(scalar, utf8, index, length)
        index += length
      }
    }

    private mutating func put(_ utf8: UnsafeBufferPointer<UInt8>, from start: Int, to end: Int) {
      guard end > start, let base = utf8.baseAddress else { return }
      (target + count).update(from: base + start, count: end - start)
      count += end - start
    }

    private mutating func put(_ byte: UInt8) {
      target[count] = byte
      count += 1
    }

    private mutating func put(
      _ scalar: UInt32, _ utf8: UnsafeBufferPointer<UInt8>, _ index: Int, _ length: Int
    ) {
      if scalar >= 0xFF01, scalar <= 0xFF5E {
        put(UInt8(scalar - 0xFF01 + 0x21))
        return
      }
      let isAlone = SearchTokens.standsAlone(scalar)
      if isAlone { put(0x20) }
      for offset in 0..<length { put(utf8[index + offset]) }
      if isAlone { put(0x20) }
    }
  }
}
