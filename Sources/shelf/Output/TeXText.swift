/// Text from outside as TeX that prints it and does nothing else.
///
/// Invariants: braces of the result are balanced for BibTeX, which does not know backslashes; no
/// control word of the text is ever run, but for the known ones of ``TeXMath`` inside `$…$`. Unicode
/// stays UTF-8.
enum TeXText {
  /// `text` on one line, escaped; formulas stay.
  static func escaped(_ text: String) -> String {
    TeXMath.split(flat(text)).map { part in
      part.isMath ? part.text : part.text.reduce(into: "") { $0 += escape($1) }
    }.joined()
  }

  /// A title: escaped, and every word that holds a capital in braces, because styles lower the case
  /// of titles.
  static func title(_ text: String) -> String {
    TeXMath.split(flat(text)).map { $0.isMath ? $0.text : words($0.text) }.joined()
  }

  /// A link for a `url` field, which is read verbatim: what TeX or BibTeX would trip over is
  /// percent-encoded (RFC 3986 section 2.1).
  static func link(_ url: String) -> String {
    var out = ""
    for byte in url.utf8 {
      switch byte {
      case 0x00...0x20, 0x22, 0x3C, 0x3E, 0x5C, 0x5E, 0x60, 0x7B...0x7D, 0x7F...0xFF:
        let digits = String(byte, radix: 16, uppercase: true)
        out += (digits.count == 1 ? "%0" : "%") + digits
      default: out.unicodeScalars.append(Unicode.Scalar(byte))
      }
    }
    return out
  }

  private static func flat(_ text: String) -> String {
    text.split { $0.isWhitespace || $0.isNewline || isControl($0) }.joined(separator: " ")
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.properties.generalCategory == .control }
  }

  private static func words(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let escaped = word.reduce(into: "") { $0 += escape($1) }
      guard word.contains(where: \.isUppercase) else { return escaped }
      // "{\" would be BibTeX's special character, whose case is changed after all.
      return escaped.hasPrefix("\\") ? "{{" + escaped + "}}" : "{" + escaped + "}"
    }.joined(separator: " ")
  }

  private static func escape(_ character: Character) -> String {
    switch character {
    case "\\": "\\textbackslash{}"
    case "{": "\\textbraceleft{}"
    case "}": "\\textbraceright{}"
    case "$", "&", "#", "%", "_": "\\\(character)"
    case "^": "\\textasciicircum{}"
    case "~": "\\textasciitilde{}"
    default:
      // A mark on one of these is in the same Character: go by scalar then.
      character.isASCII || !character.unicodeScalars.contains(where: \.isASCII)
        ? String(character)
        : character.unicodeScalars.reduce(into: "") {
          $0 += $1.isASCII ? escape(Character($1)) : String($1)
        }
    }
  }
}
