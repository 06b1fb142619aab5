/// Text from outside as Markdown (CommonMark) that shows it: no markup in it works.
enum MarkdownText {
  /// `text` on one line.
  static func line(_ text: String) -> String {
    escape(text.split { $0.isNewline || $0 == "\t" }.joined(separator: " "))
  }

  /// `text` with its lines and blank lines.
  static func block(_ text: String) -> String {
    lines(text).map(escapeLine).joined(separator: "\n")
  }

  /// `text` as a block quote.
  static func quote(_ text: String) -> String {
    lines(text).map { $0.isEmpty ? ">" : "> " + escapeLine($0) }.joined(separator: "\n")
  }

  /// A link destination (CommonMark 6.3); what could end it is percent-encoded.
  static func link(_ url: String) -> String {
    TeXText.link(url).reduce(into: "") { out, character in
      switch character {
      case "(": out += "%28"
      case ")": out += "%29"
      default: out.append(character)
      }
    }
  }

  private static func lines(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false) { $0.isNewline }
      .map { String($0.drop { $0 == " " || $0 == "\t" }) }
  }

  /// Also takes away what only means something at the start of a line.
  private static func escapeLine(_ line: String) -> String {
    let escaped = escape(line)
    guard let first = line.first else { return "" }
    if "-+=".contains(first) { return "\\" + escaped }
    let digits = line.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let mark = line.dropFirst(digits.count).first, mark == "." || mark == ")"
    else { return escaped }
    return digits + "\\" + escaped.dropFirst(digits.count)
  }

  private static func escape(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if special.contains(scalar) { out.append("\\") }
      out.append(scalar)
    }
    return String(out)
  }

  private static let special = Set("\\`*_[]<>#|~&!$".unicodeScalars)
}
