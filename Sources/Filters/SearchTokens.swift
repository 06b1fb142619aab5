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

  /// The tokens of `text`, in order. By bytes: a search shows what it found in twenty-five
  /// summaries.
  package static func tokens(of text: String) -> [SearchToken] {
    var text = text
    return text.withUTF8 { utf8 in
      var reader = Reader(utf8: utf8)
      reader.readAll()
      return reader.tokens
    }
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

  private struct Reader {
    let utf8: UnsafeBufferPointer<UInt8>
    var tokens: [SearchToken] = []
    /// Where the word that is being read begins.
    private var start: Int?
    /// The word, where it is not ASCII alone.
    private var scalars = String.UnicodeScalarView()

    init(utf8: UnsafeBufferPointer<UInt8>) { self.utf8 = utf8 }

    mutating func readAll() {
      var place = 0
      while place < utf8.count {
        let byte = utf8[place]
        if byte < 0x80 {
          read(byte, at: place)
          place += 1
        } else {
          place += readScalar(at: place)
        }
      }
      endWord(at: place)
    }

    private mutating func read(_ byte: UInt8, at place: Int) {
      guard SearchTokens.isWordPart(byte) else { return endWord(at: place) }
      if start == nil { start = place }
      if !scalars.isEmpty { scalars.append(Unicode.Scalar(byte)) }
    }

    /// Reads a character of more than one byte; returns its length.
    private mutating func readScalar(at place: Int) -> Int {
      var iterator = utf8[place...].makeIterator()
      var decoder = UTF8()
      guard case .scalarValue(let scalar) = decoder.decode(&iterator) else { return 1 }
      let length = Unicode.UTF8.width(scalar)
      let narrow = SearchTokens.narrowed(scalar)
      if SearchTokens.standsAlone(narrow.value) {
        endWord(at: place)
        tokens.append(SearchToken(text: String(scalar), range: place..<place + length))
      } else if SearchTokens.isWordPart(narrow) {
        if scalars.isEmpty, let start {
          for byte in utf8[start..<place] { scalars.append(Unicode.Scalar(byte)) }
        }
        scalars.append(narrow)
        if start == nil { start = place }
      } else {
        endWord(at: place)
      }
      return length
    }

    private mutating func endWord(at end: Int) {
      guard let start else { return }
      let text =
        scalars.isEmpty
        ? SearchTokens.lowercased(UnsafeBufferPointer(rebasing: utf8[start..<end]))
        : SearchTokens.fold(String(scalars))
      tokens.append(SearchToken(text: text, range: start..<end))
      self.start = nil
      scalars = String.UnicodeScalarView()
    }
  }

  private static func lowercased(_ ascii: UnsafeBufferPointer<UInt8>) -> String {
    String(unsafeUninitializedCapacity: ascii.count) { out in
      for index in ascii.indices {
        let byte = ascii[index]
        out[index] = (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
      }
      return ascii.count
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
      out.append(contentsOf: base.filter { $0.properties.generalCategory != .nonspacingMark })
    }
    return String(out)
  }
}
