import Papers

/// Reads the right side of `field op value` for each kind of field.
struct FilterValueReader {
  var source: String
  var today: PaperDate
  var range: FilterRange
  var isQuoted: Bool

  func comparison(
    _ name: String, _ op: FilterOperator, _ rest: String
  ) throws(FilterError) -> Filter {
    guard let field = FilterField(rawValue: name) else {
      let known = FilterField.allCases.map(\.rawValue)
      throw failure(.unknownField(name), suggestion: Spelling.closest(to: name, among: known))
    }
    guard Self.operators(of: field).contains(op) else {
      let allowed = Self.operators(of: field).map(\.rawValue)
      throw failure(.badOperator(field: name, operator: op.rawValue, allowed: allowed))
    }
    guard !rest.isEmpty else { throw failure(.missingValue(field: name)) }
    let pieces = isQuoted ? [rest] : rest.split(separator: ",").map(String.init)
    guard !pieces.isEmpty else { throw failure(.missingValue(field: name)) }
    var values: [FilterValue] = []
    for piece in pieces { values.append(try value(piece, of: field)) }
    return .field(field, op, values)
  }

  static func operators(of field: FilterField) -> [FilterOperator] {
    switch field {
    case .is, .has: [.matches, .equals, .differs]
    case .status, .date, .added, .updated:
      [.matches, .equals, .differs, .less, .atMost, .greater, .atLeast]
    default: [.matches, .equals, .differs, .contains]
    }
  }

  private func value(_ piece: String, of field: FilterField) throws(FilterError) -> FilterValue {
    if !isQuoted, field != .is, field != .has, field != .status {
      if piece == "none" { return .none }
      if piece == "any" { return .any }
    }
    switch field {
    case .status: return try status(piece)
    case .date, .added, .updated: return .days(try days(piece))
    case .is: return .trait(try word(piece, field, FilterTrait.self))
    case .has: return .possession(try word(piece, field, FilterPossession.self))
    case .tag:
      guard Tag(piece) != nil else { throw failure(.badTag(piece)) }
      return .text(piece)
    case .title, .summary, .keyword, .note, .text:
      guard SearchText.query(piece) != nil else { throw failure(.nothingToSearch(piece)) }
      return .text(piece)
    default: return .text(piece)
    }
  }

  private func word<Word: RawRepresentable & CaseIterable>(
    _ piece: String, _ field: FilterField, _: Word.Type
  ) throws(FilterError) -> Word where Word.RawValue == String {
    if let word = Word(rawValue: piece) { return word }
    let allowed = Word.allCases.map(\.rawValue)
    throw failure(
      .unknownValue(field: field.rawValue, value: piece, allowed: allowed),
      suggestion: Spelling.closest(to: piece, among: allowed))
  }

  private func status(_ piece: String) throws(FilterError) -> FilterValue {
    if piece == "none" { return .none }
    if piece == "any" { return .any }
    guard let dots = Self.rangeDots(piece) else {
      return .status(try word(piece, .status, ReadingStatus.self))
    }
    let (low, high) = (String(piece[..<dots.lowerBound]), String(piece[dots.upperBound...]))
    let first = low.isEmpty ? nil : try word(low, .status, ReadingStatus.self)
    let last = high.isEmpty ? nil : try word(high, .status, ReadingStatus.self)
    return .statuses(first, last)
  }

  private func days(_ piece: String) throws(FilterError) -> DaySpan {
    guard let dots = Self.rangeDots(piece) else { return try day(piece) }
    let (low, high) = (String(piece[..<dots.lowerBound]), String(piece[dots.upperBound...]))
    guard !low.isEmpty || !high.isEmpty else { throw failure(.badDate(piece)) }
    return DaySpan(
      first: low.isEmpty ? nil : try day(low).first, last: high.isEmpty ? nil : try day(high).last)
  }

  /// `today`, `yesterday`, `7d 2w 3mo 1y` (the days since then), `2025`, `2025-10`, `2025-10-02`.
  private func day(_ piece: String) throws(FilterError) -> DaySpan {
    switch piece {
    case "today": return DaySpan(first: today, last: today)
    case "yesterday":
      let day = CalendarDay(today).adding(days: -1).date
      return DaySpan(first: day, last: day)
    default: break
    }
    if let date = PaperDate(piece) { return DaySpan(first: date, last: date) }
    if let span = ago(piece) ?? month(piece) ?? year(piece) { return span }
    let known = ["today", "yesterday", "7d", "2w", "3mo", "1y"]
    throw failure(.badDate(piece), suggestion: Spelling.closest(to: piece, among: known))
  }

  private func ago(_ piece: String) -> DaySpan? {
    let digits = piece.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 100_000 else { return nil }
    let today = CalendarDay(self.today)
    let first: CalendarDay
    switch piece.dropFirst(digits.count) {
    case "d": first = today.adding(days: -count)
    case "w": first = today.adding(days: -7 * count)
    case "mo": first = today.adding(months: -count)
    case "y": first = today.adding(months: -12 * count)
    default: return nil
    }
    return DaySpan(first: first.date, last: self.today)
  }

  private func month(_ piece: String) -> DaySpan? {
    guard piece.utf8.count == 7, let first = PaperDate(piece + "-01") else { return nil }
    let last = CalendarDay(first).adding(months: 1).adding(days: -1).date
    return DaySpan(first: first, last: last)
  }

  private func year(_ piece: String) -> DaySpan? {
    guard piece.utf8.count == 4, let first = PaperDate(piece + "-01-01") else { return nil }
    return DaySpan(first: first, last: PaperDate(piece + "-12-31"))
  }

  private static func rangeDots(_ piece: String) -> Range<String.Index>? {
    var index = piece.startIndex
    while index < piece.endIndex {
      let next = piece.index(after: index)
      if piece[index] == ".", next < piece.endIndex, piece[next] == "." {
        return index..<piece.index(after: next)
      }
      index = next
    }
    return nil
  }

  private func failure(_ kind: FilterError.Kind, suggestion: String? = nil) -> FilterError {
    FilterError(kind: kind, text: source, range: range, suggestion: suggestion)
  }
}

/// Days counted (proleptic Gregorian, days since 1970-01-01), after Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms".
public struct CalendarDay: Hashable, Sendable {
  /// Days since 1970-01-01.
  public var number: Int

  /// The day `number` days after 1970-01-01.
  public init(number: Int) { self.number = number }

  /// The day of a date.
  public init(_ date: PaperDate) {
    let parts = date.text.split(separator: "-").map { Int($0) ?? 1 }
    self.init(year: parts[0], month: parts[1], day: parts[2])
  }

  private init(year: Int, month: Int, day: Int) {
    let year = month <= 2 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    number = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Year, month 1…12, day 1…31.
  public var components: (year: Int, month: Int, day: Int) {
    let shifted = number + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    return (year, month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  /// The date; days outside the years 1…9999 become the nearest one inside.
  public var date: PaperDate {
    let (year, month, day) = components
    if year < 1 { return PaperDate(trusted: "0001-01-01") }
    if year > 9999 { return PaperDate(trusted: "9999-12-31") }
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    return PaperDate(trusted: padded(year, 4) + "-" + padded(month, 2) + "-" + padded(day, 2))
  }

  /// So many days later.
  public func adding(days: Int) -> CalendarDay { CalendarDay(number: number + days) }

  /// The same day so many months later, or the last day of that month.
  public func adding(months: Int) -> CalendarDay {
    let (year, month, day) = components
    let index = year * 12 + month - 1 + months
    let (newYear, newMonth) = (
      Int((Double(index) / 12).rounded(.down)), ((index % 12) + 12) % 12 + 1
    )
    let last = PaperDate.days(in: newMonth, of: newYear)
    return CalendarDay(year: newYear, month: newMonth, day: min(day, last))
  }
}
