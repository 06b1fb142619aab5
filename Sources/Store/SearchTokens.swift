import Foundation

/// Words of a text with their places, split and folded as the index does it, so that a snippet can
/// mark what a search found.
struct SearchToken: Hashable {
  /// Folded: lower case, no diacritics, half width.
  var text: String
  /// Where it stands, in UTF-8 bytes.
  var range: Range<Int>
}

enum SearchTokens {
  /// The tokens of `text`, in order.
  static func tokens(of text: String) -> [SearchToken] {
    var tokens: [SearchToken] = []
    var word = ""
    var start = 0
    var offset = 0
    func flush(_ end: Int) {
      if !word.isEmpty { tokens.append(SearchToken(text: fold(word), range: start..<end)) }
      word = ""
    }
    for scalar in text.unicodeScalars {
      let narrow = narrowed(scalar)
      if SearchText.standsAlone(narrow.value) {
        flush(offset)
        tokens.append(
          SearchToken(text: String(scalar), range: offset..<(offset + scalar.utf8.count)))
      } else if isWordPart(narrow) {
        if word.isEmpty { start = offset }
        word.unicodeScalars.append(narrow)
      } else {
        flush(offset)
      }
      offset += scalar.utf8.count
    }
    flush(offset)
    return tokens
  }

  private static func narrowed(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard (0xFF01...0xFF5E).contains(scalar.value) else { return scalar }
    return Unicode.Scalar(scalar.value - 0xFF01 + 0x21) ?? scalar
  }

  /// What `unicode61` takes as part of a word: letters, numbers, private use, and marks, which it
  /// drops.
  private static func isWordPart(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII {
      return (0x30...0x39).contains(scalar.value) || (0x61...0x7A).contains(scalar.value | 0x20)
    }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber, .otherNumber, .privateUse, .nonspacingMark, .spacingMark,
      .enclosingMark:
      return true
    default: return false
    }
  }

  private static func fold(_ word: String) -> String {
    if word.utf8.allSatisfy({ $0 < 0x80 }) { return word.lowercased() }
    var out = String.UnicodeScalarView()
    for character in word.lowercased() {
      // The first scalar of the decomposition is the letter without its marks.
      let base = String(character).decomposedStringWithCanonicalMapping.unicodeScalars
      out.append(contentsOf: base.filter { $0.properties.generalCategory != .nonspacingMark })
    }
    return String(out)
  }
}
