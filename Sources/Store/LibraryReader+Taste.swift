import Changes
import Filters
import Papers

/// What the order by taste learns from, and how papers come in it.
extension LibraryReader {
  /// A paper that the person took or turned down.
  package struct Verdict: Hashable, Sendable {
    /// The paper.
    package var id: ByteText
    /// The number this library gives it.
    package var number: Int64
    /// Whether it was taken.
    package var isLiked: Bool
    /// How much it tells, over 0.
    package var weight: Double
  }

  /// A change by its place in this library and its stamp: where the last one is the same, so is
  /// everything.
  package struct ChangeMark: Hashable, Sendable {
    /// Place, milliseconds, counter, the number of the device.
    package var numbers: [Int64]

    /// A mark of four numbers; of nothing, where they are fewer.
    package init(_ numbers: [Int64] = []) { self.numbers = numbers }
  }

  /// The last thing recorded.
  package func lastChange() throws -> ChangeMark {
    try db.first("SELECT \(Self.mark) FROM change ORDER BY seq DESC LIMIT 1", [], Self.mark)
      ?? ChangeMark()
  }

  /// The papers that something was recorded of after a change; nil where this library, a backup
  /// perhaps, does not have that change.
  package func papersChanged(since mark: ChangeMark) throws -> Set<ByteText>? {
    guard let place = mark.numbers.first,
      let known = try db.first(
        "SELECT \(Self.mark) FROM change WHERE seq = ?", [SQLValue(place)], Self.mark),
      known == mark
    else { return nil }
    var papers: Set<ByteText> = []
    try db.forEach("SELECT entity FROM change WHERE seq > ?", [SQLValue(place)]) { row in
      let entity = try row.text(0)
      guard RegisterName.kind(ofEntity: entity) == .paper else { return }
      papers.insert(ByteText(RegisterName.key(ofEntity: entity)))
    }
    return papers
  }

  private static let mark = "seq, ms, counter, device"

  private static func mark(_ row: SQLiteRow) -> ChangeMark {
    ChangeMark((0..<4).map { row.integer($0) })
  }

  /// What the person took and turned down, of the newest days, in the order of the papers' ids, so
  /// that it does not matter in which order they came.
  ///
  /// Taken is what is starred (it counts twice), read, being read, tagged, or has a note, and by
  /// half what is queued. Turned down is what was skipped and is not starred; a tag on it leaves
  /// open what was meant. Where that is little, papers that were left unread on a day on which
  /// something was decided, and which is not the newest such day, stand for a quarter; and where
  /// even those are few, all that is undecided for a tenth.
  package func verdicts(liked: Int, declined: Int) throws -> [Verdict] {
    var all = try verdicts(
      """
      p.number IN (SELECT number FROM paper WHERE listed = 1 AND starred = 1
        UNION SELECT number FROM paper WHERE listed = 1 AND status IN (1, 2, 3)
        UNION SELECT t.paper FROM tag t JOIN paper q ON q.number = t.paper WHERE q.status <> 4
        UNION SELECT n.paper FROM note n JOIN paper q ON q.number = n.paper WHERE q.status <> 4)
      """, isLiked: true,
      weight:
        "CASE WHEN p.starred THEN 2.0 WHEN p.status = 1 AND p.tags = '' THEN 0.5 ELSE 1.0 END",
      limit: liked)
    var left = declined
    func decline(_ condition: String, _ weight: String, unlessOver enough: Int) throws {
      guard declined - left < enough, left > 0 else { return }
      let more = try verdicts(condition, isLiked: false, weight: weight, limit: left)
      left -= more.count
      all += more
    }
    try decline("p.status = 4 AND p.starred = 0 AND p.tags = ''", "1.0", unlessOver: declined)
    let undecided = "p.status = 0 AND p.starred = 0 AND p.tags = '' AND p.notes = 0"
    let decided = """
      SELECT day FROM paper WHERE listed = 1 AND day IS NOT NULL
        AND (status <> 0 OR starred = 1)
      """
    let passedOver = "p.day < (SELECT max(day) FROM (\(decided))) AND p.day IN (\(decided))"
    try decline("\(undecided) AND \(passedOver)", "0.25", unlessOver: declined / 4)
    try decline(
      "\(undecided) AND coalesce(NOT (\(passedOver)), 1)", "0.1", unlessOver: Self.enoughDeclined)
    return all.sorted { $0.id < $1.id }
  }

  /// With fewer papers turned down, the undecided stand in.
  private static let enoughDeclined = 50

  private func verdicts(
    _ condition: String, isLiked: Bool, weight: String, limit: Int
  ) throws -> [Verdict] {
    try db.all(
      """
      SELECT p.id, p.number, CAST(10 * \(weight) AS INTEGER) FROM paper p
      WHERE p.listed = 1 AND \(condition) ORDER BY p.day DESC, p.position, p.id LIMIT ?
      """, [SQLValue(limit)]
    ) { row in
      Verdict(
        id: ByteText(try row.text(0)), number: row.integer(1), isLiked: isLiked,
        weight: Double(row.integer(2)) / 10)
    }
  }

  /// ``subject(ofPaperNumbered:)`` of an id.
  package func subject(of id: PaperID) throws -> Paper? {
    let number = try db.first(
      "SELECT number FROM paper WHERE id = ?", [SQLValue(id.rawValue)]
    ) { $0.integer(0) }
    return try number.flatMap { try subject(ofPaperNumbered: $0) }
  }

  /// A paper as far as it tells what it is about: title, summary, key words, abstract, authors.
  package func subject(ofPaperNumbered number: Int64) throws -> Paper? {
    try db.first(
      """
      SELECT p.id, c.value, p.\(Authors.field), p.\(GivenTitle.field),
        (SELECT a.text FROM abstract a WHERE a.paper = p.number)
      FROM paper p LEFT JOIN change c ON c.seq = p.content WHERE p.number = ?
      """, [SQLValue(number)]
    ) { row in
      let id = try row.text(0)
      var paper = Paper(
        id: PaperID(trusted: id),
        content: try Self.content(row, 1, of: id)?.content ?? PaperContent())
      paper.bibliography.authors = try row.optionalText(2).flatMap { Authors.value($0) } ?? []
      paper.bibliography.abstract = try row.optionalText(4)
      paper.content = paper.content.titled(try row.optionalText(3))
      return paper
    }
  }

  /// Calls `body` with the rows that a filter selects, the newest day first, within a day those of
  /// the highest score first and equals as the digest has them. A day is read when the one before
  /// was taken, so that a page of a large library costs a few days.
  package func forEachByTaste(
    _ filter: Filter, in context: FilterContext, limit: Int? = nil,
    score: (Paper) -> Float, _ body: (Row) throws -> Void
  ) throws {
    struct Enough: Error {}
    var day: [(row: Row, score: Float)] = []
    var left = limit ?? .max
    func pass() throws {
      let sorted = day.enumerated().sorted {
        ($1.element.score, $0.offset) < ($0.element.score, $1.offset)
      }
      day = []
      for (_, entry) in sorted {
        guard left > 0 else { throw Enough() }
        left -= 1
        try body(entry.row)
      }
      if left == 0 { throw Enough() }
    }
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    do {
      try db.forEach(
        """
        SELECT \(rowColumns), p.number FROM paper p WHERE \(selection.sql)
        ORDER BY \(Order(.taste, descending: false).sql)
        """, selection.arguments
      ) { columns in
        let row = try row(columns)
        if let last = day.last, last.row.date != row.date { try pass() }
        let subject = try subject(ofPaperNumbered: columns.integer(columns.count - 1))
        day.append((row, subject.map(score) ?? 0))
      }
      try pass()
    } catch is Enough {}
  }
}
