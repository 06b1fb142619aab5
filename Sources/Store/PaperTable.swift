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

  /// What the paper's rows were before.
  private struct Standing {
    var number: Int64
    var content: Int64?
  }

  func fold(_ id: PaperID, _ entries: [ChangeLog.Entry], _ touched: Set<String>) throws {
    let fold = PaperFold(id, entries.map(\.change))
    let content = fold.content.flatMap { stamp in
      entries.first { $0.change.stamp == stamp }?.seq
    }
    let before = try standing(of: id)
    let isTextTouched =
      before == nil || before?.content != content || touched.contains { $0.hasPrefix("note:") }
    let oldText = isTextTouched ? try before.map { try indexedText($0) } : nil
    let newContent = isTextTouched ? try digestContent(at: content) : nil
    let number = try writePaper(id, fold, content, newContent, before)
    try writeParts(number, id, fold, entries, touched, isNew: before == nil)
    if isTextTouched {
      let text = IndexedText(newContent?.content ?? PaperContent(), fold.notes.map(\.note.text))
      try SearchIndex(db: db).replace(number, oldText, text)
    }
  }

  private func standing(of id: PaperID) throws -> Standing? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT number, content FROM paper WHERE id = ?"),
      arguments: [id.rawValue]
    ).map { Standing(number: $0[0], content: $0[1]) }
  }

  private func digestContent(at seq: Int64?) throws -> DigestContent? {
    if let written, written.seq == seq { return written.content }
    guard let seq, let json = try ChangeLog(db: db).value(at: seq) else { return nil }
    return try? DigestContent(json: json)
  }

  private func indexedText(_ standing: Standing) throws -> IndexedText {
    let notes = try String.fetchAll(
      db.cachedStatement(sql: "SELECT text FROM note WHERE paper = ? ORDER BY created, id"),
      arguments: [standing.number])
    let content = try digestContent(at: standing.content)
    return IndexedText(content?.content ?? PaperContent(), notes)
  }

  private func writePaper(
    _ id: PaperID, _ fold: PaperFold, _ content: Int64?, _ digest: DigestContent?,
    _ before: Standing?
  ) throws -> Int64 {
    let newest = fold.appearances.last
    let state: [(any DatabaseValueConvertible)?] = [
      ReadingStatus.allCases.firstIndex(of: fold.status) ?? 0, fold.starred, fold.isListed,
      newest?.date?.text, newest?.index ?? 0, fold.added ?? 0, fold.updated,
      fold.tags.map(\.name).joined(separator: " "), content, fold.appearances.count,
      fold.notes.count, fold.journal.count + fold.notes.count(where: \.conflicted),
    ]
    let text: [(any DatabaseValueConvertible)?] = [
      digest?.content.title ?? "", digest?.content.keywords.joined(separator: "\n") ?? "",
      digest.map { Self.possessions($0.content) } ?? 0,
    ]
    guard let before else {
      try db.cachedStatement(
        sql: """
          INSERT INTO paper (status, starred, listed, day, position, added, updated, tags, content,
            sightings, notes, conflicts, title, keywords, has, id)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: StatementArguments(state + text + [id.rawValue]))
      return db.lastInsertedRowID
    }
    let textColumns = digest == nil ? "" : ", title = ?, keywords = ?, has = ?"
    try db.cachedStatement(
      sql: """
        UPDATE paper SET status = ?, starred = ?, listed = ?, day = ?, position = ?, added = ?,
          updated = ?, tags = ?, content = ?, sightings = ?, notes = ?, conflicts = ?\(textColumns)
        WHERE number = ?
        """
    ).execute(
      arguments: StatementArguments(state + (digest == nil ? [] : text) + [before.number]))
    return before.number
  }

  private func writeParts(
    _ number: Int64, _ id: PaperID, _ fold: PaperFold, _ entries: [ChangeLog.Entry],
    _ touched: Set<String>, isNew: Bool
  ) throws {
    func isTouched(_ prefix: String) -> Bool { touched.contains { $0.hasPrefix(prefix) } }
    if isTouched("tag:") { try writeTags(number, fold.tags, isNew) }
    if isTouched("digest:") { try writeAppearances(number, fold.appearances, isNew) }
    if isTouched("note:") { try writeNotes(number, fold.notes) }
    let hadConflicts = !isNew && touched.contains(where: Fact.isJournalled)
    if hadConflicts || !fold.journal.isEmpty {
      try FoldedTables(db: db, build: build).writeConflicts(
        "p:" + id.rawValue, fold.journal, entries)
    }
  }

  private func writeTags(_ number: Int64, _ tags: [Tag], _ isNew: Bool) throws {
    if !isNew { try clear("tag", number) }
    for tag in tags {
      try db.cachedStatement(sql: "INSERT INTO tag (paper, name) VALUES (?, ?)")
        .execute(arguments: [number, tag.name])
    }
  }

  private func writeAppearances(
    _ number: Int64, _ appearances: [Appearance], _ isNew: Bool
  ) throws {
    if !isNew { try clear("appearance", number) }
    for appearance in appearances {
      try db.cachedStatement(
        sql: "INSERT INTO appearance (paper, day, source, position) VALUES (?, ?, ?, ?)"
      ).execute(arguments: [
        number, appearance.date?.text ?? "", appearance.source, appearance.index,
      ])
    }
  }

  private func writeNotes(_ number: Int64, _ notes: [PaperFold.NoteState]) throws {
    try clear("note", number)
    for state in notes {
      try db.cachedStatement(
        sql: """
          INSERT INTO note (paper, id, text, created, updated, conflicted) VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        number, state.note.id, state.note.text, state.note.created, state.note.updated,
        state.conflicted,
      ])
    }
  }

  private func clear(_ table: String, _ number: Int64) throws {
    try db.cachedStatement(sql: "DELETE FROM \(table) WHERE paper = ?").execute(
      arguments: [number])
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
