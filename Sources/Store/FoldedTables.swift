import Changes
import Papers

/// Moves the tables to what the log says of one entity. The only code that writes fold tables, used
/// alike by recording, receiving and rebuilding; but for ``BulkUndo``, which moves many papers at
/// once.
struct FoldedTables {
  let db: Database
  let understanding: Understanding

  /// Whether an entity has rows. Operations have none but in `operation`, and all headers are one
  /// entity: to read it at every sync cost more with every command ever given.
  static func hasRows(_ entity: String) -> Bool {
    switch RegisterName.kind(ofEntity: entity) {
    case .paper, .savedView, .source, .device: true
    case .operation, nil: false
    }
  }

  /// Folds the entity again from what the log says of it.
  /// - Parameter touched: as below. Where more was said than is looked at, each new change may have
  ///   put any other out of sight, and nothing is left alone.
  /// - Returns: the number of the paper, where the entity is one.
  @discardableResult
  func fold(
    _ entity: String, _ log: inout ChangeLog, touched: [String]?,
    written: PaperTable.KnownContent? = nil
  ) throws -> Int64? {
    let entries = try log.entries(of: entity)
    return try fold(
      entity, entries, touched: log.leavesOut ? nil : touched, written: written)
  }

  /// Folds the entity again from its changes: all that are understood, or those of the person when
  /// no register of a digest changed.
  /// - Parameters:
  ///   - touched: the fields that changed: what depends on none of them is left alone. Nil where
  ///     any may have.
  ///   - written: content just recorded, to save reading it back: half the time of an import.
  /// - Returns: the number of the paper, where the entity is one.
  @discardableResult
  func fold(
    _ entity: String, _ entries: [ChangeLog.Entry], _ extent: ChangeLog.Extent = .understood,
    touched: [String]?, written: PaperTable.KnownContent? = nil
  ) throws -> Int64? {
    let key = RegisterName.key(ofEntity: entity)
    switch RegisterName.kind(ofEntity: entity) {
    case .paper where !entries.isEmpty:
      return try PaperTable(db: db, understanding: understanding, written: written)
        .fold(PaperID(trusted: key), entries, extent, touched)
    case .savedView: try foldNamed("view", "filter", by: ViewFilter.self, key, entity, entries)
    case .source: try foldNamed("source", "what", by: Subscription.self, key, entity, entries)
    case .device: try foldMachine(key, entity, entries)
    case .paper, .operation, nil: break
    }
    return nil
  }

  /// What holds of a register of an entity.
  private func value<Kept: ValueRegister>(
    of register: Kept.Type, _ entity: String, _ entries: [ChangeLog.Entry]
  ) throws -> (value: Kept.Value, journal: [Change])? {
    let said = entries.filter { $0.change.field.hasBytes(of: Kept.field) }
    let changes = try Merge.comparable(
      said.map(\.change), ChangeLog(db, understanding).values(of: said))
    guard let outcome = Merge.register(changes, journalled: Kept.merge.isJournalled),
      let value = Kept.value(outcome.winner.value)
    else { return nil }
    return (value, outcome.journal)
  }

  /// A text of the person's under a name: a row of two columns, or none.
  private func foldNamed<Kept: ValueRegister>(
    _ table: String, _ column: String, by register: Kept.Type, _ name: String, _ entity: String,
    _ entries: [ChangeLog.Entry]
  ) throws where Kept.Value == String? {
    let holds = try value(of: register, entity, entries)
    if let text = holds?.value ?? nil {
      try db.run(
        "INSERT OR REPLACE INTO \(table) (name, \(column)) VALUES (?, ?)",
        [SQLValue(name), SQLValue(text)])
    } else {
      try db.run("DELETE FROM \(table) WHERE name = ?", [SQLValue(name)])
    }
    try writeConflicts(entity, holds?.journal ?? [], entries)
  }

  private func foldMachine(
    _ device: String, _ entity: String, _ entries: [ChangeLog.Entry]
  ) throws {
    guard !entries.isEmpty else { return }
    let name = try value(of: DeviceName.self, entity, entries)?.value ?? ""
    let isRetired = try value(of: Retired.self, entity, entries)?.value ?? false
    try db.run(
      "INSERT OR REPLACE INTO machine (device, name, retired) VALUES (?, ?, ?)",
      [SQLValue(device), SQLValue(name), SQLValue(isRetired)])
  }

  /// Lists the edits of an entity that lost to a concurrent edit.
  func writeConflicts(
    _ entity: String, _ journal: [Change], _ entries: [ChangeLog.Entry]
  ) throws {
    try db.run("DELETE FROM conflict WHERE entity = ?", [SQLValue(entity)])
    guard !journal.isEmpty else { return }
    let places = Dictionary(
      entries.map { ($0.change.stamp, $0.seq) }, uniquingKeysWith: { first, _ in first })
    for change in journal {
      guard let seq = places[change.stamp] else { continue }
      try db.run(
        "INSERT INTO conflict (seq, entity, field) VALUES (?, ?, ?)",
        [SQLValue(seq), SQLValue(entity), SQLValue(change.field)])
    }
  }
}
