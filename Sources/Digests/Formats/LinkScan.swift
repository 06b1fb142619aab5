import Papers

/// The links to papers in one line and its bold phrases: one pass over the bytes.
struct LinkScan {
  /// One link to a paper.
  struct Spot {
    var id: PaperID
    /// The whole of it, markup included.
    var range: Range<Int>
    /// The text of the link; empty where it is a bare address.
    var text: Range<Int>
  }

  /// The links in order.
  private(set) var spots: [Spot] = []
  /// The bold phrases in order, without their stars; at most 16.
  private(set) var bold: [Range<Int>] = []

  private var brackets: [Int] = []
  private var closed: (open: Int, close: Int) = (-1, -2)
  private var boldStart: Int?

  init(_ line: borrowing Span<UInt8>, in range: Range<Int>) {
    var index = range.lowerBound
    while index < range.upperBound {
      switch line[index] {
      case Byte.backslash: index += 1
      case Byte.openBracket: if brackets.count < 64 { brackets.append(index) }
      case Byte.closeBracket: if let open = brackets.popLast() { closed = (open, index) }
      case Byte.star where line[or0: index + 1] == Byte.star:
        star(at: index)
        index += 1
      case Byte.colon:
        index = take(line, colon: index, range.upperBound)
        continue
      default: break
      }
      index += 1
    }
  }

  private mutating func star(at index: Int) {
    if let start = boldStart {
      boldStart = nil
      if index > start, bold.count < 16 { bold.append(start..<index) }
    } else {
      boldStart = index + 2
    }
  }

  /// Reads the address around a colon; returns where to go on.
  private mutating func take(_ line: borrowing Span<UInt8>, colon: Int, _ end: Int) -> Int {
    var start = colon
    if line.matches("https://", at: colon - 5) {
      start = colon - 5
    } else if line.matches("http://", at: colon - 4) {
      start = colon - 4
    } else if line.matches("arxiv:", at: colon - 5) {
      start = colon - 5
    } else if line.matches("doi:", at: colon - 3) {
      start = colon - 3
    } else {
      return colon + 1
    }
    if let last = spots.last, last.range.upperBound > start { return colon + 1 }
    let target = start..<Self.endOfAddress(line, from: colon + 1, to: end)
    guard let id = PaperID(link: line.extracting(target)), id.kind != .url else {
      return max(colon + 1, target.upperBound)
    }
    spots.append(spot(line, id, target, end))
    return target.upperBound
  }

  private static func endOfAddress(
    _ line: borrowing Span<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var index = start
    var depth = 0
    while index < end {
      switch line[index] {
      case 0...0x20, 0x7F..., Byte.less, Byte.greater, UInt8(ascii: "\""), UInt8(ascii: "`"),
        Byte.pipe, Byte.backslash, Byte.openBracket, Byte.closeBracket:
        return index
      case Byte.openParenthesis: depth += 1
      case Byte.closeParenthesis:
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
      index += 1
    }
    return end
  }

  private func spot(
    _ line: borrowing Span<UInt8>, _ id: PaperID, _ target: Range<Int>, _ end: Int
  ) -> Spot {
    // A link inside the text of another came first: what is before its end is not ours.
    let free = spots.last?.range.upperBound ?? 0
    var start = target.lowerBound
    if start > free, line[start - 1] == Byte.less { start -= 1 }
    if closed.close == start - 2, closed.open >= free, line[start - 1] == Byte.openParenthesis {
      let isClosed = line[or0: target.upperBound] == Byte.closeParenthesis
      return Spot(
        id: id, range: closed.open..<min(end, target.upperBound + (isClosed ? 1 : 0)),
        text: closed.open + 1..<closed.close)
    }
    let quote = line[or0: target.upperBound]
    if quote == UInt8(ascii: "\""),
      let open = line.first(
        Byte.greater, in: target.upperBound..<min(end, target.upperBound + 200)),
      let close = line.first(Byte.less, in: open..<end)
    {
      return Spot(id: id, range: target, text: open + 1..<close)
    }
    return Spot(id: id, range: target, text: start..<start)
  }
}
