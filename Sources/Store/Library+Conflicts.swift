import Changes
import JSONText
import Papers

extension LibraryReader {
  /// One thing to look at: an edit that lost to a concurrent edit, or a note that holds two texts.
  package struct Conflict: Hashable, Sendable {
    /// The edit that lost, or the latest head of the note: names the conflict.
    package var stamp: Stamp
    /// What it changes: `p:…` or `v:…`.
    package var entity: String
    /// The paper; nil for a view.
    package var paper: PaperID?
    /// The register.
    package var field: String
    /// What held of the register when this was read.
    package var seen: [Stamp]
    /// All edits of the register that had lost when this was read.
    package var allLost: [Stamp] = []
    /// The value that lost, JSON text; the merged text of a note, or one that is too long to stand
    /// in it.
    package var lost: String
    /// The value that holds, JSON text.
    package var holds: String
    /// When the losing edit was made, milliseconds since 1970.
    package var time: Int64
    /// On what machine.
    package var machine: String
    /// The register's name.
    package var name: RegisterName { RegisterName(entity: entity, field: field) }
    /// Whether it is a note with both texts in it, or one too long for that.
    package var isNote: Bool { field.utf8.starts(with: Noted.field.utf8) }
    /// Whether it is a text too long to stand in the note beside the one that holds.
    package var isLeftOut: Bool { isNote && !lost.hasBytes(of: holds) }
  }

  /// The conflicts to look at, oldest first.
  package func conflicts() throws -> [Conflict] {
    let machines = try machineNames()
    var log = ChangeLog(db, understanding)
    let places = try db.all("SELECT seq FROM conflict ORDER BY seq") { $0.integer(0) }
    // Those of one register together: each was read once for every edit that had lost.
    var lost: [RegisterName: [Change]] = [:]
    for place in places {
      guard let change = try log.entry(at: place)?.change else { continue }
      lost[change.name, default: []].append(change)
    }
    var conflicts: [Conflict] = []
    for (name, lost) in lost.sorted(by: { $0.key < $1.key }) {
      let entries = try log.entries(of: name.entity).filter { $0.change.name == name }
      let (register, value) = (entries.map(\.change), log.values(of: entries))
      let holds = try Merge.winner(of: register).map(value) ?? "null"
      let heads = try understanding.registers.merge(name).heads(of: register, text: value)
      let allLost = lost.map(\.stamp)
      for change in lost {
        conflicts.append(conflict(change, change.value, holds, heads, allLost, machines))
      }
    }
    conflicts += try noteConflicts(&log, machines)
    return conflicts.sorted { $0.stamp < $1.stamp }
  }

  private func noteConflicts(
    _ log: inout ChangeLog, _ machines: [DeviceID: String]
  ) throws -> [Conflict] {
    let names = try db.all(
      """
      SELECT p.id, n.id FROM note n JOIN paper p ON p.number = n.paper WHERE n.conflicted = 1
      ORDER BY p.id, n.id
      """
    ) { RegisterName(.paper, try $0.text(0), Noted.field(try $0.text(1))) }
    return try names.flatMap { name in
      let entries = try log.entries(of: name.entity).filter { $0.change.name == name }
      let (register, value) = (entries.map(\.change), log.values(of: entries))
      guard let merged = try NoteMerge.note(register, text: value), let head = merged.heads.last
      else { return [Conflict]() }
      let holds = Self.json(merged.text)
      let heads = merged.heads
      return try (merged.left.isEmpty ? [head] : merged.left).compactMap { stamp in
        guard let change = register.first(where: { $0.stamp == stamp }) else { return nil }
        let lost =
          try merged.left.isEmpty ? holds : Self.json(Noted.value(value(change))?.text)
        return conflict(change, lost, holds, heads, [stamp], machines)
      }
    }
  }

  private static func json(_ text: String?) -> String {
    var json = JSONTextWriter()
    json.string(text ?? "")
    return json.text
  }

  private func conflict(
    _ change: Change, _ lost: String, _ holds: String, _ heads: [Stamp], _ allLost: [Stamp],
    _ machines: [DeviceID: String]
  ) -> Conflict {
    let device = change.stamp.device
    return Conflict(
      stamp: change.stamp, entity: change.entity,
      paper: change.name.kind == .paper ? PaperID(trusted: change.name.entityKey) : nil,
      field: change.field, seen: heads, allLost: allLost, lost: lost, holds: holds,
      time: change.time, machine: machines[device] ?? device.description)
  }

  /// The devices that are gone, as the person or their successors said.
  package func retiredDevices() throws -> Set<DeviceID> {
    let ids = try db.all("SELECT device FROM machine WHERE retired = 1") { try $0.text(0) }
    return Set(ids.compactMap { DeviceID($0) })
  }
}

extension Library {
  /// How many conflicts there are to look at.
  package func conflictCount() throws -> Int {
    try read { reader in
      Int(
        try reader.db.number(
          """
          SELECT (SELECT count(*) FROM conflict)
            + (SELECT count(*) FROM note WHERE conflicted = 1)
          """))
    }
  }

  /// Makes the value that lost hold again, as a new operation; that settles the conflict, and the
  /// others of its register.
  /// - Parameters:
  ///   - conflict: as the person was shown it: what came since is not replaced unseen.
  ///   - what: the operation in words, for `log`.
  /// - Throws: ``LibraryError/notFound(_:)`` when there is no such conflict any more.
  @discardableResult
  package func restore(
    _ conflict: LibraryReader.Conflict, what: String? = nil, dryRun: Bool = false
  ) throws -> Recorded {
    try settle(
      conflict, conflict.lost, conflict.allLost,
      what ?? "conflicts restore \(conflict.stamp)", dryRun)
  }

  /// Keeps what holds, and settles the conflict.
  /// - Parameters: as of ``restore(_:what:dryRun:)``.
  /// - Throws: ``LibraryError/notFound(_:)`` when there is no such conflict any more.
  @discardableResult
  package func keep(
    _ conflict: LibraryReader.Conflict, what: String? = nil, dryRun: Bool = false
  ) throws -> Recorded {
    try settle(
      conflict, conflict.holds, [conflict.stamp], what ?? "conflicts keep \(conflict.stamp)",
      dryRun)
  }

  private func settle(
    _ conflict: LibraryReader.Conflict, _ value: String, _ settled: [Stamp], _ what: String,
    _ dryRun: Bool
  ) throws -> Recorded {
    try record(what, dryRun: dryRun) { recorder in
      let isThere = try recorder.reader.conflicts().contains { $0.stamp == conflict.stamp }
      guard isThere, !conflict.isNote else {
        throw LibraryError.notFound(conflict.stamp.description)
      }
      try recorder.write(
        Fact(conflict.name, value), settling: settled, seeing: Seen([conflict.name: conflict.seen]))
    }
  }
}
