/// Turns the bytes of a file into UTF-8: takes a byte order mark off, converts UTF-16 that has one.
///
/// Holds at most three bytes between chunks.
struct TextDecoder {
  private enum Form { case unknown, utf8, bigEndian, littleEndian }
  private var form = Form.unknown
  private var head: [UInt8] = []
  /// The first half of a code unit, and a high surrogate that waits for the low one.
  private var half: UInt8?
  private var high: UInt16?

  /// Takes the next bytes and hands out UTF-8 (not yet validated).
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    var start = 0
    if form == .unknown {
      while start < bytes.count, form == .unknown {
        head.append(bytes[start])
        start += 1
        decide()
      }
      if form == .unknown { return }
      let held = head
      head = []
      try hand(out: held.span, body)
    }
    if start < bytes.count { try hand(out: bytes.extracting(start..<bytes.count), body) }
  }

  /// Ends the text.
  mutating func finish(_ body: (borrowing Span<UInt8>) throws -> Void) rethrows {
    if form == .unknown {
      try body(head.span)
    } else if half != nil || high != nil {
      let replacement = Array("\u{FFFD}".utf8)
      try body(replacement.span)
    }
  }

  private mutating func hand(
    out bytes: borrowing Span<UInt8>, _ body: (borrowing Span<UInt8>) throws -> Void
  ) rethrows {
    if form == .utf8 {
      try body(bytes)
    } else {
      let text = decode(bytes)
      try body(text.span)
    }
  }

  /// Looks for a byte order mark, which is taken off.
  private mutating func decide() {
    switch head {
    case [0xEF], [0xEF, 0xBB], [0xFE], [0xFF]: return
    case [0xEF, 0xBB, 0xBF]: form = .utf8
    case [0xFE, 0xFF]: form = .bigEndian
    case [0xFF, 0xFE]: form = .littleEndian
    default:
      form = .utf8
      return
    }
    head = []
  }

  private mutating func decode(_ bytes: borrowing Span<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(bytes.count * 3 / 2 + 4)
    for index in bytes.indices {
      guard let first = half else {
        half = bytes[index]
        continue
      }
      half = nil
      let second = bytes[index]
      let upper = form == .bigEndian ? first : second
      let lower = form == .bigEndian ? second : first
      append(UInt16(upper) << 8 | UInt16(lower), to: &text)
    }
    return text
  }

  private mutating func append(_ unit: UInt16, to text: inout [UInt8]) {
    let isLow = (0xDC00...0xDFFF).contains(unit)
    if let waiting = high {
      high = nil
      if isLow {
        let value = 0x10000 + (UInt32(waiting - 0xD800) << 10) + UInt32(unit - 0xDC00)
        return append(Unicode.Scalar(value), to: &text)
      }
      append(nil, to: &text)
    }
    if (0xD800...0xDBFF).contains(unit) {
      high = unit
    } else {
      append(Unicode.Scalar(unit), to: &text)
    }
  }

  private func append(_ scalar: Unicode.Scalar?, to text: inout [UInt8]) {
    text.append(contentsOf: (scalar ?? "\u{FFFD}").utf8)
  }
}
