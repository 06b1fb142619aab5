/// Text from outside as TeX that prints it and does nothing else.
///
/// Invariants: braces of the result are balanced for BibTeX, which does not know backslashes; no
/// control word of the text is ever run, but for the known ones of ``TeXMath`` inside `$…$`.
/// Unicode stays UTF-8.
enum TeXText {
  /// `text` on one line, escaped; formulas stay.
  static func escaped(_ text: String) -> String {
    TeXMath.split(OneLine.flat(text)).map { $0.isMath ? $0.text : plain($0.text) }.joined()
  }

  /// A title: escaped, and every word that holds a capital in braces, because styles lower the case
  /// of titles.
  static func title(_ text: String) -> String {
    TeXMath.split(OneLine.flat(text)).map { $0.isMath ? $0.text : words($0.text) }.joined()
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

  private static func words(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      let escaped = plain(word)
      guard word.unicodeScalars.contains(where: isCapital) else { return escaped }
      // "{\" would be BibTeX's special character, whose case is changed after all.
      return escaped.hasPrefix("\\") ? "{{" + escaped + "}}" : "{" + escaped + "}"
    }.joined(separator: " ")
  }

  private static func isCapital(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII ? ("A"..."Z").contains(scalar) : scalar.properties.isUppercase
  }

  /// All that TeX takes for more than itself is ASCII, so this goes by byte.
  private static func plain(_ text: some StringProtocol) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + 16)
    for byte in text.utf8 {
      switch Unicode.Scalar(byte) {
      case "\\": out.append(contentsOf: "\\textbackslash{}".utf8)
      case "{": out.append(contentsOf: "\\textbraceleft{}".utf8)
      case "}": out.append(contentsOf: "\\textbraceright{}".utf8)
      case "^": out.append(contentsOf: "\\textasciicircum{}".utf8)
      case "~": out.append(contentsOf: "\\textasciitilde{}".utf8)
      case "$", "&", "#", "%", "_":
        out.append(UInt8(ascii: "\\"))
        out.append(byte)
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
