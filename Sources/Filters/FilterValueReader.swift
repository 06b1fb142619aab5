import Papers

/// Reads the right side of `field op value` for each kind of field.
struct FilterValueReader {
  var source: String
  var today: PaperDate
  var range: FilterRange
  var isQuoted: Bool
  var vocabulary: FilterVocabulary

  func comparison(
    _ name: String, _ op: FilterOperator, _ rest: String
  ) throws(FilterError) -> Filter {
    guard let field = vocabulary.field(name) else {
      let known = vocabulary.fields.map(\.name)
      throw failure(.unknownField(name), suggestion: Spelling.closest(to: name, among: known))
    }
    guard Self.operators(of: field).contains(op) else {
      let allowed = Self.operators(of: field).map(\.rawValue)
      throw failure(.badOperator(field: name, operator: op.rawValue, allowed: allowed))
    }
    // `added:>=2025` is how others write it.
    if op == .matches, !isQuoted, let order = Self.order(in: rest, of: field) {
      return try comparison(name, order, String(rest.dropFirst(order.rawValue.count)))
    }
    guard !rest.isEmpty else { throw failure(.missingValue(field: name)) }
    let pieces = isQuoted ? [rest] : rest.split(separator: ",").map(String.init)
    guard !pieces.isEmpty else { throw failure(.missingValue(field: name)) }
    var values: [FilterValue] = []
    for piece in pieces { values += try self.values(piece, of: field) }
    return .field(field, op, values)
  }

  /// The `<`, `<=`, `>` or `>=` that a value begins with, where values of the field have an order.
  private static func order(in rest: String, of field: FilterField) -> FilterOperator? {
    let orders: [FilterOperator] = [.atMost, .less, .atLeast, .greater]
    return orders.first { operators(of: field).contains($0) && rest.hasPrefix($0.rawValue) }
  }

  static func operators(of field: FilterField) -> [FilterOperator] {
    switch field.kind {
    case .traits: [.matches, .equals, .differs]
    case .ordered, .days, .number:
      [.matches, .equals, .differs, .less, .atMost, .greater, .atLeast]
    case .words, .text, .tag: [.matches, .equals, .differs, .contains]
    }
  }

  /// One value; of a word that several registers bring, one for each of them.
  private func values(_ piece: String, of field: FilterField) throws(FilterError) -> [FilterValue] {
    guard field.kind == .traits else { return [try value(piece, of: field)] }
    let names = vocabulary.names(of: field)
    let word = names[try place(piece, in: names, of: field)]
    return vocabulary.words(of: field).filter { $0.word == word }.map { .trait($0) }
  }

  private func value(_ piece: String, of field: FilterField) throws(FilterError) -> FilterValue {
    if !isQuoted || field.isOrdered {
      if piece == "none" { return .none }
      if piece == "any" { return .any }
    }
    switch field.kind {
    case .ordered(let names): return try ordered(piece, field, names)
    case .number: return try number(piece)
    case .days: return .days(try days(piece))
    case .tag:
      guard Tag(piece) != nil else { throw failure(.badTag(piece)) }
      return .text(piece)
    case .words:
      guard SearchTokens.hasAny(piece) else { throw failure(.nothingToSearch(piece)) }
      return .text(piece)
    case .text, .traits: return .text(piece)
    }
  }

  private func place(
    _ piece: String, in words: [String], of field: FilterField
  ) throws(FilterError) -> Int {
    if let place = words.firstIndex(of: piece) { return place }
    throw failure(
      .unknownValue(field: field.name, value: piece, allowed: words),
      suggestion: Spelling.closest(to: piece, among: words))
  }

  private func ordered(
    _ piece: String, _ field: FilterField, _ names: [FilterField.OrderedName]
  ) throws(FilterError) -> FilterValue {
    func number(_ word: String) throws(FilterError) -> Int64? {
      word.isEmpty ? nil : names[try place(word, in: names.map(\.word), of: field)].number
    }
    guard let dots = Self.rangeDots(piece) else {
      return .number(names[try place(piece, in: names.map(\.word), of: field)].number)
    }
    return .numbers(
      try number(String(piece[..<dots.lowerBound])), try number(String(piece[dots.upperBound...])))
  }

  /// `4`, `3..5`, `..3`
  private func number(_ piece: String) throws(FilterError) -> FilterValue {
    func number(_ text: Substring) throws(FilterError) -> Int64 {
      guard let number = Int64(text) else { throw failure(.badNumber(piece)) }
      return number
    }
    guard let dots = Self.rangeDots(piece) else { return .number(try number(piece[...])) }
    let (low, high) = (piece[..<dots.lowerBound], piece[dots.upperBound...])
    guard !low.isEmpty || !high.isEmpty else { throw failure(.badNumber(piece)) }
    return .numbers(
      low.isEmpty ? nil : try number(low), high.isEmpty ? nil : try number(high))
  }

  private func days(_ piece: String) throws(FilterError) -> DaySpan {
    guard let dots = Self.rangeDots(piece) else { return try day(piece) }
    let (low, high) = (String(piece[..<dots.lowerBound]), String(piece[dots.upperBound...]))
    guard !low.isEmpty || !high.isEmpty else { throw failure(.badDate(piece)) }
    return DaySpan(
      first: low.isEmpty ? nil : try day(low).first, last: high.isEmpty ? nil : try day(high).last)
  }

  /// `today`, `yesterday`, `7d 2w 3mo 1y` (the days since then), `2025`, `2025-10`, `2025-10-02`;
  /// `7days` and `2025/10/2` too.
  private func day(_ typed: String) throws(FilterError) -> DaySpan {
    let piece = Self.dashed(typed)
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

  /// A day with slashes as one with dashes, of two digits each.
  private static func dashed(_ piece: String) -> String {
    let parts = piece.split(separator: "/", omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), parts[0].utf8.count == 4 else { return piece }
    return parts.map { $0.utf8.count == 1 ? "0" + $0 : String($0) }.joined(separator: "-")
  }

  private func ago(_ piece: String) -> DaySpan? {
    let digits = piece.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int(digits), count <= 100_000 else { return nil }
    let today = CalendarDay(self.today)
    let first: CalendarDay
    switch piece.dropFirst(digits.count) {
    case "d", "day", "days": first = today.adding(days: -count)
    case "w", "week", "weeks": first = today.adding(days: -7 * count)
    case "mo", "month", "months": first = today.adding(months: -count)
    case "y", "year", "years": first = today.adding(months: -12 * count)
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

extension FilterField {
  fileprivate var isOrdered: Bool { if case .ordered = kind { true } else { false } }
}
