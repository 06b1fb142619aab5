import Papers
import URLText

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

  /// Authors as BibTeX reads them, `and` between. What is no person's name, or would be taken for
  /// several, stands in braces; authors that the source left out are `others`.
  static func authors(_ names: [String]) -> String {
    names.compactMap { text in
      guard let name = AuthorName(text) else {
        return AuthorName.isOthers(OneLine.flat(text)) ? "others" : nil
      }
      let (family, given) = (escaped(name.family), escaped(name.given))
      if given.isEmpty { return braced(family, unlessOneWord: name.family) }
      // What BibTeX tells apart by itself stands as the source has it.
      if !name.family.contains(" "), OneLine.flat(text).hasBytes(of: name.given + " " + name.family)
      {
        return given + " " + family
      }
      let suffix = name.suffix.isEmpty ? "" : ", " + escaped(name.suffix)
      return "\(family)\(suffix), \(given)"
    }.joined(separator: " and ")
  }

  /// Text in braces, which BibTeX takes as one word.
  private static func braced(_ escaped: String, unlessOneWord text: String) -> String {
    guard text.contains(where: { " ,".contains($0) }) else { return escaped }
    // "{\" would be BibTeX's special character.
    return escaped.hasPrefix("\\") ? "{{" + escaped + "}}" : "{" + escaped + "}"
  }

  /// A link for a `url` field, which is read verbatim: what TeX or BibTeX would trip over is
  /// percent-encoded (RFC 3986 section 2.1).
  static func link(_ url: String) -> String { verbatim.encode(url) }

  /// What stands in a verbatim field as it is; the percent sign too, for it is a URL already.
  static let verbatim = PercentEncoding(marks: "!#$%&'()*+,-./:;=?@[]_~")

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
