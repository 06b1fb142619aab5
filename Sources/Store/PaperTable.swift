import Changes
import GRDB
import Glibc
import Papers

/// The rows of one paper: `paper`, `tag`, `appearance`, `note`, `conflict` and its entry in `search`.
struct PaperTable {
  let db: Database
  let build: Build
  var written: KnownContent?

  /// Content that need not be read from the log.
  struct KnownContent {
    var seq: Int64
    var content: DigestContent
  }

  /// What the paper's row was before.
  private struct Standing {
    var number: Int64
    var updated: Int64
    var tags: String
    var conflicts: Int64
    var content: Int64?
    /// By ``PaperTable/columns``, without those of the text.
    var values: [SQLValue]
  }

  /// What the person said is enough for most of what the person does: what digests said is in the row
  /// already. Not to read and fold it again is a sixth of an undo or a tag.
  /// - Returns: the paper's number.
  func fold(
    _ id: PaperID, _ entries: [ChangeLog.Entry], _ extent: ChangeLog.Extent, _ touched: Set<String>
  ) throws -> Int64 {
    let fold = PaperFold(id, entries.map(\.change))
    let before = try standing(of: id)
    if extent == .person, !Self.isEnough(fold, before) {
      var log = ChangeLog(db: db)
      let all = build.known(try log.entries(of: "p:" + id.rawValue))
      return try self.fold(id, all, .everything, touched)
    }
    let content =
      extent == .person
      ? before?.content
      : fold.content.flatMap { stamp in entries.first { $0.change.stamp == stamp }?.seq }
    let isTextTouched =
      before == nil || before?.content != content || touched.contains { $0.hasPrefix("note:") }
    let oldText = isTextTouched ? try before.map { try indexedText($0) } : nil
    let newContent = isTextTouched ? try digestContent(at: content) : nil
    let number = try writePaper(id, fold, extent, content, newContent, before)
    try writeParts(number, id, fold, entries, touched, before)
    if isTextTouched {
      let text = IndexedText(newContent?.content ?? PaperContent(), fold.notes.map(\.note.text))
      try SearchIndex(db: db).replace(number, oldText, text)
    }
    return number
  }

  /// Whether a fold of what the person said, and the row, tell the whole state. They do unless the
  /// paper is new, or the person's last edit may be older than what a digest said last: then the row's
  /// `updated` may be that of an edit which holds no more.
  private static func isEnough(_ fold: PaperFold, _ before: Standing?) -> Bool {
    before.map { fold.updated >= $0.updated } ?? false
  }

  /// What is written of a paper.
  private static let columns = stateColumns + textColumns
  private static let stateColumns = personColumns + digestColumns
  private static let personColumns = [
    "status", "starred", "listed", "added", "updated", "tags", "notes", "conflicts",
  ]
  private static let assignments = columns.map { $0 + " = ?" }
  private static let digestColumns = ["day", "position", "sightings", "content"]
  /// These are made from the text, which is not read again for a change of the state.
  private static let textColumns = ["title", "keywords", "has"]
  private static let select =
    "SELECT number, \(stateColumns.joined(separator: ", ")) FROM paper WHERE id = ?"
  private static let insert = """
    INSERT INTO paper (\(columns.joined(separator: ", ")), id)
    VALUES (\(String(repeating: "?, ", count: columns.count))?)
    """

  private func standing(of id: PaperID) throws -> Standing? {
    try db.first(Self.select, [SQLValue(id.rawValue)]) { row in
      let values = (1...Int32(Self.stateColumns.count)).map { row.value($0) }
      return Standing(
        number: row.integer(0), updated: row.integer(5), tags: row.text(6),
        conflicts: row.integer(8), content: row.optionalInteger(12), values: values)
    }
  }

  private func digestContent(at seq: Int64?) throws -> DigestContent? {
    if let written, written.seq == seq { return written.content }
    guard let seq, let json = try ChangeLog(db: db).value(at: seq) else { return nil }
    return try? DigestContent(json: json)
  }

  private func indexedText(_ standing: Standing) throws -> IndexedText {
    var notes: [String] = []
    try db.forEach(
      "SELECT text FROM note WHERE paper = ? ORDER BY created, id", [SQLValue(standing.number)]
    ) { notes.append($0.text(0)) }
    let content = try digestContent(at: standing.content)
    return IndexedText(content?.content ?? PaperContent(), notes)
  }

  private func writePaper(
    _ id: PaperID, _ fold: PaperFold, _ extent: ChangeLog.Extent, _ content: Int64?,
    _ digest: DigestContent?, _ before: Standing?
  ) throws -> Int64 {
    let person: [SQLValue] = [
      SQLValue(ReadingStatus.allCases.firstIndex(of: fold.status) ?? 0), SQLValue(fold.starred),
      SQLValue(fold.isListed), SQLValue(fold.added ?? 0), SQLValue(fold.updated),
      SQLValue(fold.tags.map(\.name).joined(separator: " ")), SQLValue(fold.notes.count),
      SQLValue(fold.journal.count + fold.notes.count(where: \.conflicted)),
    ]
    if extent == .person, let before {
      try update(before, person)
      return before.number
    }
    let newest = fold.appearances.last
    let state =
      person + [
        SQLValue(newest?.date?.text), SQLValue(newest?.index ?? 0),
        SQLValue(fold.appearances.count), SQLValue(content),
      ]
    let text: [SQLValue] = [
      SQLValue(digest?.content.title ?? ""),
      SQLValue(digest?.content.keywords.joined(separator: "\n") ?? ""),
      SQLValue(digest.map { Self.possessions($0.content) } ?? 0),
    ]
    guard let before else {
      try db.run(Self.insert, state + text + [SQLValue(id.rawValue)])
      return db.lastInsertedRowID
    }
    try update(before, state + (digest == nil ? [] : text))
    return before.number
  }

  /// Names only the columns that change: SQLite writes anew every index that has a column that is
  /// named, and most edits change none of theirs. Those of the text are in none.
  private func update(_ before: Standing, _ values: [SQLValue]) throws {
    var sql = "UPDATE paper SET"
    var arguments: [SQLValue] = []
    for (place, value) in values.enumerated()
    where !before.values.indices.contains(place) || value != before.values[place] {
      sql += arguments.isEmpty ? " " : ", "
      sql += Self.assignments[place]
      arguments.append(value)
    }
    guard !arguments.isEmpty else { return }
    sql += " WHERE number = ?"
    try db.run(sql, arguments + [SQLValue(before.number)])
  }

  private func writeParts(
    _ number: Int64, _ id: PaperID, _ fold: PaperFold, _ entries: [ChangeLog.Entry],
    _ touched: Set<String>, _ before: Standing?
  ) throws {
    let isNew = before == nil
    func isTouched(_ prefix: String) -> Bool { touched.contains { $0.hasPrefix(prefix) } }
    if isTouched("tag:") { try writeTags(number, fold.tags, before?.tags ?? "") }
    if isTouched("digest:") { try writeAppearances(number, fold.appearances, isNew) }
    if isTouched("note:") { try writeNotes(number, fold.notes) }
    if before.map({ $0.conflicts > 0 }) ?? false || !fold.journal.isEmpty {
      try FoldedTables(db: db, build: build).writeConflicts(
        "p:" + id.rawValue, fold.journal, entries)
    }
  }

  /// Writes what changed: most papers that are tagged had no tag to look for.
  private func writeTags(_ number: Int64, _ tags: [Tag], _ before: String) throws {
    let (old, new) = (before.split(separator: " ").map(String.init), tags.map(\.name))
    for name in old where !new.contains(name) {
      try db.run(
        "DELETE FROM tag WHERE paper = ? AND name = ?", [SQLValue(number), SQLValue(name)])
    }
    for name in new where !old.contains(name) {
      try db.run(
        "INSERT OR IGNORE INTO tag (paper, name) VALUES (?, ?)",
        [SQLValue(number), SQLValue(name)])
    }
  }

  private func writeAppearances(
    _ number: Int64, _ appearances: [Appearance], _ isNew: Bool
  ) throws {
    if !isNew { try clear("appearance", number) }
    for appearance in appearances {
      try db.run(
        "INSERT INTO appearance (paper, day, source, position) VALUES (?, ?, ?, ?)",
        [
          SQLValue(number), SQLValue(appearance.date?.text ?? ""), SQLValue(appearance.source),
          SQLValue(appearance.index),
        ])
    }
  }

  private func writeNotes(_ number: Int64, _ notes: [PaperFold.NoteState]) throws {
    try clear("note", number)
    for state in notes {
      let note = state.note
      try db.run(
        "INSERT INTO note (paper, id, text, created, updated, conflicted) VALUES (?, ?, ?, ?, ?, ?)",
        [
          SQLValue(number), SQLValue(note.id), SQLValue(note.text), SQLValue(note.created),
          SQLValue(note.updated), SQLValue(state.conflicted),
        ])
    }
  }

  private func clear(_ table: String, _ number: Int64) throws {
    try db.run("DELETE FROM \(table) WHERE paper = ?", [SQLValue(number)])
  }

  // MARK: has:

  static let hasTLDR = 1
  static let hasCode = 2

  /// What `has:` asks of a digest's content: a TL;DR, a link to code.
  private static func possessions(_ content: PaperContent) -> Int {
    let hasCode = codeHosts.contains { contains(content.summary, $0) }
    return (content.tldr == nil ? 0 : Self.hasTLDR) | (hasCode ? Self.hasCode : 0)
  }

  private static let codeHosts = [
    "github.com/", "gitlab.com/", "huggingface.co/spaces/", "bitbucket.org/",
  ].map { Array($0.utf8) }

  /// Looks from slash to slash: `String.contains` took a third of an import.
  private static func contains(_ text: String, _ host: [UInt8]) -> Bool {
    var text = text
    return text.withUTF8 { utf8 in
      guard let base = utf8.baseAddress else { return false }
      var place = 0
      while let hit = memchr(base + place, 0x2F, utf8.count - place) {
        let end = UnsafeRawPointer(hit) - UnsafeRawPointer(base) + 1
        if end >= host.count, memcmp(base + end - host.count, host, host.count) == 0 { return true }
        place = end
      }
      return false
    }
  }
}
