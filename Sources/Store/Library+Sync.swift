import Changes
import Papers

extension Library {
  /// Changes in the order they came here, after a place of the log.
  /// - Parameter room: no more of them, beyond the first, than have so many bytes of values.
  package func changes(
    after place: Int64, limit: Int, room: Int = .max
  ) throws -> [(place: Int64, change: Change)] {
    try read { reader in
      var log = ChangeLog(reader.db, understanding)
      return try log.entries(after: place, limit: limit, room: room).map { ($0.seq, $0.change) }
    }
  }

  /// All changes to an entity in no order, the values of `content` left empty.
  package func changes(of entity: String) throws -> [Change] {
    try read { reader in
      var log = ChangeLog(reader.db, understanding)
      return try log.entries(of: entity, .everything).map(\.change)
    }
  }

  /// The last place of the log, 0 when it is empty.
  package func lastPlace() throws -> Int64 {
    try read { try ChangeLog($0.db, understanding).lastPlace() }
  }

  /// Looks at what sync remembers.
  package func memory<Value>(_ body: (SyncMemory) throws -> Value) throws -> Value {
    try read {
      try body(memory($0.db))
    }
  }

  func memory(_ db: Database) -> SyncMemory {
    SyncMemory(
      db: db, understanding: understanding, surroundings: surroundings, writes: memoryWrites)
  }

  /// Looks at what sync remembers and changes it, in one transaction that nobody comes between.
  package func remember<Value>(_ body: (inout SyncMemory) throws -> Value) throws -> Value {
    try write { db in
      var memory = memory(db)
      return (.commit, try body(&memory))
    }
  }

  /// Calls `body` with the place of what a digest said of a paper and other content has replaced
  /// since. The stamp decides, so only a strictly later time counts. The latest that replaces is
  /// enough: pairs of both would be the square of what was said of one paper.
  /// - Parameter replaces: whether what stands at a place may replace others.
  package func forEachSupersededContent(
    by replaces: (Int64) -> Bool, _ body: (Int64) -> Void
  ) throws {
    try read { reader in
      var (entity, latest) = ([UInt8](), Int64?.none)
      try reader.db.forEach(
        "SELECT seq, ms, entity FROM change WHERE field = ? ORDER BY entity, ms DESC",
        [SQLValue(Content.field)]
      ) { row in
        let isSame = try row.bytes(2) { bytes in
          if bytes.elementsEqual(entity) { return true }
          entity = Array(bytes)
          return false
        }
        if isSame != true { latest = nil }
        if let latest, row.integer(1) < latest {
          body(row.integer(0))
        } else if latest == nil, replaces(row.integer(0)) {
          latest = row.integer(1)
        }
      }
    }
  }
}

extension SyncMemory {
  /// The place of a change in the log; nil when it is not here.
  package func place(of stamp: Stamp) throws -> Int64? {
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

  /// Whether what stands here under the stamp of a change says something else.
  package func contradicts(_ change: Change) throws -> Bool {
    var log = ChangeLog(db, understanding)
    return try log.contradicts(change)
  }

  /// Whether a change of this copy's own stands at one of these places.
  package func hasOwnChange(in places: ClosedRange<Int64>) throws -> Bool {
    try db.first(
      """
      SELECT 1 FROM change WHERE seq BETWEEN ? AND ?
      AND device = (SELECT number FROM device WHERE id = ?) LIMIT 1
      """,
      [
        SQLValue(places.lowerBound), SQLValue(places.upperBound),
        SQLValue(try device().description),
      ]
    ) { _ in true } ?? false
  }

  /// The id of this copy of the library.
  package func device() throws -> DeviceID {
    try LibraryReader(db: db, understanding: understanding).device()
  }

  /// Makes this copy of the library another device than it was: another copy bears the old id too.
  ///
  /// The operations begun after `place`, which no other machine has seen, get the new id in their
  /// stamps: the other copy may have given the very same stamps to edits of its own.
  /// - Parameter isSuccessor: whether the device of the old id is taken to be gone.
  package mutating func become(
    _ device: DeviceID, restampingAfter place: Int64, isSuccessor: Bool
  ) throws {
    let old = try self.device()
    // What is remembered of a remote that nothing was sent to yet begins with the id.
    writes.count += 1
    try Meta.set(db, "device", SQLValue(device.description))
    var restamping = Restamping(
      db: db, understanding: understanding, old: old, new: device, place: place)
    try restamping.run()
    guard isSuccessor else { return }
    var recorder = try Recorder(
      db: db, header: .succession, continuing: nil, isMine: false, surroundings: surroundings,
      understanding: understanding)
    try recorder.succeed(old)
    if recorder.recorded.operation != nil { try recorder.finish() }
  }
}

/// Gives operations that nobody else has seen the stamps of another device.
private struct Restamping {
  let db: Database
  let understanding: Understanding
  let old: DeviceID
  let new: DeviceID
  let place: Int64

  mutating func run() throws {
    var log = ChangeLog(db, understanding)
    let (from, to) = (try log.number(of: old), try log.number(of: new))
    let arguments = [SQLValue(from), SQLValue(to), SQLValue(place)]
    try db.run(
      """
      UPDATE change SET device = ?2 WHERE seq > ?3 AND device = ?1 AND operation IN
        (SELECT number FROM operation WHERE mine = 1 AND device = ?1 AND first > ?3)
      """, arguments)
    try db.run(
      "UPDATE operation SET device = ?2 WHERE mine = 1 AND device = ?1 AND first > ?3", arguments)
    try renameReferences(to)
    try foldAgain(to, &log)
  }

  private struct Referring {
    var seq: Int64
    var seen: String?
    var field: String
    var value: String
    var operation: Int64
  }

  /// `seen` and the targets of undo name changes by their stamps.
  private func renameReferences(_ number: Int64) throws {
    let changes = try db.all(
      """
      SELECT seq, seen, field, CASE WHEN field = ?3 THEN value ELSE '' END, operation FROM change
      WHERE seq > ?1 AND device = ?2 AND (seen IS NOT NULL OR field = ?3)
      """, [SQLValue(place), SQLValue(number), SQLValue(OperationWords.field)]
    ) { row in
      Referring(
        seq: row.integer(0), seen: try row.optionalText(1), field: try row.text(2),
        value: try row.text(3), operation: row.integer(4))
    }
    for change in changes {
      if let seen = change.seen {
        let renamed = try seen.split(separator: " ").compactMap { Stamp($0) }
          .map { try self.renamed($0, number) }.sorted().map(\.description).joined(separator: " ")
        try db.run(
          "UPDATE change SET seen = ? WHERE seq = ?", [SQLValue(renamed), SQLValue(change.seq)])
      }
      if change.field == OperationWords.field { try renameTarget(change, number) }
    }
  }

  private func renameTarget(_ change: Referring, _ number: Int64) throws {
    guard var header = OperationWords.value(change.value), let target = header.target else {
      return
    }
    header.target = try renamed(target, number)
    try db.run(
      "UPDATE change SET value = ? WHERE seq = ?",
      [SQLValue(OperationWords.json(header)), SQLValue(change.seq)])
    try db.run(
      "UPDATE operation SET target = ? WHERE number = ?",
      [SQLValue(header.target?.description), SQLValue(change.operation)])
  }

  private func renamed(_ stamp: Stamp, _ number: Int64) throws -> Stamp {
    guard stamp.device == old else { return stamp }
    let isRestamped = try db.exists(
      "SELECT 1 FROM change WHERE device = ? AND ms = ? AND counter = ?",
      [SQLValue(number), SQLValue(stamp.milliseconds), SQLValue(Int64(stamp.counter))])
    guard isRestamped else { return stamp }
    return Stamp(milliseconds: stamp.milliseconds, counter: stamp.counter, device: new)
  }

  private func foldAgain(_ number: Int64, _ log: inout ChangeLog) throws {
    let entities = try db.all(
      "SELECT DISTINCT entity FROM change WHERE seq > ? AND device = ? ORDER BY seq",
      [SQLValue(place), SQLValue(number)]
    ) { try $0.text(0) }
    for entity in entities where FoldedTables.hasRows(entity) {
      try FoldedTables(db: db, understanding: understanding).fold(entity, &log, touched: nil)
    }
  }
}
