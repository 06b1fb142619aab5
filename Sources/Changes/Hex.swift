/// Lower-case hexadecimal digits. By bytes: ids and hashes are read and written at every step of a
/// sync.
package enum Hex {
  /// Two digits a byte.
  package static func text(_ bytes: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * bytes.count) { buffer in
      for (index, byte) in bytes.enumerated() {
        buffer.initializeElement(at: 2 * index, to: digit(byte >> 4))
        buffer.initializeElement(at: 2 * index + 1, to: digit(byte & 15))
      }
      return 2 * bytes.count
    }
  }

  /// Sixteen digits.
  package static func text(_ value: UInt64) -> String { DeviceID(bits: value).description }

  /// Nil for anything but pairs of lower-case digits.
  package static func bytes(_ text: String) -> [UInt8]? { bytes(digits: text.utf8) }

  /// Nil for anything but pairs of lower-case digits.
  package static func bytes(_ text: Substring) -> [UInt8]? { bytes(digits: text.utf8) }

  private static func bytes(digits text: some Collection<UInt8>) -> [UInt8]? {
    var out: [UInt8] = []
    out.reserveCapacity(text.count / 2)
    var high: UInt8?
    for byte in text {
      guard let value = value(byte) else { return nil }
      if let first = high {
        out.append(first << 4 | value)
        high = nil
      } else {
        high = value
      }
    }
    return high == nil ? out : nil
  }

  /// The digit of 0 to 15.
  static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }

  /// Nil for what is no lower-case digit.
  static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x57
    default: nil
    }
  }
}
