/// One copy of a library: 64 random bits, written as sixteen lower-case hexadecimal digits.
package struct DeviceID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The bits.
  package let bits: UInt64

  /// A device with these bits.
  package init(bits: UInt64) { self.bits = bits }

  /// Nil unless `text` is sixteen lower-case hexadecimal digits.
  package init?(_ text: String) { self.init(digits: text.utf8) }

  /// Nil unless `text` is sixteen lower-case hexadecimal digits.
  package init?(_ text: Substring) { self.init(digits: text.utf8) }

  private init?(digits text: some Sequence<UInt8>) {
    var bits: UInt64 = 0
    var digits = 0
    for byte in text {
      guard let value = Hex.value(byte) else { return nil }
      bits = bits << 4 | UInt64(value)
      digits += 1
    }
    guard digits == 16 else { return nil }
    self.bits = bits
  }

  /// Sixteen lower-case hexadecimal digits.
  package var description: String {
    String(unsafeUninitializedCapacity: 16) { buffer in
      for index in 0..<16 {
        buffer.initializeElement(
          at: index, to: Hex.digit(UInt8(truncatingIfNeeded: bits >> UInt64(60 - 4 * index)) & 15))
      }
      return 16
    }
  }

  /// Order of the bits, which is the order of the texts.
  package static func < (a: DeviceID, b: DeviceID) -> Bool { a.bits < b.bits }
}

/// The time of a change: a reading of a hybrid logical clock (Kulkarni et al. 2014) and the device
/// that read it. A total order: no two changes ever share a stamp, so a stamp also names its
/// change.
package struct Stamp: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Wall clock, milliseconds since 1970 UTC, never behind any stamp the device has seen.
  package var milliseconds: Int64
  /// Orders changes within one millisecond.
  package var counter: UInt32
  /// Whose clock.
  package var device: DeviceID

  /// A stamp with everything said.
  package init(milliseconds: Int64, counter: UInt32, device: DeviceID) {
    self.milliseconds = milliseconds
    self.counter = counter
    self.device = device
  }

  /// By milliseconds, then counter, then device.
  package static func < (a: Stamp, b: Stamp) -> Bool {
    if a.milliseconds != b.milliseconds { return a.milliseconds < b.milliseconds }
    if a.counter != b.counter { return a.counter < b.counter }
    return a.device < b.device
  }

  /// `milliseconds.counter.device`, for example `1759392000123.0.00c0ffee00c0ffee`.
  package var description: String {
    String(milliseconds) + "." + String(counter) + "." + device.description
  }

  /// Reads ``description`` back; nil for anything else.
  package init?(_ text: String) { self.init(bytes: text.utf8) }

  /// Reads ``description`` back; nil for anything else.
  package init?(_ text: Substring) { self.init(bytes: text.utf8) }

  /// The stamps of a text that has them with a space between; what is none is left out. By bytes,
  /// for nearly every change in the log has such a text: by strings it took a quarter of an undo.
  package static func list(_ text: UnsafeBufferPointer<UInt8>) -> [Stamp] {
    text.split(separator: 0x20).compactMap { Stamp(bytes: $0) }
  }

  private init?(bytes: some Sequence<UInt8>) {
    var rest = bytes.makeIterator()
    guard let milliseconds = Self.number(&rest, of: Int64.self),
      let counter = Self.number(&rest, of: UInt32.self)
    else { return nil }
    var bits: UInt64 = 0
    var digits = 0
    while let byte = rest.next() {
      guard let value = Hex.value(byte) else { return nil }
      digits += 1
      bits = bits << 4 | UInt64(value)
    }
    guard digits == 16 else { return nil }
    self.init(milliseconds: milliseconds, counter: counter, device: DeviceID(bits: bits))
  }

  /// Decimal digits up to a full stop, which is taken too.
  private static func number<Number: FixedWidthInteger>(
    _ bytes: inout some IteratorProtocol<UInt8>, of: Number.Type
  ) -> Number? {
    var value: Number = 0
    var digits = 0
    while let byte = bytes.next(), byte != 0x2E {
      guard (0x30...0x39).contains(byte) else { return nil }
      let (shifted, isTooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, isLarger) = shifted.addingReportingOverflow(Number(byte - 0x30))
      guard !isTooLarge, !isLarger else { return nil }
      value = sum
      digits += 1
    }
    return digits > 0 ? value : nil
  }
}
