import Changes
import Filters
import Papers

extension LibraryReader {
  /// The day a paper stands under: that of the newest digest it was in; the papers of no digest
  /// with a day come last, together.
  package struct ShelfDay: Hashable, Sendable {
    /// Nil for those of no day.
    package var date: PaperDate?

    /// A day.
    package init(_ date: PaperDate?) { self.date = date }
  }

  /// The newest day with a paper that a filter selects.
  /// - Parameter day: only days before this one.
  package func newestDay(
    _ filter: Filter, in context: FilterContext, before day: ShelfDay? = nil
  ) throws -> ShelfDay? {
    if let day, day.date == nil { return nil }
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    let bound = day.flatMap(\.date).map { SQLValue($0.text) }
    // Two questions, for each is the step of an index.
    let dated = try db.first(
      """
      SELECT p.day FROM paper p WHERE \(selection.sql)
        AND p.day \(bound == nil ? "IS NOT NULL" : "< ?") ORDER BY p.day DESC LIMIT 1
      """, selection.arguments + (bound.map { [$0] } ?? [])
    ) { PaperDate(trusted: try $0.text(0)) }
    if let dated { return ShelfDay(dated) }
    let isLeft = try db.exists(
      "SELECT 1 FROM paper p WHERE \(selection.sql) AND p.day IS NULL", selection.arguments)
    return isLeft ? ShelfDay(nil) : nil
  }

  /// A run of the papers of a day, in the digest's order.
  package struct DayRun: Sendable {
    /// The papers.
    package var rows: [Row]
    /// How many of the day stand before them.
    package var before: Int
    /// How many the day has.
    package var total: Int
  }

  /// The papers of a day that a filter selects: all of a day of usual size, a run of a large one.
  /// - Parameters:
  ///   - id: a paper that is to be among them; nil is the first.
  ///   - context: so many before that.
  ///   - limit: at most so many from that one on.
  package func run(
    of day: ShelfDay, _ filter: Filter, in context: FilterContext, from id: PaperID? = nil,
    before: Int, limit: Int
  ) throws -> DayRun {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    let isOfDay = day.date == nil ? "p.day IS NULL" : "p.day = ?"
    let arguments = selection.arguments + (day.date.map { [SQLValue($0.text)] } ?? [])
    let condition = "\(selection.sql) AND \(isOfDay)"
    let total = Int(try db.number("SELECT count(*) FROM paper p WHERE \(condition)", arguments))
    let place = try id.flatMap { id in
      try db.first("SELECT position FROM paper WHERE id = ?", [SQLValue(id.rawValue)]) {
        [SQLValue($0.integer(0)), SQLValue(id.rawValue)]
      }
    }
    let from = place.map { _ in " AND (p.position, p.id) >= (?, ?)" } ?? ""
    var rows = try db.all(
      """
      SELECT \(rowColumns) FROM paper p WHERE \(condition)\(from)
      ORDER BY p.position, p.id LIMIT ?
      """, arguments + (place ?? []) + [SQLValue(limit)], row)
    guard let place else { return DayRun(rows: rows, before: 0, total: total) }
    let earlier = try db.all(
      """
      SELECT \(rowColumns) FROM paper p WHERE \(condition) AND (p.position, p.id) < (?, ?)
      ORDER BY p.position DESC, p.id DESC LIMIT ?
      """, arguments + place + [SQLValue(before)], row)
    rows = earlier.reversed() + rows
    var count = 0
    if earlier.count == before, let first = earlier.last {
      count = Int(
        try db.number(
          """
          SELECT count(*) FROM paper p JOIN paper f ON f.id = ?
          WHERE (p.position, p.id) < (f.position, f.id) AND \(condition)
          """, [SQLValue(first.id.rawValue)] + arguments))
    }
    return DayRun(rows: rows, before: count, total: total)
  }

  /// The rows of papers as they are now; those that are on the list no more are left out.
  package func rows(_ ids: some Sequence<PaperID>) throws -> [Row] {
    try ids.compactMap { id in
      try db.first(
        "SELECT \(rowColumns) FROM paper p WHERE p.id = ? AND p.listed = 1",
        [SQLValue(id.rawValue)], row)
    }
  }
}

extension LibraryReader {
  /// How many papers of each day are unread, the newest day first.
  package func unreadDays() throws -> [(day: ShelfDay, papers: Int)] {
    try db.all(
      """
      SELECT day, count(*) FROM paper WHERE listed = 1 AND status = ?
      GROUP BY day ORDER BY day DESC
      """, [SQLValue(ReadingStatus.unread.number)]
    ) { (ShelfDay(try $0.optionalText(0).map { PaperDate(trusted: $0) }), Int($0.integer(1))) }
  }

  /// When the person did something, on any machine, and that was not taken back: moments in
  /// milliseconds since 1970 UTC, with the words of the command.
  package func deeds(since: Int64) throws -> [(time: Int64, what: String)] {
    try db.all(
      "SELECT ms, what FROM operation WHERE kind = 'do' AND state = 0 AND ms >= ?",
      [SQLValue(since)]
    ) { ($0.integer(0), try $0.optionalText(1) ?? "") }
  }
}

extension Library {
  /// A number that changes when another connection has written to the file
  /// (https://sqlite.org/pragma.html#pragma_data_version).
  package func version() throws -> Int64 {
    do {
      return try database.number("PRAGMA data_version")
    } catch {
      throw LibraryError.from(error, path: path)
    }
  }
}
