/// The sign that keeps a spreadsheet from running a cell of a CSV file as a formula.
///
/// A cell begins with the text, and behind every `;`, tab and line end in it: what is quoted for
/// one separator is taken apart by a spreadsheet that is set to another. NUL, spaces and quotes
/// before a formula are dropped by them, and full-width signs are read as the plain ones.
///
/// Invariant: guarded and unguarded again, a text is what it was.
package enum FormulaGuard {
  private static let mark = UInt8(ascii: "'")

  /// The text with a `'` where a formula would begin.
  package static func guarded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return changed(text, bytes) { beginsFormula(bytes, at: $0) ? [mark, bytes[$0]] : nil }
  }

  /// The text without those signs.
  package static func unguarded(_ text: String) -> String {
    let bytes = Array(text.utf8)
    return changed(text, bytes) {
      bytes[$0] == mark && beginsFormula(bytes, at: $0 + 1, ofText: $0 == 0) ? [] : nil
    }
  }

  /// The text with another reading of the bytes that begin a cell; nil for the same.
  private static func changed(
    _ text: String, _ bytes: [UInt8], _ replacement: (Int) -> [UInt8]?
  ) -> String {
    var out: [UInt8] = []
    var copied = 0
    for index in bytes.indices where index == 0 || endsCell(bytes[index - 1]) {
      guard let new = replacement(index) else { continue }
      out += bytes[copied..<index]
      out += new
      copied = index + 1
    }
    guard copied > 0 else { return text }
    return String(decoding: out + bytes[copied...], as: UTF8.self)
  }

  private static func endsCell(_ byte: UInt8) -> Bool {
    [UInt8(ascii: ";"), 0x09, 0x0A, 0x0D].contains(byte)
  }

  private static func beginsFormula(_ bytes: [UInt8], at start: Int) -> Bool {
    beginsFormula(bytes, at: start, ofText: start == 0)
  }

  private static func beginsFormula(_ bytes: [UInt8], at start: Int, ofText: Bool) -> Bool {
    guard start < bytes.count else { return false }
    // What follows is dropped by some, and is then at the beginning.
    if ofText, bytes[start] == 0x09 || bytes[start] == 0x0D { return true }
    let rest = bytes[start...].drop { byte in
      (byte <= 0x20 && !endsCell(byte)) || byte == mark || byte == UInt8(ascii: "\"")
    }
    switch rest.first {
    case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"): return true
    default: return wide.contains { rest.starts(with: $0) }
    }
  }

  private static let wide = ["＝", "＋", "－", "＠"].map { Array($0.utf8) }
}
