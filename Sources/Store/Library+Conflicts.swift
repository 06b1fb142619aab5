import Changes
import GRDB
import Papers

extension LibraryReader {
  /// One thing to look at: an edit that lost to a concurrent edit, or a note that holds two texts.
  public struct Conflict: Hashable, Sendable {
    /// The edit that lost, or the latest head of the note: names the conflict.
    public var stamp: Stamp
    /// What it changes: `p:…` or `v:…`.
    public var entity: String
    /// The paper; nil for a view.
    public var paper: PaperID?
    /// The register.
    public var field: String
    /// The value that lost, JSON text; the merged text of a note.
    public var lost: String
    /// The value that holds, JSON text.
    public var holds: String
    /// When the losing edit was made, milliseconds since 1970.
    public var time: Int64
    /// On what machine.
    public var machine: String
    /// Whether it is a note with both texts in it.
    public var isNote: Bool { field.hasPrefix("note:") }
  }

  /// The conflicts to look at, oldest first.
  public func conflicts() throws -> [Conflict] {
    let machines = try machineNames()
    var log = ChangeLog(db: db)
    let places = try Int64.fetchAll(
      db.cachedStatement(sql: "SELECT seq FROM conflict ORDER BY seq"))
    var conflicts: [Conflict] = []
    for place in places {
      guard let change = try log.entry(at: place)?.change else { continue }
      let register = try log.entries(of: change.entity).map(\.change)
        .filter { $0.field == change.field }
      let winner = Merge.register(register)?.winner
      conflicts.append(conflict(change, change.value, winner?.value ?? "null", machines))
    }
    conflicts += try noteConflicts(&log, machines)
    return conflicts.sorted { $0.stamp < $1.stamp }
  }

  private func noteConflicts(
    _ log: inout ChangeLog, _ machines: [DeviceID: String]
  ) throws -> [Conflict] {
    let rows = try GRDB.Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT p.id, n.id FROM note n JOIN paper p ON p.number = n.paper WHERE n.conflicted = 1
          ORDER BY p.id, n.id
          """))
    return try rows.compactMap { row in
      let entity = "p:" + (row[0] as String)
      let field = "note:" + (row[1] as String)
      let register = try log.entries(of: entity).map(\.change).filter { $0.field == field }
      guard let merged = NoteMerge.note(register), let head = merged.heads.last,
        let change = register.first(where: { $0.stamp == head })
      else { return nil }
      var json = JSONTextWriter()
      json.string(merged.text ?? "")
      return conflict(change, json.text, json.text, machines)
    }
  }

  private func conflict(
    _ change: Change, _ lost: String, _ holds: String, _ machines: [DeviceID: String]
  ) -> Conflict {
    let device = change.stamp.device
    return Conflict(
      stamp: change.stamp, entity: change.entity,
      paper: change.entity.hasPrefix("p:")
        ? PaperID(trusted: String(change.entity.dropFirst(2))) : nil,
      field: change.field, lost: lost, holds: holds, time: change.time,
      machine: machines[device] ?? device.description)
  }

  /// The devices the person said are gone.
  public func retiredDevices() throws -> Set<DeviceID> {
    let ids = try String.fetchAll(
      db.cachedStatement(sql: "SELECT device FROM machine WHERE retired = 1"))
    return Set(ids.compactMap { DeviceID($0) })
  }
}

extension Library {
  /// How many conflicts there are to look at.
  public func conflictCount() throws -> Int {
    try read { reader in
      try Int.fetchOne(
        reader.db.cachedStatement(
          sql: """
            SELECT (SELECT count(*) FROM conflict)
              + (SELECT count(*) FROM note WHERE conflicted = 1)
            """)) ?? 0
    }
  }

  /// Makes the value that lost hold again, as a new operation; that settles the conflict.
  /// - Parameters:
  ///   - stamp: of the conflict, see ``LibraryReader/Conflict/stamp``.
  ///   - what: the operation in words, for `log`.
  /// - Throws: ``LibraryError/notFound(_:)`` when there is no such conflict.
  @discardableResult
  public func restore(_ stamp: Stamp, what: String? = nil) throws -> Recorded {
    try settle(stamp, restoring: true, what)
  }

  /// Keeps what holds, and settles the conflict.
  /// - Parameters: as of ``restore(_:what:)``.
  /// - Throws: ``LibraryError/notFound(_:)`` when there is no such conflict.
  @discardableResult
  public func keep(_ stamp: Stamp, what: String? = nil) throws -> Recorded {
    try settle(stamp, restoring: false, what)
  }

  private func settle(_ stamp: Stamp, restoring: Bool, _ what: String?) throws -> Recorded {
    try record(what ?? "conflicts \(restoring ? "restore" : "keep") \(stamp)") { recorder in
      let all = try recorder.reader.conflicts()
      guard let conflict = all.first(where: { $0.stamp == stamp }), !conflict.isNote,
        let fact = Fact(
          entity: conflict.entity, field: conflict.field,
          value: restoring ? conflict.lost : conflict.holds)
      else { throw LibraryError.notFound(stamp.description) }
      let others = all.filter { $0.entity == conflict.entity && $0.field == conflict.field }
      try recorder.write(fact, settling: restoring ? others.map(\.stamp) : [stamp])
    }
  }
}
