import Glibc

/// Bytes that have a meaning in a digest.
enum Byte {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let hash = UInt8(ascii: "#")
  static let star = UInt8(ascii: "*")
  static let pipe = UInt8(ascii: "|")
  static let colon = UInt8(ascii: ":")
  static let backslash = UInt8(ascii: "\\")
  static let openBracket = UInt8(ascii: "[")
  static let closeBracket = UInt8(ascii: "]")
  static let openParenthesis = UInt8(ascii: "(")
  static let closeParenthesis = UInt8(ascii: ")")
  static let less = UInt8(ascii: "<")
  static let greater = UInt8(ascii: ">")

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 0x09 < 5 }
  static func lower(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }
  /// Whether a byte continues a scalar, so that no text may begin at it.
  static func continues(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}

/// Looking at the bytes of one line. No position traps; ranges must lie inside the bounds.
extension Span<UInt8> {
  /// The byte at `index`, 0 beyond either end.
  subscript(or0 index: Int) -> UInt8 { index >= 0 && index < count ? self[index] : 0 }

  /// The first place of `wanted` in a range, or nil.
  func first(_ wanted: UInt8, in range: Range<Int>) -> Int? {
    guard !range.isEmpty else { return nil }
    return withUnsafeBufferPointer { (all) -> Int? in
      guard let base = all.baseAddress,
        let found = memchr(base + range.lowerBound, Int32(wanted), range.count)
      else { return nil }
      return UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
  }

  /// The first white space at or after `start`, or nil: eight bytes at a time.
  @inline(__always)
  func firstSpace(from start: Int) -> Int? {
    var index = start
    while index + 8 <= count {
      let word = load(UInt64.self, at: index)
      // The high bit of every byte that is 0x20 or less: 0x5F more does not carry into it.
      let low =
        ~((word & 0x7F7F_7F7F_7F7F_7F7F) &+ 0x5F5F_5F5F_5F5F_5F5F | word) & 0x8080_8080_8080_8080
      if low == 0 {
        index += 8
        continue
      }
      index += low.trailingZeroBitCount >> 3
      if Byte.isSpace(self[index]) { return index }
      index += 1
    }
    while index < count {
      if Byte.isSpace(self[index]) { return index }
      index += 1
    }
    return nil
  }

  /// Whether the bytes at `start` are `word`, which is in lower case, whatever their case.
  @inline(__always)
  func matches(_ word: StaticString, at start: Int) -> Bool {
    // Nearly always the first byte says no, and needs no call.
    guard start >= 0, start < count, Byte.lower(self[start]) == word.utf8Start.pointee else {
      return false
    }
    return matchesWhole(word, at: start)
  }

  private func matchesWhole(_ word: StaticString, at start: Int) -> Bool {
    let length = word.utf8CodeUnitCount
    guard count - start >= length else { return false }
    return word.withUTF8Buffer { word in
      for offset in 0..<length where Byte.lower(self[start + offset]) != word[offset] {
        return false
      }
      return true
    }
  }

  /// The first place at or after `start` that is no white space; `end` when there is none.
  func skippingSpace(from start: Int, to end: Int) -> Int {
    var index = start
    while index < end, Byte.isSpace(self[index]) { index += 1 }
    return index
  }

  /// A range without the white space at both ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    let start = skippingSpace(from: range.lowerBound, to: range.upperBound)
    var end = range.upperBound
    while end > start, Byte.isSpace(self[end - 1]) { end -= 1 }
    return start..<end
  }

  /// The colon at `index`, half-width or full-width: how many bytes it has, 0 when it is none.
  func colonLength(at index: Int) -> Int {
    let byte = self[or0: index]
    if byte == Byte.colon { return 1 }
    return byte == 0xEF && matches("：", at: index) ? 3 : 0
  }

  /// A range as text, what is no UTF-8 replaced.
  func text(_ range: Range<Int>) -> String {
    withUnsafeBufferPointer {
      String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
    }
  }

  /// A range of a valid line as text, as the main format's readers take it.
  ///
  /// A line is made valid UTF-8 before they read it (``LineReader``), so a range that begins and
  /// ends between scalars is copied unchecked; the two ends are looked at here. Of bytes that come
  /// from outside and were not looked at, ``text(_:)``: a fuzzer found what a recogniser did with
  /// this.
  func validText(_ range: Range<Int>) -> String {
    guard !range.isEmpty else { return "" }
    if Byte.continues(self[range.lowerBound]) || Byte.continues(self[or0: range.upperBound]) {
      return withUnsafeBufferPointer {
        String(decoding: UnsafeBufferPointer(rebasing: $0[range]), as: UTF8.self)
      }
    }
    return unsafe String(copying: UTF8Span(unchecked: extracting(range), isKnownASCII: false))
  }
}
