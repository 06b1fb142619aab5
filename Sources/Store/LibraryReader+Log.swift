import Changes
import GRDB
import Papers

extension LibraryReader {
  /// One command somebody gave on some machine.
  public struct Operation: Hashable, Sendable {
    /// Its name.
    public var stamp: Stamp
    /// What machine.
    public var machine: String
    /// Whether it was this machine.
    public var isMine: Bool
    /// Whether it did something, or took back or repeated what was done before.
    public var kind: OperationHeader.Kind
    /// The words of the command; empty when only a part of it has arrived here.
    public var what: String
    /// How many changes it made.
    public var changes: Int
    /// Whether an undo took it back.
    public var isUndone: Bool
  }

  /// The last operations, newest first.
  public func operations(limit: Int? = nil) throws -> [Operation] {
    try operations("1", [], limit)
  }

  /// The operations that changed a paper, newest first.
  public func operations(on id: PaperID, limit: Int? = nil) throws -> [Operation] {
    try operations(
      "o.number IN (SELECT operation FROM change WHERE entity = ?)", ["p:" + id.rawValue], limit)
  }

  private func operations(
    _ condition: String, _ arguments: StatementArguments, _ limit: Int?
  ) throws -> [Operation] {
    let rows = try GRDB.Row.fetchAll(
      db,
      sql: """
        SELECT o.ms, o.counter, d.id, coalesce(m.name, ''), o.mine, coalesce(o.kind, 'do'),
          coalesce(o.what, ''), o.changes, o.state
        FROM operation o JOIN device d ON d.number = o.device
        LEFT JOIN machine m ON m.device = d.id
        WHERE \(condition) ORDER BY o.ms DESC, o.counter DESC, d.id DESC LIMIT ?
        """, arguments: arguments + [limit ?? -1])
    return try rows.map { row in
      guard let device = DeviceID(row[2] as String) else {
        throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a device id is damaged")
      }
      let stamp = Stamp(
        milliseconds: row[0], counter: UInt32(truncatingIfNeeded: row[1] as Int64), device: device)
      let name: String = row[3]
      return Operation(
        stamp: stamp, machine: name.isEmpty ? device.description : name, isMine: row[4],
        kind: OperationHeader.Kind(rawValue: row[5]) ?? .act, what: row[6], changes: row[7],
        isUndone: row[8] != 0)
    }
  }

  /// One change to a paper, for its history.
  public struct HistoryLine: Hashable, Sendable {
    /// When it was done, milliseconds since 1970.
    public var time: Int64
    /// On what machine.
    public var machine: String
    /// The register and its new value; nil when this build does not know it.
    public var fact: Fact?
    /// The register's name.
    public var field: String
  }

  /// What was done to a paper, oldest first; at most the last `limit` changes.
  public func history(of id: PaperID, limit: Int = 100) throws -> [HistoryLine] {
    let machines = try machineNames()
    var log = ChangeLog(db: db)
    let entries = try log.entries(of: "p:" + id.rawValue).sorted {
      $0.change.stamp < $1.change.stamp
    }
    return entries.suffix(limit).map { entry in
      let change = entry.change
      let value = change.field == "content" ? "{}" : change.value
      let device = change.stamp.device
      return HistoryLine(
        time: change.time, machine: machines[device] ?? device.description,
        fact: Fact(entity: change.entity, field: change.field, value: value), field: change.field)
    }
  }

  /// What each device's machine is called.
  public func machineNames() throws -> [DeviceID: String] {
    var names: [DeviceID: String] = [:]
    for row in try GRDB.Row.fetchAll(
      db.cachedStatement(sql: "SELECT device, name FROM machine"))
    {
      if let device = DeviceID(row[0] as String), row[1] != "" { names[device] = row[1] }
    }
    return names
  }
}
