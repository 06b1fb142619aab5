/// Cuts bytes into lines at LF, CRLF or a lone CR, whatever the sizes of the chunks they come in.
///
/// Invariants: what a line's reader sees is valid UTF-8 without NUL bytes; at most `limit` bytes of
/// a line are held; every byte is looked at a bounded number of times.
package struct LineReader {
  /// Where a line stands and what had to be done to it.
  package struct Place {
    /// 1-based.
    package var number: Int
    /// The line was longer than the limit; the rest is gone.
    package var isCut = false
    /// Bytes that were no UTF-8 became U+FFFD, or NUL bytes were taken out.
    package var isRepaired = false
  }

  private let limit: Int
  private var number: Int
  private var held: [UInt8] = []
  private var isHolding = false
  private var isCut = false
  private var skipsLineFeed: Bool

  /// - Parameters:
  ///   - limit: the longest line, bytes.
  ///   - number: the number of the first line.
  ///   - afterCarriageReturn: whether a CR was just before, so that a LF now ends no other line.
  init(limit: Int, number: Int = 1, afterCarriageReturn: Bool = false) {
    self.limit = max(limit, 16)
    self.number = number
    skipsLineFeed = afterCarriageReturn
  }

  /// Takes the next bytes and hands out each line they complete.
  mutating func feed(
    _ bytes: borrowing Span<UInt8>, line: (borrowing Span<UInt8>, Place) throws -> Void
  ) rethrows {
    var start = 0
    if skipsLineFeed, bytes.count > 0 {
      skipsLineFeed = false
      if bytes[0] == Byte.lineFeed { start = 1 }
    }
    // Both searches remember what they found, so a file of one kind of ending is searched once.
    var nextFeed = bytes.first(Byte.lineFeed, in: start..<bytes.count) ?? bytes.count
    while start < bytes.count {
      if nextFeed < start {
        nextFeed = bytes.first(Byte.lineFeed, in: start..<bytes.count) ?? bytes.count
      }
      let end = bytes.first(Byte.carriageReturn, in: start..<nextFeed) ?? nextFeed
      guard end < bytes.count else {
        hold(bytes, start..<end)
        return
      }
      try complete(bytes, start..<end, line)
      start = end + 1
      if bytes[end] == Byte.carriageReturn {
        if start == bytes.count { skipsLineFeed = true }
        if start < bytes.count, bytes[start] == Byte.lineFeed { start += 1 }
      }
    }
  }

  /// Hands out the last line when no line end follows it.
  mutating func finish(line: (borrowing Span<UInt8>, Place) throws -> Void) rethrows {
    let none: [UInt8] = []
    if isHolding { try complete(none.span, 0..<0, line) }
  }

  private mutating func hold(_ bytes: borrowing Span<UInt8>, _ range: Range<Int>) {
    isHolding = true
    let room = limit - held.count
    if range.count > room { isCut = true }
    let kept = range.lowerBound..<range.lowerBound + min(range.count, room)
    bytes.withUnsafeBufferPointer { held.append(contentsOf: $0[kept]) }
  }

  private mutating func complete(
    _ bytes: borrowing Span<UInt8>, _ range: Range<Int>,
    _ line: (borrowing Span<UInt8>, Place) throws -> Void
  ) rethrows {
    if isHolding {
      hold(bytes, range)
      try hand(out: held.span, line)
      held.removeAll(keepingCapacity: held.capacity <= 1 << 20)
      isHolding = false
    } else {
      isCut = range.count > limit
      let kept = range.lowerBound..<range.lowerBound + min(range.count, limit)
      try hand(out: bytes.extracting(kept), line)
    }
    isCut = false
    number += 1
  }

  private func hand(
    out bytes: borrowing Span<UInt8>, _ line: (borrowing Span<UInt8>, Place) throws -> Void
  ) rethrows {
    var place = Place(number: number, isCut: isCut)
    let whole = isCut ? Self.wholeScalars(bytes) : bytes.count
    let kept = bytes.extracting(0..<whole)
    if kept.isText {
      try line(kept, place)
    } else {
      place.isRepaired = true
      let text = kept.withUnsafeBufferPointer {
        String(decoding: $0.filter { $0 != 0 }, as: UTF8.self)
      }
      try line(text.utf8.span, place)
    }
  }

  /// The length without a scalar that the limit cut in two.
  private static func wholeScalars(_ bytes: borrowing Span<UInt8>) -> Int {
    var end = bytes.count
    while end > 0, bytes.count - end < 3, Byte.continues(bytes[end - 1]) { end -= 1 }
    return end > 0 && bytes[end - 1] >= 0xC0 ? end - 1 : bytes.count
  }
}
