import Changes
import Filters
import JSONText
import Papers

/// Answers questions about the library as it stands within one transaction.
package struct LibraryReader {
  let db: Database
  let understanding: Understanding

  /// The registers that are known.
  package var registers: Registers { understanding.registers }

  /// One line of a list: what can be told without opening the summary.
  package struct Row: Hashable, Sendable {
    /// Identity.
    package var id: PaperID
    /// The title; empty when only a link is known.
    package var title: String
    /// How far the person is.
    package var status: ReadingStatus
    /// Whether starred.
    package var starred: Bool
    /// Sorted.
    package var tags: [Tag]
    /// The day of the newest digest it was seen in.
    package var date: PaperDate?
    /// When it came on the list, milliseconds since 1970 UTC.
    package var added: Int64
    /// See ``Paper/others``.
    package var others: [String: FieldValue] = [:]
  }

  /// An order of papers: a key and a direction.
  package struct Order: Hashable, Sendable {
    /// What to order by.
    package enum Key: String, CaseIterable, Sendable {
      case date, added, updated, title, id, status
      /// The newest digest first; how a day is ordered, says who asks
      /// (``LibraryReader/forEachByTaste(_:in:limit:score:_:)``), else as in the digest.
      case taste
    }

    /// The key.
    package var key: Key
    /// The greatest first (`date-`).
    package var descending: Bool

    /// An order with everything said.
    package init(_ key: Key, descending: Bool) {
      self.key = key
      self.descending = descending
    }

    /// Reads `KEY` or `KEY-`; nil for an unknown key.
    package init?(_ text: String) {
      let descending = text.hasSuffix("-")
      guard let key = Key(rawValue: descending ? String(text.dropLast()) : text) else { return nil }
      self.init(key, descending: descending)
    }

    /// The newest digest first, its papers in the digest's own order.
    package static let newest = Order(.date, descending: true)
  }

  // MARK: Papers

  /// Calls `body` with the rows of the papers a filter selects, in order, as they are read.
  /// - Throws: ``LibraryError/filter(_:)``, or what `body` throws.
  package func forEachRow(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil,
    _ body: (Row) throws -> Void
  ) throws {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    try db.forEach(
      "SELECT \(rowColumns) FROM paper p WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?",
      selection.arguments + [SQLValue(limit ?? -1)]
    ) { try body(row($0)) }
  }

  /// The columns of a ``Row``.
  var rowColumns: String {
    "p.id, p.title, p.status, p.starred, p.tags, p.day, p.added"
      + Self.columns(understanding.layout.others)
  }

  /// The rows of the papers a filter selects, in order.
  package func rows(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil
  ) throws -> [Row] {
    var rows: [Row] = []
    try forEachRow(filter, in: context, order: order, limit: limit) { rows.append($0) }
    return rows
  }

  /// The ids of the papers a filter selects, in order.
  package func ids(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil
  ) throws -> [PaperID] {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    return try db.all(
      "SELECT p.id FROM paper p WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?",
      selection.arguments + [SQLValue(limit ?? -1)]
    ) { PaperID(trusted: try $0.text(0)) }
  }

  /// How many papers a filter selects.
  package func count(_ filter: Filter, in context: FilterContext) throws -> Int {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    return Int(
      try db.number("SELECT count(*) FROM paper p WHERE \(selection.sql)", selection.arguments))
  }

  /// Calls `body` with each paper a filter selects, whole, in order, one at a time.
  package func forEachPaper(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil,
    _ body: (Paper) throws -> Void
  ) throws {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    try db.forEach(
      "\(wholePaper) WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?",
      selection.arguments + [SQLValue(limit ?? -1)]
    ) { try body(paper($0)) }
  }

  /// The whole paper; nil when it is not on the list.
  package func paper(_ id: PaperID) throws -> Paper? {
    try db.first(
      "\(wholePaper) WHERE p.id = ? AND p.listed = 1", [SQLValue(id.rawValue)], paper)
  }

  /// What is known of a paper that a digest may say more of.
  package struct KnownPaper: Sendable {
    /// Whether it is on the list.
    package var isListed: Bool
    /// Whether the person took it off, and nothing brought it back.
    package var isRemoved: Bool
    /// What a digest said.
    package var content: DigestContent?
    /// What sources said of who wrote it, where and when.
    package var bibliography = Bibliography()
    /// The title that the person gave it.
    package var givenTitle: String?

    /// What a list shows of it.
    package var shown: PaperContent { (content?.content ?? PaperContent()).titled(givenTitle) }
  }

  /// What is known of a paper that a digest may say more of; nil when nothing ever was said.
  package func known(_ id: PaperID) throws -> KnownPaper? {
    try db.first(
      """
      SELECT p.listed, c.value\(Self.columns(understanding.layout.readWhole))
      FROM paper p LEFT JOIN change c ON c.seq = p.content WHERE p.id = ?
      """, [SQLValue(id.rawValue)]
    ) { row in
      let isListed = row.integer(0) != 0
      var paper = Paper(id: id)
      try Self.read(understanding.layout.readWhole, row, from: 2, into: &paper)
      return KnownPaper(
        isListed: isListed, isRemoved: try !isListed && isRemoved(id),
        content: try Self.content(row, 1, of: id.rawValue), bibliography: paper.bibliography,
        givenTitle: paper.givenTitle)
    }
  }

  private func isRemoved(_ id: PaperID) throws -> Bool {
    var log = ChangeLog(db, understanding)
    let entries = try log.entries(of: EntityKind.paper.entity(id.rawValue))
      .filter { $0.change.field.hasBytes(of: Removed.field) }
    return try PaperFold(
      id, entries.map(\.change), registers, room: understanding.room, text: log.values(of: entries)
    ).isRemoved
  }

  static func content(
    _ row: SQLiteRow, _ column: Int32, of id: String
  ) throws -> DigestContent? {
    do {
      return try row.bytes(column) { try DigestContent(json: $0) }
    } catch is JSONTextError {
      throw SQLiteError.damaged("what is stored of \(id) is no JSON")
    }
  }

  func row(_ row: SQLiteRow) throws -> Row {
    Row(
      id: PaperID(trusted: try row.text(0)), title: try row.text(1),
      status: Self.status(row.integer(2)),
      starred: row.truth(3), tags: Self.tags(try row.text(4)),
      date: try row.optionalText(5).map { PaperDate(trusted: $0) }, added: row.integer(6),
      others: try others(row, from: 7))
  }

  /// Columns of a paper to follow those before; one of another table is looked up there.
  private static func columns(_ fields: [KeptField]) -> String {
    fields.map { field in
      let name = field.column.name
      return field.table.map { ", (SELECT t.\(name) FROM \($0) t WHERE t.paper = p.number)" }
        ?? ", p.\(name)"
    }.joined()
  }

  /// Reads ``columns(_:)`` into a paper.
  private static func read(
    _ fields: [KeptField], _ row: SQLiteRow, from first: Int32, into paper: inout Paper
  ) throws {
    for (place, field) in fields.enumerated() {
      field.set(try row.field(first + Int32(place), like: field.column.unsaid), &paper)
    }
  }

  /// The values of ``PaperLayout/others``, but for those that hold what held before anything was
  /// said.
  private func others(_ row: SQLiteRow, from first: Int32) throws -> [String: FieldValue] {
    let others = understanding.layout.others
    guard !others.isEmpty else { return [:] }
    var paper = Paper(id: PaperID(trusted: ""))
    try Self.read(others, row, from: first, into: &paper)
    return paper.others
  }

  private var wholePaper: String {
    """
    SELECT p.id, p.status, p.starred, p.tags, p.number, p.added, p.updated, p.sightings, p.notes,
      c.value\(Self.columns(understanding.layout.others + understanding.layout.readWhole))
    FROM paper p LEFT JOIN change c ON c.seq = p.content
    """
  }

  /// A row of ``wholePaper``.
  private func paper(_ row: SQLiteRow) throws -> Paper {
    let id = try row.text(0)
    let number = row.integer(4)
    let content = try Self.content(row, 9, of: id)?.content ?? PaperContent()
    var paper = Paper(
      id: PaperID(trusted: id), content: content, status: Self.status(row.integer(1)),
      starred: row.truth(2), tags: Self.tags(try row.text(3)),
      notes: row.integer(8) == 0 ? [] : try db.notes(ofPaperNumbered: number),
      appearances: row.integer(7) == 0 ? [] : try appearances(ofPaperNumbered: number),
      added: row.integer(5), updated: row.integer(6))
    let (others, whole) = (understanding.layout.others, understanding.layout.readWhole)
    try Self.read(others + whole, row, from: 10, into: &paper)
    paper.content = paper.content.titled(paper.givenTitle)
    return paper
  }

  static func status(_ number: Int64) -> ReadingStatus { ReadingStatus(number: number) ?? .unread }

  private static func tags(_ joined: String) -> [Tag] {
    joined.isEmpty ? [] : joined.split(separator: " ").map { Tag(trusted: String($0)) }
  }

  private func appearances(ofPaperNumbered number: Int64) throws -> [Appearance] {
    let all = try db.all(
      "SELECT day, position, source FROM appearance WHERE paper = ? ORDER BY day, source",
      [SQLValue(number)]
    ) { row in
      Appearance(
        date: PaperDate(try row.text(0)), index: Int(row.integer(1)), source: try row.text(2))
    }
    return Sighting.shown(all)
  }

  // MARK: Names

  /// What an id argument names: the id, a link, a DOI, any unique suffix of three characters or
  /// more, or `%row` of the last listing.
  /// - Throws: ``LibraryError/notFound(_:)``, ``LibraryError/ambiguous(_:candidates:)``.
  package func resolve(_ text: String, in context: FilterContext) throws -> PaperID {
    if text.hasPrefix("%"), let row = Int(text.dropFirst()) {
      guard let id = context.listing(row) else { throw LibraryError.notFound(text) }
      return id
    }
    for id in [PaperID(link: text), PaperPage.paper(of: text)] {
      if let id, try isListed(id) { return id }
    }
    let candidates = try suffixed(text)
    guard let only = candidates.first else { throw LibraryError.notFound(text) }
    guard candidates.count == 1 else {
      throw LibraryError.ambiguous(text, candidates: candidates)
    }
    return only
  }

  /// Papers on the list whose id ends so; at most 20 of them.
  func suffixed(_ text: String) throws -> [PaperID] {
    guard text.utf8.count >= 3 else { return [] }
    return try db.all(
      """
      SELECT id FROM paper WHERE listed = 1 AND substr(id, -length(?1)) = ?1 COLLATE NOCASE
      ORDER BY id LIMIT 20
      """, [SQLValue(text)]
    ) { PaperID(trusted: try $0.text(0)) }
  }

  /// Whether the paper is on the list.
  package func isListed(_ id: PaperID) throws -> Bool {
    try db.exists("SELECT 1 FROM paper WHERE id = ? AND listed = 1", [SQLValue(id.rawValue)])
  }

  /// The tags in use and how many papers bear each, by name.
  package func tags() throws -> [(tag: Tag, papers: Int)] {
    try db.all(
      """
      SELECT t.name, count(*) FROM tag t JOIN paper p ON p.number = t.paper
      WHERE p.listed = 1 GROUP BY t.name ORDER BY t.name
      """
    ) { (Tag(trusted: try $0.text(0)), Int($0.integer(1))) }
  }

  /// The saved views and their filters, by name.
  package func views() throws -> [(name: String, filter: String)] {
    try db.all("SELECT name, filter FROM view ORDER BY name") { (try $0.text(0), try $0.text(1)) }
  }

  /// The paper and text of a note, and what an edit of it has seen; nil when there is none with
  /// this id. A unique beginning of the id, four characters or more, names it too.
  package func note(_ id: String) throws -> (paper: PaperID, note: Note, seen: Seen)? {
    guard id.utf8.count >= 4 else { return nil }
    let found = try db.all(
      """
      SELECT p.id, n.id, n.text, n.created, n.updated FROM note n
      JOIN paper p ON p.number = n.paper WHERE substr(n.id, 1, length(?1)) = ?1 LIMIT 2
      """, [SQLValue(id)]
    ) { row in
      (
        paper: PaperID(trusted: try row.text(0)),
        note: Note(
          id: try row.text(1), text: try row.text(2), created: row.integer(3),
          updated: row.integer(4))
      )
    }
    guard found.count == 1, let (paper, note) = found.first else { return nil }
    let name = RegisterName(.paper, paper.rawValue, Noted.field(note.id))
    return (paper, note, try seen(of: [name]))
  }

  /// Whether a note holds two texts of the same lines, between marks.
  package func holdsTwoTexts(note id: String) throws -> Bool {
    try db.exists("SELECT 1 FROM note WHERE id = ? AND conflicted = 1", [SQLValue(id)])
  }

  /// What holds of some registers, for an edit that is written later.
  package func seen(of names: [RegisterName]) throws -> Seen {
    var log = ChangeLog(db, understanding)
    var stamps: [RegisterName: [Stamp]] = [:]
    for name in names {
      let register = try log.entries(of: name.entity).filter { $0.change.name == name }
      stamps[name] = try understanding.registers.merge(name)
        .heads(of: register.map(\.change), text: log.values(of: register))
    }
    return Seen(stamps)
  }

  /// The id of this copy of the library.
  package func device() throws -> DeviceID {
    guard let text = try Meta.string(db, "device"), let device = DeviceID(text) else {
      throw SQLiteError.damaged("the library has no device id")
    }
    return device
  }
}

extension LibraryReader.Order {
  /// The day's own order of a digest is kept whichever way the days go.
  var sql: String {
    let direction = descending ? " DESC" : ""
    return switch key {
    case .date: "p.day\(direction), p.position, p.id"
    case .taste: "p.day DESC, p.position, p.id"
    case .added: "p.added\(direction), p.day\(direction), p.position, p.id"
    case .updated: "p.updated\(direction), p.id"
    case .title: "p.title COLLATE NOCASE\(direction), p.id"
    case .id: "p.id\(direction)"
    case .status: "p.status\(direction), p.day DESC, p.position, p.id"
    }
  }
}
