import Changes
import Filters
import Glibc
import Papers

/// The rows of one paper: `paper`, the tables of its registers, `conflict`, and its entry in
/// `search`.
struct PaperTable {
  let db: Database
  let understanding: Understanding
  var written: KnownContent?

  /// Content that need not be read from the log.
  struct KnownContent {
    var seq: Int64
    var content: DigestContent
  }

  /// The row as it was.
  private struct Before {
    var number: Int64
    var content: Int64?
    /// Of the columns of ``PaperLayout``: the person's, then, where all is folded, the digests'.
    var values: [SQLValue]
    var updated: Int64
    var conflicts: Int64
  }

  /// What the person said is enough for most of what the person does: what digests said is in the
  /// row already. Not to read and fold it again is a sixth of an undo or a tag.
  /// - Parameter touched: the fields that changed; nil where any may have.
  /// - Returns: the paper's number.
  func fold(
    _ id: PaperID, _ entries: [ChangeLog.Entry], _ extent: ChangeLog.Extent, _ touched: [String]?
  ) throws -> Int64 {
    let before = try before(of: id, extent)
    let notes = try before.flatMap { try self.notes($0, entries, touched) }
    let fold = try PaperFold(
      id, entries.map(\.change), understanding.registers, room: understanding.room,
      standing: notes.map { Self.standing($0, entries, touched) } ?? [:],
      text: ChangeLog(db, understanding).values(of: entries))
    if extent == .person, !Self.isEnough(fold, before) {
      var log = ChangeLog(db, understanding)
      let all = try log.entries(of: EntityKind.paper.entity(id.rawValue))
      return try self.fold(id, all, .understood, log.leavesOut ? nil : touched)
    }
    let content =
      extent == .person
      ? before?.content
      : fold.content.flatMap { stamp in entries.first { $0.change.stamp == stamp }?.seq }
    let isTextTouched =
      before == nil || before?.content != content
      || understanding.layout.indexed.contains { Self.isTouched($0, touched) }
    let oldText = isTextTouched ? try before.map { try indexedText($0) } : nil
    let newContent =
      isTextTouched
      ? (try digestContent(at: content)?.content ?? PaperContent())
        .titled(fold.paper.givenTitle) : nil
    let number = try writeRow(id, fold, extent, content, newContent, before)
    for part in understanding.layout.parts where Self.isTouched(part.field, touched) {
      if let long = part.long {
        try write(part, long, fold, of: number, notes ?? [:], entries, touched)
      } else {
        try write(part, part.part.rows(fold), of: number, before, extent)
      }
    }
    if before.map({ $0.conflicts > 0 }) ?? false || !fold.journal.isEmpty {
      try FoldedTables(db: db, understanding: understanding).writeConflicts(
        EntityKind.paper.entity(id.rawValue), fold.journal, entries)
    }
    if isTextTouched {
      let authors =
        try extent == .person ? authors(of: number) : fold.paper.bibliography.authors
      let notes =
        try fold.unreadNotes.isEmpty
        ? fold.paper.notes.map(\.text) : db.indexedNotes(ofPaperNumbered: number)
      let text = IndexedText(newContent ?? PaperContent(), notes, authors: authors)
      try SearchIndex(db: db).replace(number, oldText, text)
    }
    return number
  }

  /// The rows of notes as they were, without their texts, by id.
  private typealias NoteRows = [SQLValue: [SQLValue]]

  /// - Returns: nil where nobody ever wrote one.
  private func notes(
    _ before: Before, _ entries: [ChangeLog.Entry], _ touched: [String]?
  ) throws -> NoteRows? {
    guard let part = understanding.layout.parts.first(where: { $0.long != nil }),
      touched == nil
        || entries.contains(where: { $0.change.field.utf8.starts(with: part.field.utf8) })
    else { return nil }
    var rows = NoteRows()
    try db.forEach(part.selectShort, [SQLValue(before.number)]) { row in
      rows[try row.value(0)] = try (0..<row.count).map { try row.value($0) }
    }
    return rows
  }

  /// The notes that no change touched, as their rows tell: their texts need not be read and merged
  /// again.
  private static func standing(
    _ rows: NoteRows, _ entries: [ChangeLog.Entry], _ touched: [String]?
  ) -> [String: NoteMerge.Outcome] {
    guard let touched = touched.map({ Set($0.map { ByteText($0) }) }) else { return [:] }
    let untouched = entries.lazy.map(\.change).filter {
      $0.field.utf8.starts(with: Noted.field.utf8) && !touched.contains(ByteText($0.field))
    }
    // By bytes: a mark at the beginning of a name is of no character before it.
    let said = Dictionary(grouping: untouched) {
      String(Substring($0.field.utf8.dropFirst(Noted.field.utf8.count)))
    }
    return Dictionary(
      uniqueKeysWithValues: said.map { id, changes in
        guard let row = rows[SQLValue(id)], row.count == 4, case .integer(let created) = row[1],
          case .integer(let updated) = row[2]
        else { return (id, NoteMerge.deleted(changes)) }
        return (
          id,
          NoteMerge.standing(
            created: created, updated: updated, conflicted: row[3] == SQLValue(true))
        )
      })
  }

  /// Whether a fold of what the person said, and the row, tell the whole state. They do unless the
  /// paper is new, or the person's last edit may be older than what a digest said last: then the
  /// row's `updated` may be that of an edit which holds no more.
  private static func isEnough(_ fold: PaperFold, _ before: Before?) -> Bool {
    before.map { fold.updated >= $0.updated } ?? false
  }

  private static func isTouched(_ field: String, _ touched: [String]?) -> Bool {
    touched?.contains { $0.utf8.starts(with: field.utf8) } ?? true
  }

  private func before(of id: PaperID, _ extent: ChangeLog.Extent) throws -> Before? {
    let layout = understanding.layout
    let select = extent == .person ? layout.selectState.person : layout.selectState.whole
    return try db.first(select, [SQLValue(id.rawValue)]) { row in
      Before(
        number: row.integer(0), content: row.optionalInteger(1),
        values: try (2..<row.count).map { try row.value($0) },
        updated: row.integer(2 + Int32(layout.updated)),
        conflicts: row.integer(2 + Int32(layout.conflicts)))
    }
  }

  private func digestContent(at seq: Int64?) throws -> DigestContent? {
    if let written, written.seq == seq { return written.content }
    guard let seq, let json = try ChangeLog(db, understanding).value(at: seq) else { return nil }
    return try? DigestContent(json: json)
  }

  private func indexedText(_ before: Before) throws -> IndexedText {
    var title: String?
    if let place = understanding.layout.givenTitle, case .text(let text) = before.values[place] {
      title = text
    }
    return try indexedText(
      before.number, content: before.content, authors: try authors(of: before.number),
      given: title)
  }

  private func indexedText(
    _ number: Int64, content: Int64?, authors: [String], given title: String?
  ) throws -> IndexedText {
    let notes = try db.indexedNotes(ofPaperNumbered: number)
    let content = try digestContent(at: content)?.content ?? PaperContent()
    return IndexedText(content.titled(title), notes, authors: authors)
  }

  /// The authors in the row as it is.
  private func authors(of number: Int64) throws -> [String] {
    guard understanding.layout.hasAuthors else { return [] }
    let json = try db.first(
      "SELECT \(Authors.field) FROM paper WHERE number = ?", [SQLValue(number)]
    ) { try $0.optionalText(0) }
    return json.flatMap(\.self).flatMap { Authors.value($0) } ?? []
  }

  /// Makes the whole index again from the rows.
  func indexAgain() throws {
    let index = SearchIndex(db: db)
    try index.empty()
    let columns = "number, content, \(Authors.field), \(GivenTitle.field)"
    try db.forEach("SELECT \(columns) FROM paper") { row in
      let authors = try row.optionalText(2).flatMap { Authors.value($0) }
      let text = try indexedText(
        row.integer(0), content: row.optionalInteger(1), authors: authors ?? [],
        given: try row.optionalText(3))
      try index.replace(row.integer(0), nil, text)
    }
  }

  // MARK: Writing

  private func writeRow(
    _ id: PaperID, _ fold: PaperFold, _ extent: ChangeLog.Extent, _ content: Int64?,
    _ text: PaperContent?, _ before: Before?
  ) throws -> Int64 {
    let layout = understanding.layout
    let person = layout.person.map { SQLValue($0.value(fold)) }
    if extent == .person, let before {
      try update(before, person, nil, text.map(Self.columns))
      return before.number
    }
    let state = person + layout.digest.map { SQLValue($0.value(fold)) }
    guard let before else {
      let text = Self.columns(text ?? PaperContent())
      try db.run(layout.insertRow, state + [SQLValue(content)] + text + [SQLValue(id.rawValue)])
      return db.lastInsertedRow
    }
    try update(before, state, content, text.map(Self.columns))
    return before.number
  }

  /// ``PaperLayout/textColumns``.
  private static func columns(_ text: PaperContent) -> [SQLValue] {
    [
      SQLValue(text.title), SQLValue(text.keywords.joined(separator: "\n")),
      SQLValue(possessions(text)),
    ]
  }

  /// Names only the columns that change: SQLite writes anew every index that has a column that is
  /// named, and most edits change none of theirs. Those of the text are in none.
  private func update(
    _ before: Before, _ state: [SQLValue], _ content: Int64??, _ text: [SQLValue]?
  ) throws {
    let layout = understanding.layout
    var changed: [Int] = []
    var arguments: [SQLValue] = []
    arguments.reserveCapacity(state.count + 2)
    for (place, value) in state.enumerated() where value != before.values[place] {
      changed.append(place)
      arguments.append(value)
    }
    let rest = layout.stateCount
    if let content, content != before.content {
      changed.append(rest)
      arguments.append(SQLValue(content))
    }
    if let text {
      changed += rest + 1...rest + text.count
      arguments += text
    }
    guard !arguments.isEmpty else { return }
    arguments.append(SQLValue(before.number))
    try db.run(layout.update(changed), arguments)
  }

  /// Writes what changed of the rows of a register.
  private func write(
    _ part: PaperLayout.Part, _ rows: [[FieldValue]], of number: Int64, _ before: Before?,
    _ extent: ChangeLog.Extent
  ) throws {
    let new = rows.map { $0.map { SQLValue($0) } }
    let old = try before.map { try self.rows(of: part, $0, extent) } ?? []
    // A paper may bear hundreds of tags.
    let (stays, was) = (Set(new), Set(old))
    for row in old where !stays.contains(row) {
      try db.run(part.delete, [SQLValue(number)] + row)
    }
    for row in new where !was.contains(row) {
      try db.run(part.insert, [SQLValue(number)] + row)
    }
  }

  /// Writes what changed of the rows of a register of which one column may be long. One such text
  /// is held at a time: a paper may have any number of them.
  private func write(
    _ part: PaperLayout.Part, _ long: Int, _ fold: PaperFold, of number: Int64,
    _ rows: NoteRows, _ entries: [ChangeLog.Entry], _ touched: [String]?
  ) throws {
    var old = rows
    let changed = touched.map { Set($0.map { ByteText($0) }) }
    for row in part.part.rows(fold) {
      guard case .text(let key) = row[0] else { continue }
      var values = row.map { SQLValue($0) }
      let isChanged = changed?.contains(ByteText(part.field + key)) ?? true
      var short = values
      short.remove(at: long)
      let was = old.removeValue(forKey: values[0])
      if was == short, !isChanged { continue }
      if fold.unreadNotes.contains(key) {
        let said = entries.filter { $0.change.field.hasBytes(of: part.field + key) }
        let alone = try PaperFold(
          fold.paper.id, said.map(\.change), understanding.registers, room: .max,
          text: ChangeLog(db, understanding).values(of: said))
        values = part.part.rows(alone).first?.map { SQLValue($0) } ?? values
      }
      try db.run(part.insert, [SQLValue(number)] + values)
    }
    for key in old.keys.sorted(by: { $0.literal < $1.literal }) {
      try db.run(part.deleteKey, [SQLValue(number), key])
    }
  }

  /// The rows as they were. Most papers that are tagged had no tag to look for; but where all is
  /// folded anew, an older build may have left them otherwise than the paper's row tells.
  private func rows(
    of part: PaperLayout.Part, _ before: Before, _ extent: ChangeLog.Extent
  ) throws -> [[SQLValue]] {
    if extent == .person, let place = part.joined, case .text(let joined) = before.values[place] {
      return joined.isEmpty ? [] : joined.split(separator: " ").map { [.text(String($0))] }
    }
    return try db.all(part.select, [SQLValue(before.number)]) { row in
      try (0..<row.count).map { try row.value($0) }
    }
  }

  // MARK: has:

  /// What `has:` asks of a digest's content: a TL;DR, a link to code.
  private static func possessions(_ content: PaperContent) -> Int {
    let hasCode = codeHosts.contains { contains(content.summary, $0) }
    return (content.tldr == nil ? 0 : bits(of: .tldr)) | (hasCode ? bits(of: .code) : 0)
  }

  private static func bits(of trait: FilterTrait) -> Int {
    guard case .integer(let bits) = trait.value else { return 0 }
    return Int(bits)
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
