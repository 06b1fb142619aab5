/// Percent-encoding (RFC 3986 section 2.1): some ASCII bytes stand as they are, all others as
/// `%XX`.
///
/// Invariants: what is encoded is ASCII; decoded again it is the same bytes, unless the percent
/// sign itself stands as it is, as it must in what is a URL already.
package struct PercentEncoding: Hashable, Sendable {
  /// A bit for each ASCII byte that stands as it is.
  private var low: UInt64 = 0
  private var high: UInt64 = 0

  /// Letters and digits stand as they are, and these ASCII marks.
  package init(marks: String) {
    for bytes: ClosedRange<UInt8> in [0x30...0x39, 0x41...0x5A, 0x61...0x7A] {
      for byte in bytes { set(byte, true) }
    }
    for byte in marks.utf8 { set(byte, true) }
  }

  /// Only what means nothing anywhere in a URL stands as it is (RFC 3986 section 2.3).
  package static let unreserved = PercentEncoding(marks: "-._~")

  /// The same, but these ASCII marks do not stand as they are.
  package func without(_ marks: String) -> PercentEncoding {
    var fewer = self
    for byte in marks.utf8 { fewer.set(byte, false) }
    return fewer
  }

  private mutating func set(_ byte: UInt8, _ stands: Bool) {
    guard byte < 0x80 else { return }
    let bit: UInt64 = 1 << (byte & 63)
    let half = byte < 64 ? \Self.low : \Self.high
    self[keyPath: half] = stands ? self[keyPath: half] | bit : self[keyPath: half] & ~bit
  }

  private func stands(_ byte: UInt8) -> Bool {
    byte < 0x80 && (byte < 64 ? low : high) >> (byte & 63) & 1 == 1
  }

  // MARK: There and back

  /// Bytes as ASCII text.
  package func encode(_ bytes: some Sequence<UInt8>) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(bytes.underestimatedCount)
    for byte in bytes {
      if stands(byte) {
        out.append(byte)
      } else {
        out += [Self.percent, Self.digit(byte >> 4), Self.digit(byte & 15)]
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Text in UTF-8 as ASCII text.
  package func encode(_ text: some StringProtocol) -> String { encode(text.utf8) }

  /// The bytes that a run of bytes stands for. A percent sign without two digits stands for itself.
  package static func decode(_ bytes: borrowing Span<UInt8>, in range: Range<Int>) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(range.count)
    var index = range.lowerBound
    while index < range.upperBound {
      if let byte = escape(bytes, at: index, before: range.upperBound) {
        out.append(byte)
        index += 3
      } else {
        out.append(bytes[index])
        index += 1
      }
    }
    return out
  }

  /// The text that a text stands for; nil where a percent sign has no two digits behind it, or
  /// where the bytes are no UTF-8.
  package static func decode(_ text: some StringProtocol) -> String? {
    let bytes = Array(text.utf8)
    let span = bytes.span
    var index = 0
    while index < span.count {
      if span[index] == percent {
        guard escape(span, at: index, before: span.count) != nil else { return nil }
        index += 3
      } else {
        index += 1
      }
    }
    return String(validating: decode(span, in: 0..<span.count), as: UTF8.self)
  }

  private static let percent = UInt8(ascii: "%")

  private static func escape(
    _ bytes: borrowing Span<UInt8>, at index: Int, before end: Int
  ) -> UInt8? {
    guard bytes[index] == percent, index + 2 < end, let high = value(bytes[index + 1]),
      let low = value(bytes[index + 2])
    else { return nil }
    return high << 4 | low
  }

  /// The upper-case digit of 0 to 15.
  private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }

  /// The value of a hexadecimal digit in either case.
  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x41...0x46: digit - 0x37
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
