extension Span<UInt8> {
  /// Whether these bytes are well-formed UTF-8 (The Unicode Standard, table 3-7) without a NUL.
  ///
  /// The two things a digest is made of have ways of their own: eight ASCII bytes at a time, and
  /// runs of Chinese. The standard library's check, which has not, took a seventh of all the
  /// reading.
  var isText: Bool {
    var index = 0
    while index < count {
      if index + 8 <= count {
        let word = load(UInt64.self, at: index)
        // The high bit of every byte that is not ASCII, or is NUL.
        let other = (word | (word &- 0x0101_0101_0101_0101)) & 0x8080_8080_8080_8080
        if other == 0 {
          index += 8
          continue
        }
        index += other.trailingZeroBitCount >> 3
        // E1…EC and two bytes that continue: no other rule for these.
        while index + 4 <= count, case let scalar = load(UInt32.self, at: index),
          scalar & 0x00C0_C0F0 == 0x0080_80E0, scalar & 0x0F != 0, scalar & 0x0F < 0x0D
        {
          index += 3
        }
        if index == count { break }
      }
      let length = lengthOfScalar(at: index)
      guard length > 0 else { return false }
      index += length
    }
    return true
  }

  /// The length of the well-formed scalar at `index`, 0 when there is none or it is NUL.
  private func lengthOfScalar(at index: Int) -> Int {
    let second = self[or0: index + 1]
    switch self[index] {
    case 0x01...0x7F: return 1
    case 0xC2...0xDF: return Byte.continues(second) ? 2 : 0
    case 0xE0: return 0xA0...0xBF ~= second && continues(index + 2..<index + 3) ? 3 : 0
    case 0xED: return 0x80...0x9F ~= second && continues(index + 2..<index + 3) ? 3 : 0
    case 0xE1...0xEF: return continues(index + 1..<index + 3) ? 3 : 0
    case 0xF0: return 0x90...0xBF ~= second && continues(index + 2..<index + 4) ? 4 : 0
    case 0xF1...0xF3: return continues(index + 1..<index + 4) ? 4 : 0
    case 0xF4: return 0x80...0x8F ~= second && continues(index + 2..<index + 4) ? 4 : 0
    default: return 0
    }
  }

  private func continues(_ range: Range<Int>) -> Bool {
    for index in range where !Byte.continues(self[or0: index]) { return false }
    return true
  }

  /// A little-endian number at `index`; traps where the bytes end before it does.
  func load<Number: FixedWidthInteger & BitwiseCopyable>(_: Number.Type, at index: Int) -> Number {
    Number(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: Number.self))
  }
}
