import Changes
import Papers

/// The log as rows. Knows how a change is spread over columns and nothing else.
struct ChangeLog {
  let db: Database
  private let understanding: Understanding
  /// Those met, a handful; of more, which an author may invent, the last ones.
  private var devices: [(number: Int64, id: DeviceID)] = []
  /// Of the operations looked at before ``lastOperation``. A small command looks at one, and needs
  /// no dictionary, whose type alone costs a thirtieth of it.
  private var timeOfOperation: [Int64: (milliseconds: Int64, counter: UInt32)] = [:]
  private var lastOperation: (number: Int64, time: (milliseconds: Int64, counter: UInt32))?
  private var keepsSome: Bool?
  /// Whether ``entries(of:_:)`` left out some of what it was asked for last.
  private(set) var leavesOut = false

  init(_ db: Database, _ understanding: Understanding) {
    self.db = db
    self.understanding = understanding
  }

  /// A change and where it stands in this library's log.
  struct Entry {
    var seq: Int64
    var change: Change
  }

  /// How much of what was said of an entity.
  enum Extent {
    /// All that this build can read.
    case understood
    /// Of that, what the person said, and not a digest.
    case person
    /// Also what is only kept for a newer build.
    case everything
  }

  private static let columns =
    "seq, ms, counter, device, operation, entity, field, seen, at, value"
  private static let select = "SELECT \(columns) FROM change"

  /// The changes to an entity, ascending. Values of large registers are left empty: which of them
  /// holds is known without reading them. So are, unless all is asked for, those of late registers,
  /// and what is beyond ``Understanding/room``: they are read where they are looked at, one after
  /// the other (``values(of:)``).
  ///
  /// Unless all is asked for, no more are given than ``NewestChanges`` are. Whether some were left
  /// out is told by ``leavesOut``.
  mutating func entries(of entity: String, _ extent: Extent = .understood) throws -> [Entry] {
    leavesOut = false
    let select = understanding.layout.selectOfEntity
    let sql: String
    switch extent {
    case .everything: return try fetch(select.everything, [SQLValue(entity)], of: entity)
    case .understood: sql = try keepsUnapplied() ? select.understood : select.said
    case .person: sql = try keepsUnapplied() ? select.understoodPerson : select.person
    }
    if let all = try few(sql, entity) { return all }
    let newest = try NewestChanges(of: entity, extent, db, understanding)
    leavesOut = newest.leavesOut
    var places = newest.places.makeIterator()
    var next = places.next()
    return try fetch(sql, [SQLValue(entity)], of: entity, understanding.room) { row in
      guard row.integer(0) == next else { return .passOver }
      next = places.next()
      return .take
    }
  }

  /// All that a statement selects of an entity; nil where it is more than is looked at.
  private mutating func few(_ sql: String, _ entity: String) throws -> [Entry]? {
    var left = understanding.mostSaid
    let entries = try fetch(sql, [SQLValue(entity)], of: entity, understanding.room) { row in
      left -= NewestChanges.size + row.length(6) + row.length(7)
      return left >= 0 ? .take : .stop
    }
    return left >= 0 ? entries : nil
  }

  /// Gives the values of entries, also those that were not read with them.
  func values(of entries: [Entry]) -> (Change) throws -> String {
    var places: [Stamp: Int64]?
    return { change in
      guard change.value.isEmpty else { return change.value }
      if places == nil {
        places = Dictionary(
          entries.map { ($0.change.stamp, $0.seq) }, uniquingKeysWith: { first, _ in first })
      }
      return try places?[change.stamp].flatMap { try value(at: $0) } ?? ""
    }
  }

  /// Whether there are changes that are only kept; nearly no library has any.
  private mutating func keepsUnapplied() throws -> Bool {
    if let keepsSome { return keepsSome }
    let some = try db.exists("SELECT 1 FROM unapplied LIMIT 1")
    keepsSome = some
    return some
  }

  /// Keeps a change for a build that can read it.
  mutating func keepUnapplied(_ seq: Int64) throws {
    try db.run("INSERT OR IGNORE INTO unapplied (seq) VALUES (?)", [SQLValue(seq)])
    keepsSome = true
  }

  /// Changes in the order they came here, after `seq`; no more, beyond the first, than there is
  /// room for their names and values.
  mutating func entries(after seq: Int64, limit: Int, room: Int = .max) throws -> [Entry] {
    var entries: [Entry] = []
    var left = room
    try db.read(
      "\(Self.select) WHERE seq > ? ORDER BY seq LIMIT ?", [SQLValue(seq), SQLValue(limit)]
    ) { row in
      let length = (5...7).reduce(row.length(9)) { $0 + row.length($1) }
      guard entries.isEmpty || length <= left else { return false }
      var room = Int.max
      if let entry = try entry(row, nil, &room) { entries.append(entry) }
      left -= length
      return true
    }
    return entries
  }

  /// One change by its place.
  mutating func entry(at seq: Int64) throws -> Entry? {
    try fetch("\(Self.select) WHERE seq = ?", [SQLValue(seq)]).first
  }

  /// Calls `body` with the place and the entity of each change of an operation, ascending, where
  /// nothing was said of the entity after the place `start`; `body` may append to the log.
  func forEachPlace(
    ofOperation number: Int64, whereNothingIsAfter start: Int64,
    _ body: (_ seq: Int64, _ entity: String) throws -> Void
  ) throws {
    try db.forEach(
      """
      SELECT seq, entity \(Self.ofOperation)
      AND NOT EXISTS (SELECT 1 FROM change d WHERE d.entity = change.entity AND d.seq > ?2)
      ORDER BY seq
      """, [SQLValue(number), SQLValue(start)]
    ) { try body($0.integer(0), try $0.text(1)) }
  }

  /// The last place, 0 when there is none.
  func lastPlace() throws -> Int64 { try db.number("SELECT coalesce(max(seq), 0) FROM change") }

  /// How much must be read of an entity to know what an operation said of it.
  func extent(ofOperation number: Int64) throws -> Extent {
    let isOfDigest = try db.exists(
      "SELECT 1 \(Self.ofOperation) AND \(understanding.layout.isOfDigest) LIMIT 1",
      [SQLValue(number)])
    return isOfDigest ? .understood : .person
  }

  /// What selects the changes of the operation `?1`.
  static let ofOperation = """
    FROM change WHERE seq BETWEEN (SELECT first FROM operation WHERE number = ?1)
      AND (SELECT last FROM operation WHERE number = ?1) AND operation = ?1
    """

  /// The value of one change.
  func value(at seq: Int64) throws -> String? {
    try db.first("SELECT value FROM change WHERE seq = ?", [SQLValue(seq)]) { try $0.text(0) }
  }

  /// Whether a change with this stamp is in the log.
  mutating func contains(_ stamp: Stamp) throws -> Bool {
    try db.exists(
      "SELECT 1 FROM change WHERE device = ? AND ms = ? AND counter = ?",
      [
        SQLValue(try number(of: stamp.device)), SQLValue(stamp.milliseconds),
        SQLValue(Int64(stamp.counter)),
      ])
  }

  /// Whether what is in the log under this stamp says something else.
  mutating func contradicts(_ change: Change) throws -> Bool {
    try db.exists(
      """
      SELECT 1 FROM change WHERE device = ? AND ms = ? AND counter = ?
      AND (entity <> ? OR field <> ? OR value <> ?)
      """,
      [
        SQLValue(try number(of: change.stamp.device)), SQLValue(change.stamp.milliseconds),
        SQLValue(Int64(change.stamp.counter)), SQLValue(change.entity), SQLValue(change.field),
        SQLValue(change.value),
      ])
  }

  /// Appends a change; returns its place.
  mutating func append(_ change: Change, operation: Int64) throws -> Int64 {
    let seen = change.seen.isEmpty ? nil : change.seen.map(\.description).joined(separator: " ")
    try db.run(
      """
      INSERT INTO change (ms, counter, device, operation, entity, field, value, seen, at)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        SQLValue(change.stamp.milliseconds), SQLValue(Int64(change.stamp.counter)),
        SQLValue(try number(of: change.stamp.device)), SQLValue(operation),
        SQLValue(change.entity), SQLValue(change.field), SQLValue(change.value), SQLValue(seen),
        SQLValue(change.at),
      ])
    return db.lastInsertedRow
  }

  /// The number this library gives a device; a new one for a device not met before.
  mutating func number(of device: DeviceID) throws -> Int64 {
    if let known = devices.first(where: { $0.id == device }) { return known.number }
    let id = SQLValue(device.description)
    var number = try db.first("SELECT number FROM device WHERE id = ?", [id]) { $0.integer(0) }
    if number == nil {
      try db.run("INSERT INTO device (id) VALUES (?)", [id])
      number = db.lastInsertedRow
    }
    if let number { keep(number, device) }
    return number ?? 0
  }

  private mutating func device(numbered number: Int64) throws -> DeviceID {
    if let known = devices.first(where: { $0.number == number }) { return known.id }
    let id = try db.first("SELECT id FROM device WHERE number = ?", [SQLValue(number)]) {
      try $0.text(0)
    }
    guard let id, let device = DeviceID(id) else {
      throw SQLiteError.damaged("device \(number) is unknown")
    }
    keep(number, device)
    return device
  }

  private mutating func keep(_ number: Int64, _ device: DeviceID) {
    if devices.count == Self.devicesKept { devices.removeAll() }
    devices.append((number, device))
  }

  /// So many are looked through sooner than one is asked for.
  private static let devicesKept = 64

  /// When an operation was begun, on the clock of the device whose changes it holds; nil when it is
  /// not here, as in a damaged library. Kept, for an operation has many changes.
  private mutating func time(
    ofOperation number: Int64
  ) throws -> (milliseconds: Int64, counter: UInt32)? {
    if let last = lastOperation, last.number == number { return last.time }
    if !timeOfOperation.isEmpty, let time = timeOfOperation[number] { return time }
    let time = try db.first(
      "SELECT ms, counter FROM operation WHERE number = ?", [SQLValue(number)]
    ) { (milliseconds: $0.integer(0), counter: UInt32(truncatingIfNeeded: $0.integer(1))) }
    guard let time else { return nil }
    if let last = lastOperation {
      if timeOfOperation.count == Self.operationsKept { timeOfOperation.removeAll() }
      timeOfOperation[last.number] = last.time
    }
    lastOperation = (number, time)
    return time
  }

  private static let operationsKept = 1000

  /// What is done with a row.
  private enum Choice {
    case take
    case passOver
    case stop
  }

  /// - Parameters:
  ///   - entity: whose changes they all are, where that is known.
  ///   - room: so many bytes of values are read, and those beyond left empty.
  private mutating func fetch(
    _ sql: String, _ values: [SQLValue], of entity: String? = nil, _ room: Int = .max,
    _ choice: (SQLiteRow) -> Choice = { _ in .take }
  ) throws -> [Entry] {
    var entries: [Entry] = []
    var room = room
    try db.read(sql, values) { row in
      let choice = choice(row)
      if choice == .take, let entry = try entry(row, entity, &room) { entries.append(entry) }
      return choice != .stop
    }
    return entries
  }

  private mutating func entry(
    _ row: SQLiteRow, _ entity: String?, _ room: inout Int
  ) throws -> Entry? {
    let device = try device(numbered: row.integer(3))
    let stamp = Stamp(
      milliseconds: row.integer(1), counter: UInt32(truncatingIfNeeded: row.integer(2)),
      device: device)
    guard let time = try time(ofOperation: row.integer(4)) else { return nil }
    let operation = Stamp(milliseconds: time.milliseconds, counter: time.counter, device: device)
    let seen = try row.bytes(7) { Stamp.list($0) } ?? []
    let length = row.length(9)
    let isRead = length <= room
    if isRead { room -= length }
    let change = Change(
      stamp: stamp, operation: operation, entity: try entity ?? row.text(5), field: try row.text(6),
      value: isRead ? try row.text(9) : "", seen: seen, at: row.optionalInteger(8))
    return Entry(seq: row.integer(0), change: change)
  }
}
