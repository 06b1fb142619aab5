/// The few ASCII bytes that ids and links are made of.
enum Ascii {
  static let dot = UInt8(ascii: ".")
  static let dash = UInt8(ascii: "-")
  static let slash = UInt8(ascii: "/")
  static let colon = UInt8(ascii: ":")
  static let question = UInt8(ascii: "?")
  static let hash = UInt8(ascii: "#")

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
  static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
}

/// Looking at bytes that came from outside: no index beyond the end traps.
extension Span<UInt8> {
  /// The byte at `index`, nil beyond either end.
  func byte(_ index: Int) -> UInt8? {
    index >= 0 && index < count ? self[index] : nil
  }

  /// How many ASCII digits stand from `start` on; counts no further than 12.
  func digits(from start: Int) -> Int {
    var length = 0
    while length < 12, let byte = byte(start + length), Ascii.isDigit(byte) { length += 1 }
    return length
  }

  /// Whether the bytes from `start` are `word`, which is in lower case, whatever their case.
  func matches(_ word: StaticString, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard start >= 0, count - start >= length else { return false }
    return word.withUTF8Buffer { word in
      for offset in 0..<length where Ascii.lower(self[start + offset]) != word[offset] {
        return false
      }
      return true
    }
  }

  /// The bytes of a range inside the bounds as text.
  func text(_ range: Range<Int>) -> String {
    withUnsafeBufferPointer { all in
      String(decoding: UnsafeBufferPointer(rebasing: all[range]), as: UTF8.self)
    }
  }
}
