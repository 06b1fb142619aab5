import Papers

/// Words of a text with their places, split and folded as the index does it, so that a snippet can
/// mark what a search found.
package struct SearchToken: Hashable, Sendable {
  /// Folded: lower case, no diacritics, half width.
  package var text: String
  /// Where it stands, in UTF-8 bytes.
  package var range: Range<Int>
}

/// How texts are cut into words for a search.
package enum SearchTokens {
  /// Whether there is a word in `text`, a `*` at its end aside.
  package static func hasAny(_ text: String) -> Bool {
    !tokens(of: text.hasSuffix("*") ? String(text.dropLast()) : text).isEmpty
  }

  /// The tokens of `text`, in order.
  package static func tokens(of text: String) -> [SearchToken] {
    var text = text
    var tokens: [SearchToken] = []
    text.withUTF8 { utf8 in
      forEach(in: utf8) { word, range, _ in
        tokens.append(SearchToken(text: String(decoding: word, as: UTF8.self), range: range))
      }
    }
    return tokens
  }

  /// Calls `body` with each token of a text in UTF-8, its place, and whether it is a character that
  /// is a word of its own. Without a string for each: that was a fifth of fitting a taste.
  @inline(__always)
  package static func forEach(
    in utf8: UnsafeBufferPointer<UInt8>,
    _ body: (_ word: UnsafeBufferPointer<UInt8>, Range<Int>, _ standsAlone: Bool) -> Void
  ) {
    var reader = Reader(utf8: utf8)
    while reader.next() { body(reader.word.bytes, reader.range, reader.standsAlone) }
  }

  /// Whether a character is a word of its own.
  package static func standsAlone(_ scalar: UInt32) -> Bool {
    // Nearly all are here.
    if (0x4E00...0x9FFF).contains(scalar) { return true }
    return switch scalar {
    case 0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x3029, 0x3031...0x3035, 0x3041...0x30FF,
      0x3105...0x312F, 0x3131...0x318E, 0x31A0...0x31FF, 0x3400...0x4DBF,
      0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFF66...0xFF9D, 0x1B000...0x1B16F,
      0x20000...0x3FFFF:
      true
    default: false
    }
  }

  /// The character that begins at a place, and its length in bytes; nil at the end.
  static func scalar(
    in utf8: UnsafeBufferPointer<UInt8>, at place: Int
  ) -> (scalar: Unicode.Scalar, length: Int)? {
    guard place < utf8.count else { return nil }
    let lead = utf8[place]
    if lead < 0x80 { return (Unicode.Scalar(lead), 1) }
    // Strings are valid UTF-8: a lead byte is followed by its continuation bytes.
    let length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2
    guard place + length <= utf8.count else { return nil }
    var value = UInt32(lead) & (0x7F >> UInt32(length))
    for offset in 1..<length { value = value << 6 | UInt32(utf8[place + offset] & 0x3F) }
    return Unicode.Scalar(value).map { ($0, length) }
  }

  private struct Reader: ~Copyable {
    let utf8: UnsafeBufferPointer<UInt8>
    /// The token that was read, folded, where it stands, and whether it is a character by itself.
    private(set) var word = WordBytes(room: 64)
    private(set) var range = 0..<0
    private(set) var standsAlone = false
    private var place = 0

    init(utf8: UnsafeBufferPointer<UInt8>) { self.utf8 = utf8 }

    /// Reads the next token; false at the end.
    mutating func next() -> Bool {
      while place < utf8.count {
        if utf8[place] >= 0x80 {
          if readOther(from: place) { return true }
        } else if SearchTokens.isWordPart(utf8[place]) {
          return readASCII()
        } else {
          place += 1
        }
      }
      return false
    }

    private mutating func readASCII() -> Bool {
      let start = place
      while place < utf8.count, SearchTokens.isWordPart(utf8[place]) { place += 1 }
      // A letter or mark beyond ASCII belongs to the word; a character by itself does not.
      if place < utf8.count, utf8[place] >= 0x80,
        let (scalar, _) = SearchTokens.scalar(in: utf8, at: place)
      {
        let narrow = SearchTokens.narrowed(scalar)
        if !SearchTokens.standsAlone(narrow.value), SearchTokens.isWordPart(narrow) {
          return readOther(from: start)
        }
      }
      (range, standsAlone) = (start..<place, false)
      word.removeAll()
      word.append(lowercasing: UnsafeBufferPointer(rebasing: utf8[range]))
      return true
    }

    /// Reads a character that is a word, or a word that has characters beyond ASCII; false where
    /// there is neither.
    private mutating func readOther(from start: Int) -> Bool {
      var scalars = String.UnicodeScalarView()
      var end = start
      while let (scalar, length) = SearchTokens.scalar(in: utf8, at: end) {
        let narrow = SearchTokens.narrowed(scalar)
        if SearchTokens.standsAlone(narrow.value) {
          guard scalars.isEmpty else { break }
          place = start + length
          (range, standsAlone) = (start..<place, true)
          word.removeAll()
          word.append(UnsafeBufferPointer(rebasing: utf8[range]))
          return true
        }
        guard SearchTokens.isWordPart(narrow) else { break }
        scalars.append(narrow)
        end += length
      }
      if scalars.isEmpty { end = start + (SearchTokens.scalar(in: utf8, at: start)?.length ?? 1) }
      place = max(end, start + 1)
      guard !scalars.isEmpty else { return false }
      (range, standsAlone) = (start..<place, false)
      word.removeAll()
      word.append(SearchTokens.fold(String(scalars)).utf8)
      return true
    }
  }

  static func isWordPart(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
    return Unicode.Scalar(scalar.value - 0xFF01 + 0x21) ?? scalar
  }

  /// What `unicode61` takes as part of a word: letters, numbers, private use, and marks, which it
  /// drops.
  static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return isWordPart(UInt8(scalar.value)) }
    // General and Chinese punctuation, which nearly every sentence has.
    if (0x2000...0x206F).contains(scalar.value) || (0x3008...0x3020).contains(scalar.value)
      || (0x3000...0x3003).contains(scalar.value)
    {
      return false
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .privateUse, .nonspacingMark, .spacingMark,
      .enclosingMark:
      return true
    default: return false
    }
  }

  /// A word in lower case and without marks.
  static func fold(_ word: String) -> String {
    var out = String.UnicodeScalarView()
    for character in word.lowercased() {
      // The first scalar of the decomposition is the letter without its marks.
      let base = String(character).decomposed.unicodeScalars
      // One by one: to append several makes room for just these, and copies all there is each time.
      for scalar in base where scalar.properties.generalCategory != .nonspacingMark {
        out.append(scalar)
      }
    }
    return String(out)
  }
}
