/// Tells from the first bytes whether a digest is JSON, our own Markdown export, or other text.
///
/// Skips white space but counts its lines, and holds no more than the export's first words.
struct FormatSniffer {
  /// The kinds of files that are read differently from the first byte on.
  enum Kind { case json, export, text }

  private static let exportMark: StaticString = "<!-- papershelf export"
  /// The bytes looked at, white space before them left out.
  private(set) var head: [UInt8] = []
  /// The line on which `head` begins.
  private(set) var line = 1
  private(set) var isAfterCarriageReturn = false

  /// Takes one byte; returns the kind as soon as it is known.
  mutating func take(_ byte: UInt8) -> Kind? {
    if head.isEmpty, Byte.isSpace(byte) {
      if byte == Byte.carriageReturn || (byte == Byte.lineFeed && !isAfterCarriageReturn) {
        line += 1
      }
      isAfterCarriageReturn = byte == Byte.carriageReturn
      return nil
    }
    isAfterCarriageReturn = false
    head.append(byte)
    return kind(isWhole: false)
  }

  /// The kind when nothing follows.
  func kindOfAll() -> Kind { kind(isWhole: true) ?? .text }

  private func kind(isWhole: Bool) -> Kind? {
    let head = head.span
    switch head[or0: 0] {
    case UInt8(ascii: "{"), Byte.openBracket:
      guard head.count > 1 else { return isWhole ? .json : nil }
      return Self.followsInJSON(head[1], afterBrace: head[0] == UInt8(ascii: "{")) ? .json : .text
    case Byte.less:
      let length = min(head.count, Self.exportMark.utf8CodeUnitCount)
      let isMark = Self.exportMark.withUTF8Buffer { mark in
        for index in 0..<length where head[index] != mark[index] { return false }
        return true
      }
      guard isMark else { return .text }
      return head.count >= Self.exportMark.utf8CodeUnitCount ? .export : nil
    default: return head.isEmpty ? nil : .text
    }
  }

  private static func followsInJSON(_ byte: UInt8, afterBrace: Bool) -> Bool {
    if Byte.isSpace(byte) || byte == UInt8(ascii: "\"") { return true }
    if afterBrace { return byte == UInt8(ascii: "}") }
    return byte == UInt8(ascii: "{") || byte == Byte.closeBracket
  }
}
