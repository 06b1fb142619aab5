import Papers

/// The library in numbers.
package struct Statistics: Hashable, Sendable {
  /// Papers on the list.
  package var papers = 0
  /// Papers of each status, in the order of the statuses.
  package var byStatus: [(status: ReadingStatus, papers: Int)] = []
  /// Starred papers.
  package var starred = 0
  /// Papers with a tag.
  package var tagged = 0
  /// Papers with a note.
  package var noted = 0
  /// Papers seen in more than one digest.
  package var repeated = 0
  /// Papers with an edit that lost to another machine's, or a note to look at.
  package var conflicted = 0
  /// Notes.
  package var notes = 0
  /// Digests: different days of different series.
  package var digests = 0
  /// The newest day of a digest.
  package var newestDay: PaperDate?
  /// The oldest day of a digest.
  package var oldestDay: PaperDate?
  /// The most used tags.
  package var tags: [(tag: Tag, papers: Int)] = []
  /// Papers of each of the last days with a digest, newest first.
  package var days: [(day: PaperDate, papers: Int, read: Int)] = []

  /// Nothing yet.
  package init() {}

  /// By all numbers.
  package static func == (a: Statistics, b: Statistics) -> Bool { a.key == b.key }

  /// By all numbers.
  package func hash(into hasher: inout Hasher) { hasher.combine(key) }

  private var key: [String] {
    [
      "\(papers) \(starred) \(tagged) \(noted) \(repeated) \(conflicted) \(notes) \(digests)",
      "\(byStatus) \(tags) \(days) \(String(describing: newestDay)) \(String(describing: oldestDay))",
    ]
  }
}

extension LibraryReader {
  /// The library in numbers; of tags and days the first `top`.
  package func statistics(top: Int = 10) throws -> Statistics {
    var statistics = Statistics()
    try countPapers(&statistics)
    try countDigests(&statistics, top)
    statistics.notes = Int(try db.number("SELECT count(*) FROM note"))
    statistics.tags = Array(
      try tags().sorted { ($1.papers, $0.tag) < ($0.papers, $1.tag) }.prefix(top))
    return statistics
  }

  private func countPapers(_ statistics: inout Statistics) throws {
    var papersOf: [ReadingStatus: Int] = [:]
    try db.forEach(
      """
      SELECT status, count(*), sum(starred), sum(tags <> ''), sum(notes > 0),
        sum(sightings > 1), sum(conflicts > 0)
      FROM paper WHERE listed = 1 GROUP BY status ORDER BY status
      """
    ) { row in
      papersOf[Self.status(row.integer(0)), default: 0] += Int(row.integer(1))
      statistics.papers += Int(row.integer(1))
      statistics.starred += Int(row.integer(2))
      statistics.tagged += Int(row.integer(3))
      statistics.noted += Int(row.integer(4))
      statistics.repeated += Int(row.integer(5))
      statistics.conflicted += Int(row.integer(6))
    }
    statistics.byStatus = ReadingStatus.allCases.map { ($0, papersOf[$0] ?? 0) }
  }

  private func countDigests(_ statistics: inout Statistics, _ top: Int) throws {
    var days = 0
    try db.forEach(
      """
      SELECT count(*), min(nullif(day, '')), max(day), count(DISTINCT day)
      FROM (SELECT DISTINCT day, source FROM appearance)
      """
    ) { row in
      statistics.digests = Int(row.integer(0))
      statistics.oldestDay = try row.optionalText(1).flatMap { PaperDate($0) }
      statistics.newestDay = try row.optionalText(2).flatMap { PaperDate($0) }
      days = Int(row.integer(3))
    }
    // Only two digests of one day can be the same one.
    if statistics.digests > days { statistics.digests -= try twins() }
    statistics.days = try db.all(
      """
      SELECT day, count(*), sum(status = ?) FROM paper
      WHERE listed = 1 AND day IS NOT NULL GROUP BY day ORDER BY day DESC LIMIT ?
      """, [SQLValue(ReadingStatus.read.number), SQLValue(top)]
    ) { (PaperDate(trusted: try $0.text(0)), Int($0.integer(1)), Int($0.integer(2))) }
  }
}
