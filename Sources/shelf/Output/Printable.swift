/// Text from outside made safe to print on a terminal.
///
/// Invariant: what comes out holds no C0 or C1 control (but for the line breaks and tabs that
/// ``block(_:)`` keeps), no bidirectional override, isolate or mark, and no invisible character
/// that nothing draws upon. So no digest can drive the terminal or hide text in it. What is taken
/// out is shown: `␛`, `⟨U+202E⟩`.
enum Printable {
  /// `text` as part of one line: line breaks and tabs are shown as `␊` and `␉`.
  static func line(_ text: String) -> String { visible(text, keepingLines: false) }

  /// `text` of several lines: LF, CR LF and tab stay.
  static func block(_ text: String) -> String { visible(text, keepingLines: true) }

  private static func visible(_ text: String, keepingLines: Bool) -> String {
    guard isSuspicious(text) else { return text }
    var cleaner = Cleaner(keepingLines: keepingLines)
    for scalar in text.unicodeScalars { cleaner.take(scalar) }
    return cleaner.finished()
  }

  /// Most text is clean and is handed on as it is.
  private static func isSuspicious(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    let isChinese = (0x4E00...0x9FFF).contains(first.value)
    if first.value >= 0x300, !isChinese, isMark(first) { return true }
    var text = text
    guard text.withUTF8({ mayBeSuspicious($0) }) else { return false }
    return text.unicodeScalars.contains { isSuspicious($0.value) }
  }

  /// Whether any bytes are those of what ``isSuspicious(_:)`` names, or nearly. By bytes: scalar by
  /// scalar it was a fifth of a list.
  private static func mayBeSuspicious(_ utf8: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while index < utf8.count {
      let byte = utf8[index]
      guard byte >= 0x7F else {
        if byte < 0x20 { return true }
        index += 1
        continue
      }
      guard byte >= 0xE0, index + 2 < utf8.count else {
        if byte < 0xC2 || [0xC2, 0xCD, 0xD8].contains(byte) { return true }
        index += 2
        continue
      }
      let (second, third) = (utf8[index + 1], utf8[index + 2])
      switch byte {
      case 0xE1, 0xF0...: return true
      case 0xE2 where second == 0x80 && (third <= 0x8F && third >= 0x8B || third >= 0xA8),
        0xE2 where second == 0x81 && third >= 0xA0, 0xE3 where second == 0x85,
        0xEF where second >= 0xB8 && second != 0xBC && second != 0xBD:
        return true
      default: index += 3
      }
    }
    return false
  }

  private static func isSuspicious(_ value: UInt32) -> Bool {
    if value < 0x7F { return value < 0x20 }
    switch value {
    case 0x7F...0x9F, 0xAD, 0x34F, 0x61C, 0x180E, 0x200B...0x200F, 0x2028...0x202E,
      0x2060...0x206F, 0x3164, 0xFE00...0xFE0F, 0xFEFF, 0xFFA0, 0xFFF9...0xFFFB,
      0x1D173...0x1D17A, 0xE0000...0xE0FFF:
      return true
    default: return false
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Goes over the scalars with the one before in hand, because a joiner or a variation selector is
  /// good after some characters and a trick after others.
  private struct Cleaner {
    let keepingLines: Bool
    private var result = String.UnicodeScalarView()
    private var last: Unicode.Scalar?
    private var carriageReturn = false
    private var inFlagTags = false

    init(keepingLines: Bool) { self.keepingLines = keepingLines }

    mutating func take(_ scalar: Unicode.Scalar) {
      flushCarriageReturn(before: scalar)
      if scalar.value < 0x20 {
        takeControl(scalar)
      } else if !Printable.isSuspicious(scalar.value) || isWelcome(scalar) {
        keep(scalar)
      } else {
        show(scalar)
      }
    }

    mutating func finished() -> String {
      if carriageReturn { append("␍") }
      return String(result)
    }

    /// CR stays only as half of CR LF: alone it would let the rest write over the line.
    private mutating func flushCarriageReturn(before scalar: Unicode.Scalar) {
      guard carriageReturn else { return }
      carriageReturn = false
      append(scalar == "\n" ? "\r" : "␍")
    }

    private mutating func takeControl(_ scalar: Unicode.Scalar) {
      switch scalar {
      case "\n" where keepingLines, "\t" where keepingLines: append(scalar)
      case "\r" where keepingLines: carriageReturn = true
      default: append(Unicode.Scalar(0x2400 + scalar.value) ?? "\u{FFFD}")
      }
    }

    private mutating func keep(_ scalar: Unicode.Scalar) {
      // A mark with nothing below it would sit on the column before it.
      if last == nil, Printable.isMark(scalar) { result.append("◌") }
      if scalar.value < 0xE0000 { inFlagTags = scalar.value == 0x1F3F4 }
      result.append(scalar)
      last = scalar
    }

    /// Our own signs: what follows has no base to join.
    private mutating func append(_ scalar: Unicode.Scalar) {
      result.append(scalar)
      last = nil
      inFlagTags = false
    }

    private mutating func show(_ scalar: Unicode.Scalar) {
      if scalar.value == 0x7F { return append("␡") }
      let digits = String(scalar.value, radix: 16, uppercase: true)
      let zeros = String(repeating: "0", count: max(0, 4 - digits.count))
      result.append(contentsOf: "⟨U+\(zeros)\(digits)⟩".unicodeScalars)
      last = nil
      inFlagTags = false
    }

    private func isWelcome(_ scalar: Unicode.Scalar) -> Bool {
      guard let last else { return false }
      switch scalar.value {
      case 0x200C: return joins(last)
      case 0x200D: return joins(last) || isEmoji(last)
      case 0xFE00...0xFE0F, 0xE0100...0xE01EF: return canVary(last)
      case 0xE0020...0xE007F: return inFlagTags  // the flags of England, Scotland, Wales
      default: return false
      }
    }

    /// Arabic to Myanmar and their like, where joiners choose the shape of letters.
    private func joins(_ scalar: Unicode.Scalar) -> Bool {
      switch scalar.value {
      case 0x600...0x109F, 0x1780...0x18AF, 0xA800...0xABFF, 0x10A00...0x11FFF: true
      default: false
      }
    }

    private func isEmoji(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value == 0xFE0F || (scalar.value > 0xFF && scalar.properties.isEmoji)
    }

    /// One selector a character; more than one is a hiding place.
    private func canVary(_ scalar: Unicode.Scalar) -> Bool {
      scalar.value > 0x20 && !(0xFE00...0xFE0F).contains(scalar.value)
        && scalar.value < 0xE0000 && scalar.value != 0x200D
    }
  }
}
