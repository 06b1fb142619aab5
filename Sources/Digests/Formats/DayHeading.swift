import Papers

/// A date in a heading, `# Papers for 2025-10-02` or `# Digest — 2026-07-05`.
enum DayHeading {
  /// The day a heading names; nil when the line is no heading or has no date.
  static func date(_ line: borrowing Span<UInt8>) -> PaperDate? {
    let start = line.skippingSpace(from: 0, to: min(4, line.count))
    guard line[or0: start] == Byte.hash else { return nil }
    return date(in: line, 0..<min(line.count, 400))
  }

  /// The first date in a range: `2025-10-02`, `2025/10/02`, `2025.10.02`, `2025_10_02`, `20251002`
  /// or `2025年10月2日`.
  static func date(in line: borrowing Span<UInt8>, _ range: Range<Int>) -> PaperDate? {
    spot(in: line, range)?.date
  }

  /// The first date in a range and where it stands.
  static func spot(
    in line: borrowing Span<UInt8>, _ range: Range<Int>
  ) -> (date: PaperDate, range: Range<Int>)? {
    var index = range.lowerBound
    while index < range.upperBound {
      let end = endOfDigits(line, from: index, to: range.upperBound)
      if end == index {
        index += 1
        continue
      }
      if let found = read(line, index, end, range.upperBound) {
        return (found.date, index..<found.end)
      }
      index = end
    }
    return nil
  }

  private static func endOfDigits(
    _ line: borrowing Span<UInt8>, from start: Int, to end: Int
  ) -> Int {
    var index = start
    while index < end, Byte.isDigit(line[index]) { index += 1 }
    return index
  }

  /// The date whose first digits are `start..<end`.
  private static func read(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ limit: Int
  ) -> (date: PaperDate, end: Int)? {
    if end - start == 8 {
      return day(line, start..<start + 4, start + 4..<start + 6, start + 6..<end)
        .map { ($0, end) }
    }
    guard end - start == 4 else { return nil }
    let monthStart = end + separator(line, at: end, "年")
    let monthEnd = endOfDigits(line, from: monthStart, to: limit)
    let dayStart = monthEnd + separator(line, at: monthEnd, "月")
    let dayEnd = endOfDigits(line, from: dayStart, to: limit)
    guard monthStart > end, dayStart > monthEnd else { return nil }
    return day(line, start..<end, monthStart..<monthEnd, dayStart..<dayEnd).map { ($0, dayEnd) }
  }

  private static func separator(
    _ line: borrowing Span<UInt8>, at index: Int, _ word: StaticString
  ) -> Int {
    switch line[or0: index] {
    case UInt8(ascii: "-"), UInt8(ascii: "/"), UInt8(ascii: "."), UInt8(ascii: "_"): 1
    default: line.matches(word, at: index) ? 3 : 0
    }
  }

  private static func day(
    _ line: borrowing Span<UInt8>, _ year: Range<Int>, _ month: Range<Int>, _ day: Range<Int>
  ) -> PaperDate? {
    guard (1...2).contains(month.count), (1...2).contains(day.count) else { return nil }
    let pad = { (text: String) in text.utf8.count == 1 ? "0" + text : text }
    return PaperDate(line.text(year) + "-" + pad(line.text(month)) + "-" + pad(line.text(day)))
  }
}
