import Changes
import GRDB
import Papers

/// Moves the tables to what the log says of one entity. The only code that writes fold tables, used
/// alike by recording, receiving and rebuilding; but for ``PlainUndo``, which moves many papers at once.
struct FoldedTables {
  let db: Database
  let build: Build

  /// Folds the entity again from its changes: all of them, or those of the person when no register of
  /// a digest changed. `touched` are the registers that changed: what
  /// depends on none of them is left alone. `written` is content just recorded, to save reading it
  /// back: half the time of an import.
  /// - Returns: the number of the paper, where the entity is one.
  @discardableResult
  func fold(
    _ entity: String, _ all: [ChangeLog.Entry], _ extent: ChangeLog.Extent = .everything,
    touched: Set<String>, written: PaperTable.KnownContent? = nil
  ) throws -> Int64? {
    let entries = build.known(all)
    if entries.isEmpty { return nil }
    switch entity.prefix(2) {
    case "p:":
      return try PaperTable(db: db, build: build, written: written)
        .fold(PaperID(trusted: Fact.key(ofEntity: entity)), entries, extent, touched)
    case "v:": try foldView(Fact.key(ofEntity: entity), entity, entries)
    case "d:": try foldMachine(Fact.key(ofEntity: entity), entries)
    default: break
    }
    return nil
  }

  private func foldView(_ name: String, _ entity: String, _ entries: [ChangeLog.Entry]) throws {
    let changes = entries.map(\.change).filter { $0.field == "filter" }
    guard let outcome = Merge.register(changes) else { return }
    let fact = Fact(entity: entity, field: "filter", value: outcome.winner.value)
    if case .view(_, let filter?)? = fact {
      try db.run(
        "INSERT OR REPLACE INTO view (name, filter) VALUES (?, ?)",
        [SQLValue(name), SQLValue(filter)])
    } else {
      try db.run("DELETE FROM view WHERE name = ?", [SQLValue(name)])
    }
    try writeConflicts(entity, outcome.journal, entries)
  }

  private func foldMachine(_ device: String, _ entries: [ChangeLog.Entry]) throws {
    var name = ""
    var retired = false
    for field in ["name", "retired"] {
      let changes = entries.map(\.change).filter { $0.field == field }
      guard let winner = Merge.register(changes)?.winner else { continue }
      switch Fact(entity: winner.entity, field: winner.field, value: winner.value) {
      case .deviceName(_, let text)?: name = text
      case .retired(_, let on)?: retired = on
      default: break
      }
    }
    try db.run(
      "INSERT OR REPLACE INTO machine (device, name, retired) VALUES (?, ?, ?)",
      [SQLValue(device), SQLValue(name), SQLValue(retired)])
  }

  /// Lists the edits of an entity that lost to a concurrent edit.
  func writeConflicts(
    _ entity: String, _ journal: [Change], _ entries: [ChangeLog.Entry]
  ) throws {
    try db.run("DELETE FROM conflict WHERE entity = ?", [SQLValue(entity)])
    guard !journal.isEmpty, !build.weaknesses.contains(.journalSkipped) else { return }
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
