import Papers

/// A date in a heading, `# Papers for 2025-10-02` or `# Digest — 2026-07-05`.
enum DayHeading {
  /// The day a heading names; nil when the line is no heading or has no date.
  static func date(_ line: borrowing Span<UInt8>) -> PaperDate? {
    let start = line.skippingSpace(from: 0, to: min(4, line.count))
    guard line[or0: start] == Byte.hash else { return nil }
    return date(in: line, 0..<min(line.count, 400))
  }

  /// The first date in a range: `2025-10-02`, `2025/10/02`, `2025.10.02`, `2025_10_02`, `20251002`,
  /// `2025年10月2日`, `October 2, 2025` or `2 Oct 2025`.
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
      if end - index <= 2, let found = readMonthFirst(line, index, end, range) { return found }
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
    if end - start <= 2 { return readDayFirst(line, start, end, limit) }
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

  // MARK: Months in words

  /// `2 Oct 2025`, `2nd of October, 2025`.
  private static func readDayFirst(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ limit: Int
  ) -> (date: PaperDate, end: Int)? {
    var index = skip(line, afterOrdinal(line, end), limit)
    if line.matches("of ", at: index) { index += 3 }
    guard let month = month(line, index, limit) else { return nil }
    let year = skip(line, month.end, limit)
    let yearEnd = endOfDigits(line, from: year, to: limit)
    guard yearEnd - year == 4 else { return nil }
    return day(line, year..<yearEnd, month.number, start..<end).map { ($0, yearEnd) }
  }

  /// `October 2, 2025`, around the number of the day.
  private static func readMonthFirst(
    _ line: borrowing Span<UInt8>, _ start: Int, _ end: Int, _ range: Range<Int>
  ) -> (date: PaperDate, range: Range<Int>)? {
    var before = start
    while before > range.lowerBound, " .".utf8.contains(line[before - 1]) { before -= 1 }
    var word = before
    while word > range.lowerBound, before - word < 10, Byte.isLetter(line[word - 1]) { word -= 1 }
    guard before < start, let month = month(line, word, before), month.end >= before else {
      return nil
    }
    let year = skip(line, afterOrdinal(line, end), range.upperBound)
    let yearEnd = endOfDigits(line, from: year, to: range.upperBound)
    guard yearEnd - year == 4,
      let date = day(line, year..<yearEnd, month.number, start..<end)
    else { return nil }
    return (date, word..<yearEnd)
  }

  private static func afterOrdinal(_ line: borrowing Span<UInt8>, _ end: Int) -> Int {
    for word in ["st", "nd", "rd", "th"] as [StaticString] where line.matches(word, at: end) {
      return end + 2
    }
    return end
  }

  private static func skip(_ line: borrowing Span<UInt8>, _ start: Int, _ limit: Int) -> Int {
    var index = start
    while index < limit, index - start < 3, " ,.-".utf8.contains(line[index]) { index += 1 }
    return index
  }

  private static let months = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
  ]

  private static func month(
    _ line: borrowing Span<UInt8>, _ start: Int, _ limit: Int
  ) -> (number: Int, end: Int)? {
    var end = start
    while end < limit, end - start < 10, Byte.isLetter(line[end]) { end += 1 }
    guard end - start >= 3 else { return nil }
    let word = line.text(start..<end).lowercased()
    guard
      let index = months.firstIndex(where: {
        $0 == word || $0.hasPrefix(word) && word.utf8.count == 3
      })
        ?? (word == "sept" ? 8 : nil)
    else { return nil }
    return (index + 1, end)
  }

  private static func day(
    _ line: borrowing Span<UInt8>, _ year: Range<Int>, _ month: Int, _ day: Range<Int>
  ) -> PaperDate? {
    let digits = line.text(day)
    let text = "\(line.text(year))-\(month < 10 ? "0" : "")\(month)-"
    return PaperDate(text + (digits.utf8.count == 1 ? "0" + digits : digits))
  }

  // MARK: Months in numbers

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
