import Changes
import GRDB
import Papers

/// Answers questions about the library as it stands within one transaction.
public struct LibraryReader {
  let db: Database

  /// One line of a list: what can be told without opening the summary.
  public struct Row: Hashable, Sendable {
    /// Identity.
    public var id: PaperID
    /// The title; empty when only a link is known.
    public var title: String
    /// How far the person is.
    public var status: ReadingStatus
    /// Whether starred.
    public var starred: Bool
    /// Sorted.
    public var tags: [Tag]
    /// The day of the newest digest it was seen in.
    public var date: PaperDate?
    /// When it came on the list, milliseconds since 1970.
    public var added: Int64
  }

  /// An order of papers: a key and a direction.
  public struct Order: Hashable, Sendable {
    /// What to order by.
    public enum Key: String, CaseIterable, Sendable {
      case date, added, updated, title, id, status
    }

    /// The key.
    public var key: Key
    /// The greatest first (`date-`).
    public var descending: Bool

    /// An order with everything said.
    public init(_ key: Key, descending: Bool) {
      self.key = key
      self.descending = descending
    }

    /// Reads `KEY` or `KEY-`; nil for an unknown key.
    public init?(_ text: String) {
      let descending = text.hasSuffix("-")
      guard let key = Key(rawValue: descending ? String(text.dropLast()) : text) else { return nil }
      self.init(key, descending: descending)
    }

    /// The newest digest first, its papers in the digest's own order.
    public static let newest = Order(.date, descending: true)
  }

  // MARK: Papers

  /// Calls `body` with the rows of the papers a filter selects, in order, as they are read.
  /// - Throws: ``LibraryError/filter(_:)``, or what `body` throws.
  public func forEachRow(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil,
    _ body: (Row) throws -> Void
  ) throws {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    let cursor = try GRDB.Row.fetchCursor(
      db,
      sql: """
        SELECT p.id, p.title, p.status, p.starred, p.tags, p.day, p.added
        FROM paper p
        WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?
        """, arguments: selection.arguments + [limit ?? -1])
    while let row = try cursor.next() { try body(Self.row(row)) }
  }

  /// The rows of the papers a filter selects, in order.
  public func rows(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil
  ) throws -> [Row] {
    var rows: [Row] = []
    try forEachRow(filter, in: context, order: order, limit: limit) { rows.append($0) }
    return rows
  }

  /// The ids of the papers a filter selects, in order.
  public func ids(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil
  ) throws -> [PaperID] {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    let statement = try db.makeStatement(
      sql: "SELECT p.id FROM paper p WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?")
    try statement.setArguments(selection.arguments + [limit ?? -1])
    var ids: [PaperID] = []
    try db.forEach(statement) { ids.append(PaperID(trusted: $0.text(0))) }
    return ids
  }

  /// How many papers a filter selects.
  public func count(_ filter: Filter, in context: FilterContext) throws -> Int {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    return try Int.fetchOne(
      db, sql: "SELECT count(*) FROM paper p WHERE \(selection.sql)",
      arguments: selection.arguments) ?? 0
  }

  /// Calls `body` with each paper a filter selects, whole, in order, one at a time.
  public func forEachPaper(
    _ filter: Filter, in context: FilterContext, order: Order = .newest, limit: Int? = nil,
    _ body: (Paper) throws -> Void
  ) throws {
    let selection = try FilterSQL(reader: self, context: context).selection(of: filter)
    let statement = try db.makeStatement(
      sql: "\(Self.wholePaper) WHERE \(selection.sql) ORDER BY \(order.sql) LIMIT ?")
    try statement.setArguments(selection.arguments + [limit ?? -1])
    try db.forEach(statement) { try body(paper($0)) }
  }

  /// The whole paper; nil when it is not on the list.
  public func paper(_ id: PaperID) throws -> Paper? {
    try db.first(
      "\(Self.wholePaper) WHERE p.id = ? AND p.listed = 1", [SQLValue(id.rawValue)], paper)
  }

  /// What is known of a paper for an import: whether it is on the list, and what a digest said.
  public func standing(of id: PaperID) throws -> (isListed: Bool, content: DigestContent?)? {
    try db.first(
      """
      SELECT p.listed, c.value FROM paper p LEFT JOIN change c ON c.seq = p.content
      WHERE p.id = ?
      """, [SQLValue(id.rawValue)]
    ) { row in (row.integer(0) != 0, try row.bytes(1) { try DigestContent(json: $0) }) }
  }

  /// Whether a paper was seen in this digest at this place.
  public func hasAppearance(_ id: PaperID, _ appearance: Appearance) throws -> Bool {
    try Int.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT 1 FROM appearance a JOIN paper p ON p.number = a.paper
          WHERE p.id = ? AND a.day = ? AND a.source = ? AND a.position = ?
          """),
      arguments: [
        id.rawValue, appearance.date?.text ?? "", appearance.source, appearance.index,
      ]) != nil
  }

  static func row(_ row: GRDB.Row) -> Row {
    Row(
      id: PaperID(trusted: row[0]), title: row[1], status: status(row[2]), starred: row[3],
      tags: tags(row[4]), date: (row[5] as String?).map { PaperDate(trusted: $0) },
      added: row[6])
  }

  private static let wholePaper = """
    SELECT p.id, p.status, p.starred, p.tags, p.number, p.added, p.updated, p.sightings, p.notes,
      c.value
    FROM paper p LEFT JOIN change c ON c.seq = p.content
    """

  /// A row of ``wholePaper``.
  private func paper(_ row: PlainRow) throws -> Paper {
    let id = row.text(0)
    let number = row.integer(4)
    let content: PaperContent
    do {
      content = try row.bytes(9) { try DigestContent(json: $0).content } ?? PaperContent()
    } catch {
      throw DatabaseError(
        resultCode: .SQLITE_CORRUPT, message: "what is stored of \(id) is no JSON")
    }
    return Paper(
      id: PaperID(trusted: id), content: content, status: Self.status(Int(row.integer(1))),
      starred: row.integer(2) != 0, tags: Self.tags(row.text(3)),
      notes: row.integer(8) == 0 ? [] : try notes(ofPaperNumbered: number),
      appearances: row.integer(7) == 0 ? [] : try appearances(ofPaperNumbered: number),
      added: row.integer(5), updated: row.integer(6))
  }

  static func status(_ number: Int) -> ReadingStatus {
    let all = ReadingStatus.allCases
    return all.indices.contains(number) ? all[number] : .unread
  }

  private static func tags(_ joined: String) -> [Tag] {
    joined.isEmpty ? [] : joined.split(separator: " ").map { Tag(trusted: String($0)) }
  }

  private func notes(ofPaperNumbered number: Int64) throws -> [Note] {
    var notes: [Note] = []
    try db.forEach(
      "SELECT id, text, created, updated FROM note WHERE paper = ? ORDER BY created, id",
      [SQLValue(number)]
    ) { row in
      notes.append(
        Note(id: row.text(0), text: row.text(1), created: row.integer(2), updated: row.integer(3)))
    }
    return notes
  }

  private func appearances(ofPaperNumbered number: Int64) throws -> [Appearance] {
    var appearances: [Appearance] = []
    try db.forEach(
      "SELECT day, position, source FROM appearance WHERE paper = ? ORDER BY day, source",
      [SQLValue(number)]
    ) { row in
      appearances.append(
        Appearance(
          date: PaperDate(row.text(0)), index: Int(row.integer(1)), source: row.text(2)))
    }
    return appearances
  }

  // MARK: Names

  /// What an id argument names: the id, a link, a DOI, any unique suffix of three characters or
  /// more, or `%row` of the last listing.
  /// - Throws: ``LibraryError/notFound(_:)``, ``LibraryError/ambiguous(_:candidates:)``.
  public func resolve(_ text: String, in context: FilterContext) throws -> PaperID {
    if text.hasPrefix("%"), let row = Int(text.dropFirst()) {
      guard let id = context.listing(row) else { throw LibraryError.notFound(text) }
      return id
    }
    if let id = PaperID(link: text), try isListed(id) { return id }
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
    return try String.fetchAll(
      db,
      sql: """
        SELECT id FROM paper WHERE listed = 1 AND substr(id, -length(?1)) = ?1 COLLATE NOCASE
        ORDER BY id LIMIT 20
        """, arguments: [text]
    ).map { PaperID(trusted: $0) }
  }

  /// Whether the paper is on the list.
  public func isListed(_ id: PaperID) throws -> Bool {
    try Int.fetchOne(
      db.cachedStatement(sql: "SELECT 1 FROM paper WHERE id = ? AND listed = 1"),
      arguments: [id.rawValue]) != nil
  }

  /// The tags in use and how many papers bear each, by name.
  public func tags() throws -> [(tag: Tag, papers: Int)] {
    try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT t.name, count(*) FROM tag t JOIN paper p ON p.number = t.paper
        WHERE p.listed = 1 GROUP BY t.name ORDER BY t.name
        """
    ).map { (Tag(trusted: $0[0]), $0[1]) }
  }

  /// The saved views and their filters, by name.
  public func views() throws -> [(name: String, filter: String)] {
    try GRDB.Row.fetchAll(db, sql: "SELECT name, filter FROM view ORDER BY name")
      .map { ($0[0], $0[1]) }
  }

  /// The paper and text of a note; nil when there is none with this id.
  /// A unique beginning of the id, four characters or more, names it too.
  public func note(_ id: String) throws -> (paper: PaperID, note: Note)? {
    guard id.utf8.count >= 4 else { return nil }
    var found: [(paper: PaperID, note: Note)] = []
    // Not by GRDB's own rows: they end a text at a NUL, and an editor would be given a part of the note.
    try db.forEach(
      """
      SELECT p.id, n.id, n.text, n.created, n.updated FROM note n
      JOIN paper p ON p.number = n.paper WHERE substr(n.id, 1, length(?1)) = ?1 LIMIT 2
      """, [SQLValue(id)]
    ) { row in
      let note = Note(
        id: row.text(1), text: row.text(2), created: row.integer(3), updated: row.integer(4))
      found.append((PaperID(trusted: row.text(0)), note))
    }
    return found.count == 1 ? found.first : nil
  }

  /// The id of this copy of the library.
  public func device() throws -> DeviceID {
    guard let text = try Meta.string(db, "device"), let device = DeviceID(text) else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the library has no device id")
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
    case .added: "p.added\(direction), p.day\(direction), p.position, p.id"
    case .updated: "p.updated\(direction), p.id"
    case .title: "p.title COLLATE NOCASE\(direction), p.id"
    case .id: "p.id\(direction)"
    case .status: "p.status\(direction), p.day DESC, p.position, p.id"
    }
  }
}
