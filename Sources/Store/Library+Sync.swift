import Changes
import GRDB
import Papers

extension Library {
  /// Changes in the order they came here, after a place of the log.
  public func changes(after place: Int64, limit: Int) throws -> [(place: Int64, change: Change)] {
    try read { reader in
      var log = ChangeLog(db: reader.db)
      return try log.entries(after: place, limit: limit).map { ($0.seq, $0.change) }
    }
  }

  /// All changes to an entity in no order, the values of `content` left empty.
  package func changes(of entity: String) throws -> [Change] {
    try read { reader in
      var log = ChangeLog(db: reader.db)
      return try log.entries(of: entity).map(\.change)
    }
  }

  /// The last place of the log, 0 when it is empty.
  public func lastPlace() throws -> Int64 {
    try read { try ChangeLog(db: $0.db).lastPlace() }
  }

  /// Looks at what sync remembers.
  public func memory<Value>(_ body: (SyncMemory) throws -> Value) throws -> Value {
    try read { try body(SyncMemory(db: $0.db, build: build)) }
  }

  /// Looks at what sync remembers and changes it, in one transaction that nobody comes between.
  public func remember<Value>(_ body: (inout SyncMemory) throws -> Value) throws -> Value {
    try write { db in
      var memory = SyncMemory(db: db, build: build)
      return (.commit, try body(&memory))
    }
  }

  /// What digests said of papers and other content has replaced since: the places of both.
  /// The stamp decides, so only a strictly later time counts.
  public func supersededContents() throws -> [(place: Int64, by: Int64)] {
    try read { reader in
      let rows = try Row.fetchAll(
        reader.db,
        sql: """
          SELECT a.seq, b.seq FROM change a JOIN change b ON b.entity = a.entity
          WHERE a.field = 'content' AND b.field = 'content' AND b.ms > a.ms ORDER BY a.seq, b.seq
          """)
      return rows.map { ($0[0], $0[1]) }
    }
  }
}

extension SyncMemory {
  /// The place of a change in the log; nil when it is not here.
  public func place(of stamp: Stamp) throws -> Int64? {
    try db.first(
      """
      SELECT seq FROM change
      WHERE device = (SELECT number FROM device WHERE id = ?) AND ms = ? AND counter = ?
      """,
      [
        SQLValue(stamp.device.description), SQLValue(stamp.milliseconds),
        SQLValue(Int64(stamp.counter)),
      ]
    ) { $0.integer(0) }
  }

  /// The id of this copy of the library.
  public func device() throws -> DeviceID { try LibraryReader(db: db).device() }

  /// Makes this copy of the library another device than it was: another copy bears the old id too.
  ///
  /// The operations begun after `place`, which no other machine has seen, get the new id in their
  /// stamps: the other copy may have given the very same stamps to edits of its own.
  public mutating func become(_ device: DeviceID, restampingAfter place: Int64) throws {
    let old = try self.device()
    try Meta.set(db, "device", SQLValue(device.description))
    var restamping = Restamping(db: db, build: build, old: old, new: device, place: place)
    try restamping.run()
  }
}

/// Gives operations that nobody else has seen the stamps of another device.
private struct Restamping {
  let db: Database
  let build: Build
  let old: DeviceID
  let new: DeviceID
  let place: Int64

  mutating func run() throws {
    var log = ChangeLog(db: db)
    let (from, to) = (try log.number(of: old), try log.number(of: new))
    try db.execute(
      sql: """
        UPDATE change SET device = ?2 WHERE seq > ?3 AND device = ?1 AND operation IN
          (SELECT number FROM operation WHERE mine = 1 AND device = ?1 AND first > ?3)
        """, arguments: [from, to, place])
    try db.execute(
      sql: "UPDATE operation SET device = ?2 WHERE mine = 1 AND device = ?1 AND first > ?3",
      arguments: [from, to, place])
    try renameReferences(to)
    try foldAgain(to, &log)
  }

  /// `seen` and the targets of undo name changes by their stamps.
  private func renameReferences(_ number: Int64) throws {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT seq, seen, field, value, operation FROM change
        WHERE seq > ? AND device = ? AND (seen IS NOT NULL OR field = 'did')
        """, arguments: [place, number])
    for row in rows {
      if let seen: String = row[1] {
        let renamed = try seen.split(separator: " ").compactMap { Stamp($0) }
          .map { try self.renamed($0, number) }.sorted().map(\.description).joined(separator: " ")
        try db.execute(
          sql: "UPDATE change SET seen = ? WHERE seq = ?", arguments: [renamed, row[0] as Int64])
      }
      if row[2] == "did" { try renameTarget(row, number) }
    }
  }

  private func renameTarget(_ row: Row, _ number: Int64) throws {
    guard case .operation(var header)? = Fact(entity: "o:", field: "did", value: row[3]),
      let target = header.target
    else { return }
    header.target = try renamed(target, number)
    try db.execute(
      sql: "UPDATE change SET value = ? WHERE seq = ?",
      arguments: [Fact.operation(header).value, row[0] as Int64])
    try db.execute(
      sql: "UPDATE operation SET target = ? WHERE number = ?",
      arguments: [header.target?.description, row[4] as Int64])
  }

  private func renamed(_ stamp: Stamp, _ number: Int64) throws -> Stamp {
    guard stamp.device == old else { return stamp }
    let isRestamped =
      try Int.fetchOne(
        db, sql: "SELECT 1 FROM change WHERE device = ? AND ms = ? AND counter = ?",
        arguments: [number, stamp.milliseconds, Int64(stamp.counter)]) != nil
    guard isRestamped else { return stamp }
    return Stamp(milliseconds: stamp.milliseconds, counter: stamp.counter, device: new)
  }

  private func foldAgain(_ number: Int64, _ log: inout ChangeLog) throws {
    let entities = try String.fetchAll(
      db, sql: "SELECT DISTINCT entity FROM change WHERE seq > ? AND device = ? ORDER BY seq",
      arguments: [place, number])
    for entity in entities {
      let entries = try log.entries(of: entity)
      try FoldedTables(db: db, build: build).fold(
        entity, entries, touched: Set(entries.map(\.change.field)))
    }
  }
}
