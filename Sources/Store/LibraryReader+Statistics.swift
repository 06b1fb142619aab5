import GRDB
import Papers

/// The library in numbers.
public struct Statistics: Hashable, Sendable {
  /// Papers on the list.
  public var papers = 0
  /// Papers of each status, in the order of the statuses.
  public var byStatus: [(status: ReadingStatus, papers: Int)] = []
  /// Starred papers.
  public var starred = 0
  /// Papers with a tag.
  public var tagged = 0
  /// Papers with a note.
  public var noted = 0
  /// Papers seen in more than one digest.
  public var repeated = 0
  /// Papers with an edit that lost to another machine's, or a note to look at.
  public var conflicted = 0
  /// Notes.
  public var notes = 0
  /// Digests: different days of different series.
  public var digests = 0
  /// The newest day of a digest.
  public var newestDay: PaperDate?
  /// The oldest day of a digest.
  public var oldestDay: PaperDate?
  /// The most used tags.
  public var tags: [(tag: Tag, papers: Int)] = []
  /// Papers of each of the last days with a digest, newest first.
  public var days: [(day: PaperDate, papers: Int, read: Int)] = []

  /// Nothing yet.
  public init() {}

  /// By all numbers.
  public static func == (a: Statistics, b: Statistics) -> Bool { a.key == b.key }

  /// By all numbers.
  public func hash(into hasher: inout Hasher) { hasher.combine(key) }

  private var key: [String] {
    [
      "\(papers) \(starred) \(tagged) \(noted) \(repeated) \(conflicted) \(notes) \(digests)",
      "\(byStatus) \(tags) \(days) \(String(describing: newestDay)) \(String(describing: oldestDay))",
    ]
  }
}

extension LibraryReader {
  /// The library in numbers; of tags and days the first `top`.
  public func statistics(top: Int = 10) throws -> Statistics {
    var statistics = Statistics()
    try countPapers(&statistics)
    try countDigests(&statistics, top)
    statistics.notes =
      try Int.fetchOne(db, sql: "SELECT count(*) FROM note") ?? 0
    statistics.tags = Array(
      try tags().sorted { ($1.papers, $0.tag) < ($0.papers, $1.tag) }.prefix(top))
    return statistics
  }

  private func countPapers(_ statistics: inout Statistics) throws {
    let rows = try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT status, count(*), sum(starred), sum(tags <> ''), sum(notes > 0),
          sum(sightings > 1), sum(conflicts > 0)
        FROM paper WHERE listed = 1 GROUP BY status ORDER BY status
        """)
    var papersOf: [ReadingStatus: Int] = [:]
    for row in rows {
      papersOf[Self.status(row[0])] = row[1]
      statistics.papers += row[1]
      statistics.starred += row[2]
      statistics.tagged += row[3]
      statistics.noted += row[4]
      statistics.repeated += row[5]
      statistics.conflicted += row[6]
    }
    statistics.byStatus = ReadingStatus.allCases.map { ($0, papersOf[$0] ?? 0) }
  }

  private func countDigests(_ statistics: inout Statistics, _ top: Int) throws {
    let digests = try GRDB.Row.fetchOne(
      db,
      sql: """
        SELECT count(*), min(nullif(day, '')), max(day)
        FROM (SELECT DISTINCT day, source FROM appearance)
        """)
    statistics.digests = digests?[0] ?? 0
    statistics.oldestDay = (digests?[1] as String?).flatMap { PaperDate($0) }
    statistics.newestDay = (digests?[2] as String?).flatMap { PaperDate($0) }
    statistics.days = try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT day, count(*), sum(status = ?) FROM paper
        WHERE listed = 1 AND day IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT ?
        """,
      arguments: [ReadingStatus.allCases.firstIndex(of: .read) ?? 0, top]
    ).map { (PaperDate(trusted: $0[0]), $0[1], $0[2]) }
  }
}
