import URLText

/// Text from outside as Markdown (CommonMark) that shows it: no markup in it works.
enum MarkdownText {
  /// `text` on one line.
  static func line(_ text: String) -> String {
    escape(text)
  }

  /// `text` with its lines and blank lines.
  static func block(_ text: String) -> String {
    lines(text, as: escapeLine)
  }

  /// `text` as a block quote.
  static func quote(_ text: String) -> String {
    lines(text) { $0.isEmpty ? ">" : "> " + escapeLine($0) }
  }

  /// A link destination (CommonMark 6.3); what could end it is percent-encoded.
  static func link(_ url: String) -> String { destination.encode(url) }

  private static let destination = TeXText.verbatim.without("()")

  /// The lines of a text, each written anew. One after the other: as an array of strings they would
  /// take several times the memory of a long text.
  private static func lines(_ text: String, as written: (String) -> String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    var isFirst = true
    let newline = UInt8(ascii: "\n")
    for line in text.utf8.split(separator: newline, omittingEmptySubsequences: false) {
      var line = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      if line.last == UInt8(ascii: "\r") { line.removeLast() }
      if !isFirst { result.append("\n") }
      isFirst = false
      result.append(written(String(Substring(line))))
    }
    return result
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

  /// One line: what would break it (LF, CR) or make it code (tab) is a space.
  private static func escape(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + text.utf8.count / 8)
    for byte in text.utf8 {
      if isSpecial(byte) { out.append(UInt8(ascii: "\\")) }
      out.append((0x09...0x0D).contains(byte) ? UInt8(ascii: " ") : byte)
    }
    return String(decoding: out, as: UTF8.self)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch Unicode.Scalar(byte) {
    case "\\", "`", "*", "_", "[", "]", "<", ">", "#", "|", "~", "&", "!", "$": true
    default: false
    }
  }
}
