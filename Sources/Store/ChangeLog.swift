import Changes
import GRDB

/// The log as rows. Knows how a change is spread over columns and nothing else.
struct ChangeLog {
  let db: Database
  private var numberOfDevice: [DeviceID: Int64] = [:]
  private var deviceOfNumber: [Int64: DeviceID] = [:]

  init(db: Database) { self.db = db }

  /// A change and where it stands in this library's log.
  struct Entry {
    var seq: Int64
    var change: Change
  }

  private static let columns = """
    c.seq, c.ms, c.counter, c.device, o.ms, o.counter, c.entity, c.field, c.seen, c.at
    """

  /// All changes to an entity. Values of `content` are left empty: they are large, and which of them
  /// holds is known without reading them.
  mutating func entries(of entity: String) throws -> [Entry] {
    try fetch(
      """
      SELECT \(Self.columns), CASE WHEN c.field = 'content' THEN '' ELSE c.value END
      FROM change c JOIN operation o ON o.number = c.operation WHERE c.entity = ?
      """, [SQLValue(entity)])
  }

  /// The changes of an operation, ascending.
  mutating func entries(ofOperation number: Int64) throws -> [Entry] {
    try fetch(
      """
      SELECT \(Self.columns), c.value FROM change c JOIN operation o ON o.number = c.operation
      WHERE c.seq BETWEEN (SELECT first FROM operation WHERE number = ?1)
        AND (SELECT last FROM operation WHERE number = ?1) AND c.operation = ?1
      ORDER BY c.seq
      """, [SQLValue(number)])
  }

  /// Changes in the order they came here, after `seq`.
  mutating func entries(
    after seq: Int64, limit: Int, ofDevice device: DeviceID? = nil
  ) throws
    -> [Entry]
  {
    guard let device else {
      return try fetch(
        """
        SELECT \(Self.columns), c.value FROM change c JOIN operation o ON o.number = c.operation
        WHERE c.seq > ? ORDER BY c.seq LIMIT ?
        """, [SQLValue(seq), SQLValue(limit)])
    }
    return try fetch(
      """
      SELECT \(Self.columns), c.value FROM change c JOIN operation o ON o.number = c.operation
      WHERE c.seq > ? AND c.device = ? ORDER BY c.seq LIMIT ?
      """, [SQLValue(seq), SQLValue(try number(of: device)), SQLValue(limit)])
  }

  /// One change by its place.
  mutating func entry(at seq: Int64) throws -> Entry? {
    try fetch(
      """
      SELECT \(Self.columns), c.value FROM change c JOIN operation o ON o.number = c.operation
      WHERE c.seq = ?
      """, [SQLValue(seq)]
    ).first
  }

  /// One change by its stamp.
  mutating func entry(stamped stamp: Stamp) throws -> Entry? {
    try fetch(
      """
      SELECT \(Self.columns), c.value FROM change c JOIN operation o ON o.number = c.operation
      WHERE c.device = ? AND c.ms = ? AND c.counter = ?
      """,
      [
        SQLValue(try number(of: stamp.device)), SQLValue(stamp.milliseconds),
        SQLValue(Int64(stamp.counter)),
      ]
    ).first
  }

  /// The value of one change.
  func value(at seq: Int64) throws -> String? {
    try db.first("SELECT value FROM change WHERE seq = ?", [SQLValue(seq)]) { $0.text(0) }
  }

  /// Whether a change with this stamp is in the log.
  mutating func contains(_ stamp: Stamp) throws -> Bool {
    let device = try number(of: stamp.device)
    return try db.first(
      "SELECT 1 FROM change WHERE device = ? AND ms = ? AND counter = ?",
      [SQLValue(device), SQLValue(stamp.milliseconds), SQLValue(Int64(stamp.counter))]
    ) { _ in true } ?? false
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
    return db.lastInsertedRowID
  }

  /// The number this library gives a device; a new one for a device not met before.
  mutating func number(of device: DeviceID) throws -> Int64 {
    if let number = numberOfDevice[device] { return number }
    let select = try db.cachedStatement(sql: "SELECT number FROM device WHERE id = ?")
    var number = try Int64.fetchOne(select, arguments: [device.description])
    if number == nil {
      try db.cachedStatement(sql: "INSERT INTO device (id) VALUES (?)")
        .execute(arguments: [device.description])
      number = db.lastInsertedRowID
    }
    numberOfDevice[device] = number
    return number ?? 0
  }

  private mutating func device(numbered number: Int64) throws -> DeviceID {
    if let device = deviceOfNumber[number] { return device }
    let select = try db.cachedStatement(sql: "SELECT id FROM device WHERE number = ?")
    guard let text = try String.fetchOne(select, arguments: [number]), let device = DeviceID(text)
    else {
      throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "device \(number) is unknown")
    }
    deviceOfNumber[number] = device
    return device
  }

  private mutating func fetch(_ sql: String, _ values: [SQLValue]) throws -> [Entry] {
    var entries: [Entry] = []
    try db.forEach(sql, values) { entries.append(try entry($0)) }
    return entries
  }

  private mutating func entry(_ row: PlainRow) throws -> Entry {
    let device = try device(numbered: row.integer(3))
    let stamp = Stamp(
      milliseconds: row.integer(1), counter: UInt32(truncatingIfNeeded: row.integer(2)),
      device: device)
    let operation = Stamp(
      milliseconds: row.integer(4), counter: UInt32(truncatingIfNeeded: row.integer(5)),
      device: device)
    let seen = row.bytes(8) { Stamp.list($0) } ?? []
    let change = Change(
      stamp: stamp, operation: operation, entity: row.text(6), field: row.text(7),
      value: row.text(10), seen: seen, at: row.optionalInteger(9))
    return Entry(seq: row.integer(0), change: change)
  }
}
