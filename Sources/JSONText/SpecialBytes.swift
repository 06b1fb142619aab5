extension UnsafeBufferPointer<UInt8> {
  /// The place, from `place` on, of the first byte that may not stand in a JSON string as it is
  /// (RFC 8259, section 7): a control, `"` or `\`; with `printed` also of DEL and of what may be a
  /// C1 control. `count` where there is none.
  ///
  /// Eight bytes at a time, for text is nearly all of other bytes: byte by byte this was a third of
  /// an export.
  func firstSpecial(from place: Int, printed: Bool) -> Int {
    let raw = UnsafeRawBufferPointer(self)
    var place = place
    while place &+ 8 <= count {
      let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
      // The high bit of each byte that is meant is set. A borrow can set one above such a byte, so
      // the lowest tells.
      var found = (word &- Self.every(0x20)) & ~word | Self.zeros(word ^ Self.every(0x22))
      found |= Self.zeros(word ^ Self.every(0x5C))
      if printed {
        found |= Self.zeros(word ^ Self.every(0x7F)) | Self.zeros(word ^ Self.every(0xC2))
      }
      found &= Self.every(0x80)
      if found != 0 { return place &+ found.trailingZeroBitCount / 8 }
      place &+= 8
    }
    while place < count {
      switch self[place] {
      case 0..<0x20, 0x22, 0x5C: return place
      case 0x7F, 0xC2: if printed { return place }
      default: break
      }
      place += 1
    }
    return count
  }

  private static func every(_ byte: UInt64) -> UInt64 { byte &* 0x0101_0101_0101_0101 }

  /// The high bit of each byte that is zero is set.
  private static func zeros(_ word: UInt64) -> UInt64 { (word &- every(1)) & ~word }
}
