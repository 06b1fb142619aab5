import Changes
import Papers

extension LibraryReader {
  /// One command somebody gave on some machine.
  package struct Operation: Hashable, Sendable {
    /// Its name.
    package var stamp: Stamp
    /// When it was done, milliseconds since 1970: by the clock of that machine, also where its
    /// stamp counts on from one that was ahead.
    package var time: Int64
    /// What machine.
    package var machine: String
    /// Whether it was this machine.
    package var isMine: Bool
    /// Whether it did something, or took back or repeated what was done before.
    package var kind: OperationHeader.Kind
    /// The words of the command; empty when only a part of it has arrived here.
    package var what: String
    /// How many changes it made.
    package var changes: Int
    /// Whether an undo took it back.
    package var isUndone: Bool
  }

  /// The last operations, newest first.
  package func operations(limit: Int? = nil) throws -> [Operation] {
    try operations("1", [], limit)
  }

  /// The operations that changed a paper, newest first.
  package func operations(on id: PaperID, limit: Int? = nil) throws -> [Operation] {
    try operations(
      "o.number IN (SELECT operation FROM change WHERE entity = ?)",
      [SQLValue(EntityKind.paper.entity(id.rawValue))], limit)
  }

  private func operations(
    _ condition: String, _ arguments: [SQLValue], _ limit: Int?
  ) throws -> [Operation] {
    try db.all(
      """
      SELECT o.ms, o.counter, d.id, coalesce(m.name, ''), o.mine, coalesce(o.kind, 'do'),
        coalesce(o.what, ''), o.changes, o.state,
        (SELECT c.at FROM change c
         WHERE c.device = o.device AND c.ms = o.ms AND c.counter = o.counter)
      FROM operation o JOIN device d ON d.number = o.device
      LEFT JOIN machine m ON m.device = d.id
      WHERE \(condition) ORDER BY o.ms DESC, o.counter DESC, d.id DESC LIMIT ?
      """, arguments + [SQLValue(limit ?? -1)]
    ) { row in
      guard let device = DeviceID(try row.text(2)) else {
        throw SQLiteError.damaged("a device id is damaged")
      }
      let stamp = Stamp(
        milliseconds: row.integer(0), counter: UInt32(truncatingIfNeeded: row.integer(1)),
        device: device)
      let name = try row.text(3)
      return Operation(
        stamp: stamp, time: row.optionalInteger(9) ?? stamp.milliseconds,
        machine: name.isEmpty ? device.description : name, isMine: row.truth(4),
        kind: OperationHeader.Kind(rawValue: try row.text(5)) ?? .act, what: try row.text(6),
        changes: Int(row.integer(7)), isUndone: row.truth(8))
    }
  }

  /// One change to a paper, for its history.
  package struct HistoryLine: Hashable, Sendable {
    /// When it was done, milliseconds since 1970.
    package var time: Int64
    /// On what machine.
    package var machine: String
    /// The register and its new value, which is left empty where it is large.
    package var fact: Fact
    /// Whether this build can read it.
    package var isUnderstood: Bool
  }

  /// What was done to a paper, oldest first; at most the last `limit` changes.
  package func history(of id: PaperID, limit: Int = 100) throws -> [HistoryLine] {
    let machines = try machineNames()
    var log = ChangeLog(db, understanding)
    let entries = try log.entries(of: EntityKind.paper.entity(id.rawValue), .everything).sorted {
      $0.change.stamp < $1.change.stamp
    }
    return entries.suffix(limit).map { entry in
      let change = entry.change
      let device = change.stamp.device
      let isLarge = understanding.registers.find(change.name)?.register.isLarge ?? false
      return HistoryLine(
        time: change.time, machine: machines[device] ?? device.description,
        fact: Fact(change.name, change.value),
        isUnderstood: isLarge || understanding.registers.understands(change.name, change.value))
    }
  }

  /// The fields of a paper of which anything was ever said.
  package func fieldsSaid(of id: PaperID) throws -> Set<ByteText> {
    Set(
      try db.all(
        "SELECT DISTINCT field FROM change WHERE entity = ?",
        [SQLValue(EntityKind.paper.entity(id.rawValue))]
      ) { ByteText(try $0.text(0)) })
  }

  /// What each device's machine is called.
  package func machineNames() throws -> [DeviceID: String] {
    var names: [DeviceID: String] = [:]
    try db.forEach("SELECT device, name FROM machine WHERE name <> ''") { row in
      if let device = DeviceID(try row.text(0)) { names[device] = try row.text(1) }
    }
    return names
  }
}
