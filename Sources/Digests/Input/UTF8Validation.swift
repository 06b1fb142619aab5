extension Span<UInt8> {
  /// Whether these bytes are well-formed UTF-8 (The Unicode Standard, table 3-7) without a NUL.
  ///
  /// Thirty-two bytes at a time, each beside the two before it, where they are what a digest is
  /// made of, ASCII and scalars of three bytes, mixed as they come. The standard library's check
  /// took a seventh of all the reading, and one with a loop for each of the two kinds, which change
  /// every few words, a fifth: 8.2 instructions a byte for 4.0, and a third of the speed.
  var isText: Bool {
    // The first two bytes have not two before them.
    guard count > 2, var index = scalars(from: 0, to: 2) else {
      return scalars(from: 0, to: count) != nil
    }
    while index + Block.size <= count {
      let here = Block(self, at: index)
      if here.holdsRareBytes {
        guard let next = scalars(from: start(before: index), to: index + Block.size) else {
          return false
        }
        index = next
      } else {
        guard here.continues(Block(self, at: index - 1), Block(self, at: index - 2)) else {
          return false
        }
        index += Block.size
      }
    }
    return scalars(from: start(before: index), to: count) != nil
  }

  /// Where the last scalar before `index` begins, which may reach over it. What stands before is
  /// well-formed but for the bytes that follow.
  private func start(before index: Int) -> Int {
    var start = index - 1
    while Byte.continues(self[start]) { start -= 1 }
    return start
  }

  /// Where the scalars end of which the first begins at `start` and the last before `end`; nil
  /// where one is not well-formed.
  private func scalars(from start: Int, to end: Int) -> Int? {
    var index = start
    while index < end {
      let length = lengthOfScalar(at: index)
      guard length > 0 else { return nil }
      index += length
    }
    return index
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

/// Some bytes in a row, looked at all at once: a bit of each says what is asked.
private struct Block {
  static let size = 32
  private let words: SIMD4<UInt64>

  // Computed: a stored one would be asked for through a call each time, three times the work.
  private static var high: SIMD4<UInt64> { SIMD4<UInt64>(repeating: 0x8080_8080_8080_8080) }
  private static var lowHalf: SIMD4<UInt64> { SIMD4<UInt64>(repeating: 0x0F0F_0F0F_0F0F_0F0F) }
  private static var thirteen: SIMD4<UInt64> { SIMD4<UInt64>(repeating: 0x0D0D_0D0D_0D0D_0D0D) }
  private static var ones: SIMD4<UInt64> { SIMD4<UInt64>(repeating: 0x0101_0101_0101_0101) }

  /// The bytes at `index`; traps where there are fewer.
  init(_ bytes: borrowing Span<UInt8>, at index: Int) {
    words = unsafe bytes.bytes.unsafeLoadUnaligned(
      fromByteOffset: index, as: SIMD4<UInt64>.self)
  }

  /// Which begin a scalar of more than one byte.
  private var lead: SIMD4<UInt64> { words & (words &<< 1) & Self.high }

  /// Which begin a scalar of more than two.
  private var three: SIMD4<UInt64> { lead & (words &<< 2) }

  /// Whether a byte is NUL, begins a scalar of two or four bytes, or is E0 or ED, whose second
  /// bytes have bounds of their own.
  var holdsRareBytes: Bool {
    let lead = lead
    let three = lead & (words &<< 2)
    let nul = (words &- Self.ones) & ~words & Self.high
    // Bit 4 of each byte whose low half is neither 0 nor 13.
    let low = words & Self.lowHalf
    let usual = (low &+ Self.lowHalf) & ((low ^ Self.thirteen) &+ Self.lowHalf)
    let bounded = three & ~(usual &<< 3)
    return Self.any(nul | bounded | (three & (words &<< 3)) | (lead ^ three))
  }

  /// Whether each byte continues a scalar just where the one before begins one, or the one before
  /// that a scalar of three. Without rare bytes.
  func continues(_ before: Block, _ earlier: Block) -> Bool {
    let continuing = (words & Self.high) ^ lead
    return !Self.any(continuing ^ (before.lead | earlier.three))
  }

  private static func any(_ words: SIMD4<UInt64>) -> Bool {
    words.x | words.y | words.z | words.w != 0
  }
}
