/// Text prepared for SQLite's own tokenizer (`unicode61`): every Chinese, Japanese or Korean
/// character stands alone between spaces, so that a word of any length, from one character, is a
/// phrase of tokens; full-width letters and digits become the usual ones. Letter case and
/// diacritics are left to the tokenizer.
enum SearchText {
  /// The text to index.
  static func index(_ text: String) -> String {
    var text = text
    return text.withUTF8 { utf8 in
      if isASCII(utf8) { return String(decoding: utf8, as: UTF8.self) }
      var out: [UInt8] = []
      out.reserveCapacity(utf8.count * 5 / 3)
      segment(utf8, into: &out)
      return String(decoding: out, as: UTF8.self)
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

  /// Whether a character is a word of its own.
  static func standsAlone(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3041...0x30FF,
      0x3105...0x312F, 0x3131...0x318E, 0x31A0...0x31FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x1B000...0x1B16F,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  private static func isASCII(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    utf8.allSatisfy { $0 < 0x80 }
  }

  private static func segment(_ utf8: UnsafeBufferPointer<UInt8>, into out: inout [UInt8]) {
    var index = 0
    while index < utf8.count {
      let lead = utf8[index]
      guard lead >= 0xE0 else {
        out.append(lead)
        index += 1
        continue
      }
      // Strings are valid UTF-8, so a lead byte is followed by its continuation bytes.
      let length = lead >= 0xF0 ? 4 : 3
      guard index + length <= utf8.count else { return }
      var scalar = UInt32(lead) & (length == 4 ? 0x07 : 0x0F)
      for offset in 1..<length { scalar = scalar << 6 | UInt32(utf8[index + offset] & 0x3F) }
      append(scalar, utf8[index..<(index + length)], to: &out)
      index += length
    }
  }

  private static func append(
    _ scalar: UInt32, _ bytes: Slice<UnsafeBufferPointer<UInt8>>, to out: inout [UInt8]
  ) {
    if scalar >= 0xFF01, scalar <= 0xFF5E {
      out.append(UInt8(scalar - 0xFF01 + 0x21))
    } else if standsAlone(scalar) {
      out.append(0x20)
      out.append(contentsOf: bytes)
      out.append(0x20)
    } else {
      out.append(contentsOf: bytes)
    }
  }
}
