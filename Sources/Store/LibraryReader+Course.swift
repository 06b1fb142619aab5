import Changes
import Papers

/// What came in and what went out, day by day.
package struct DayCourse: Hashable, Sendable {
  /// The day; of a digest for what came in, of the person for what went out.
  package var day: PaperDate
  /// Papers that came in: seen in a digest of that day, or added on it by hand.
  package var came = 0
  /// Of those, how many are read by now.
  package var read = 0
  /// Of those, how many are unread by now.
  package var left = 0
  /// Papers that the person decided on that day, whenever they came.
  package var decided = 0

  /// A day on which nothing happened.
  package init(day: PaperDate) { self.day = day }
}

/// How much of something the person takes.
package struct Uptake: Hashable, Sendable {
  /// What: a key word, a tag, a source.
  package var name: String
  /// Papers that have it.
  package var papers = 0
  /// Of those, starred, queued, being read or read.
  package var taken = 0
  /// Of those, skipped.
  package var skipped = 0
  /// Of those, unread and not starred.
  package var left = 0

  /// Nothing yet.
  package init(name: String) { self.name = name }
}

extension LibraryReader {
  /// Every day on which something came in or was decided, the newest first. A paper that several
  /// digests have counts on each of their days; one that none has, on the day it was added.
  /// - Parameters:
  ///   - since: the first day; nil for all.
  ///   - start: when that day begins where the person is, milliseconds since 1970 UTC.
  ///   - dayOf: the day of a moment where the person is.
  package func course(
    since: PaperDate?, start: Int64, dayOf: @escaping (Int64) -> String
  ) throws -> [DayCourse] {
    var days: [String: DayCourse] = [:]
    func change(_ day: String, _ body: (inout DayCourse) -> Void) {
      body(&days[day, default: DayCourse(day: PaperDate(trusted: day))])
    }
    // One paper may stand twice in a day, in two series.
    try db.forEach(
      """
      SELECT a.day, count(*), sum(p.status = ?1), sum(p.status = 0) FROM
        (SELECT DISTINCT day, paper FROM appearance WHERE day >= ?2 AND day <> '') a
        JOIN paper p ON p.number = a.paper
      WHERE p.listed = 1 GROUP BY a.day
      """, [SQLValue(ReadingStatus.read.number), SQLValue(since?.text ?? "")]
    ) { row in
      change(try row.text(0)) {
        $0.came += Int(row.integer(1))
        $0.read += Int(row.integer(2))
        $0.left += Int(row.integer(3))
      }
    }
    var known = KnownDay(dayOf: dayOf)
    try db.forEach(
      """
      SELECT added, status FROM paper
      WHERE listed = 1 AND day IS NULL AND added >= ? ORDER BY added
      """, [SQLValue(start)]
    ) { row in
      change(known.day(row.integer(0))) {
        $0.came += 1
        if Self.status(row.integer(1)) == .read { $0.read += 1 }
        if Self.status(row.integer(1)) == .unread { $0.left += 1 }
      }
    }
    // A paper changed last when it was decided, or later: those before need not be looked up.
    try db.forEach(
      """
      SELECT (SELECT max(coalesce(c.at, c.ms)) FROM change c
        WHERE c.entity = ? || p.id AND c.field = ?) AS moment
      FROM paper p WHERE p.listed = 1 AND p.status <> 0 AND p.updated >= ?
      """,
      [
        SQLValue(EntityKind.paper.entity("")), SQLValue(Status.field), SQLValue(start),
      ]
    ) { row in
      guard let moment = row.optionalInteger(0), moment >= start else { return }
      change(known.day(moment)) { $0.decided += 1 }
    }
    return days.values.sorted { $0.day > $1.day }
  }

  /// The day of moments that lie close together, as most do: not each is asked for. Where the clock
  /// changes and where a day begins, quarters of an hour are whole; a quarter whose ends are of two
  /// days all the same is asked for each of its moments.
  private struct KnownDay {
    let dayOf: (Int64) -> String
    private var quarters: [Int64: String] = [:]
    private static let quarter: Int64 = 900_000
    /// The end of the year 9999: what a damaged library tells may be any number.
    private static let last: Int64 = 253_402_300_799_999

    init(dayOf: @escaping (Int64) -> String) { self.dayOf = dayOf }

    mutating func day(_ told: Int64) -> String {
      let moment = min(max(told, 0), Self.last)
      let number = moment / Self.quarter
      if let known = quarters[number] { return known }
      let start = number * Self.quarter
      let first = dayOf(start)
      guard first == dayOf(start + Self.quarter - 1) else { return dayOf(moment) }
      quarters[number] = first
      return first
    }
  }

  /// How much the person takes of what has a tag, the most used first.
  package func uptakeByTag(since: PaperDate?) throws -> [Uptake] {
    try uptake("tag t JOIN paper p ON p.number = t.paper", "t.name", since)
  }

  /// How much the person takes of each source.
  package func uptakeBySource(since: PaperDate?) throws -> [Uptake] {
    try uptake(
      "(SELECT DISTINCT paper, source FROM appearance) t JOIN paper p ON p.number = t.paper",
      "t.source", since)
  }

  private func uptake(_ tables: String, _ name: String, _ since: PaperDate?) throws -> [Uptake] {
    try db.all(
      """
      SELECT \(name), count(*), sum(p.status IN (1, 2, 3) OR p.starred),
        sum(p.status = 4 AND NOT p.starred), sum(p.status = 0 AND NOT p.starred)
      FROM \(tables) WHERE p.listed = 1 AND coalesce(p.day, '') >= ?
      GROUP BY \(name) ORDER BY count(*) DESC, \(name)
      """, [SQLValue(since?.text ?? "")]
    ) { row in
      var uptake = Uptake(name: try row.text(0))
      uptake.papers = Int(row.integer(1))
      uptake.taken = Int(row.integer(2))
      uptake.skipped = Int(row.integer(3))
      uptake.left = Int(row.integer(4))
      return uptake
    }
  }

  /// How much the person takes of each key word, the most used first, the same word in another case
  /// as one; of the newest papers, so many that it stays a matter of milliseconds.
  package func uptakeByKeyword(since: PaperDate?) throws -> [Uptake] {
    var all: [String: Uptake] = [:]
    try db.forEach(
      """
      SELECT keywords, status, starred FROM paper
      WHERE listed = 1 AND keywords <> '' AND coalesce(day, '') >= ?
      ORDER BY day DESC, position, id LIMIT \(Self.mostKeywordPapers)
      """, [SQLValue(since?.text ?? "")]
    ) { row in
      let (status, starred) = (Self.status(row.integer(1)), row.truth(2))
      var seen: Set<String> = []
      for word in try row.text(0).split(separator: "\n") {
        let key = word.lowercased()
        guard seen.insert(key).inserted else { continue }
        var uptake = all[key] ?? Uptake(name: String(word))
        uptake.papers += 1
        switch status {
        case .queued, .reading, .read: uptake.taken += 1
        case _ where starred: uptake.taken += 1
        case .skipped: uptake.skipped += 1
        case .unread: uptake.left += 1
        }
        all[key] = uptake
      }
    }
    return all.values.sorted { ($1.papers, $0.name) < ($0.papers, $1.name) }
  }

  /// More papers tell no more of what key words are taken.
  private static let mostKeywordPapers = 20_000
}
