/// Cuts comma-separated values into records (RFC 4180): cells in quotes may hold separators, line
/// ends and doubled quotes. Also with semicolons or tabs for commas, and with lines that end in a
/// line feed or a lone carriage return.
///
/// Memory is one record. A quote that is not closed would swallow the rest: it ends at the limit.
struct CSVRecords {
  /// What is between the cells.
  let separator: UInt8
  /// Whether quotes are more than text.
  private let isQuoting: Bool
  private let limit: Int
  private var line: Int
  private var start: Int
  private var cells: [String] = []
  private var cell: [UInt8] = []
  private var size = 0
  private var isQuoted = false
  /// Whether a quote was just read inside of quotes: it ends them, or is the first of two.
  private var isAfterQuote = false
  private var isAfterCarriageReturn = false
  private var isTooLarge = false
  private var isRepaired = false

  /// One record, or one that was too large.
  enum Item {
    case record([String], line: Int, isRepaired: Bool)
    case tooLarge(line: Int)
  }

  /// - Parameters:
  ///   - limit: the largest record, bytes.
  ///   - line: the number of the first line.
  init(separator: UInt8, isQuoting: Bool = true, limit: Int, line: Int) {
    self.separator = separator
    self.isQuoting = isQuoting
    self.limit = limit
    self.line = line
    start = line
  }

  /// Takes the next bytes and hands out the records they complete.
  mutating func feed(_ bytes: borrowing Span<UInt8>, _ body: (Item) -> Void) {
    for index in bytes.indices { take(bytes[index], body) }
  }

  /// Ends the text.
  /// - Returns: the line on which a quote was opened that nothing closed.
  mutating func finish(_ body: (Item) -> Void) -> Int? {
    let unclosed = isQuoted && !isAfterQuote ? start : nil
    if !cell.isEmpty || !cells.isEmpty { endRecord(body) }
    return unclosed
  }

  private mutating func take(_ byte: UInt8, _ body: (Item) -> Void) {
    let isSecondHalf = isAfterCarriageReturn && byte == Byte.lineFeed
    isAfterCarriageReturn = byte == Byte.carriageReturn
    if (byte == Byte.lineFeed && !isSecondHalf) || byte == Byte.carriageReturn { line += 1 }
    if isQuoted {
      if isAfterQuote {
        isAfterQuote = false
        if byte == UInt8(ascii: "\"") { return keep(byte) }
        isQuoted = false
      } else {
        if byte == UInt8(ascii: "\"") { isAfterQuote = true } else { keep(byte) }
        return
      }
    }
    switch byte {
    case UInt8(ascii: "\"") where cell.isEmpty && isQuoting: isQuoted = true
    case separator: endCell()
    case Byte.carriageReturn: endRecord(body)
    case Byte.lineFeed: if isSecondHalf { start = line } else { endRecord(body) }
    default: keep(byte)
    }
  }

  private mutating func keep(_ byte: UInt8) {
    guard byte != 0 else { return }
    size += 1
    if size > limit { isTooLarge = true } else { cell.append(byte) }
  }

  private mutating func endCell() {
    size += 1
    if size > limit {
      isTooLarge = true
    } else if let text = String(validating: cell, as: UTF8.self) {
      cells.append(text)
    } else {
      isRepaired = true
      cells.append(String(decoding: cell, as: UTF8.self))
    }
    cell.removeAll(keepingCapacity: cell.capacity < 1 << 16)
  }

  private mutating func endRecord(_ body: (Item) -> Void) {
    endCell()
    if isTooLarge {
      body(.tooLarge(line: start))
    } else if cells.count > 1 || cells.first?.isEmpty == false {
      body(.record(cells, line: start, isRepaired: isRepaired))
    }
    (cells, size, isTooLarge, isRepaired) = ([], 0, false, false)
    (isQuoted, isAfterQuote) = (false, false)
    start = line
  }
}
