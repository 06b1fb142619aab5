import Changes

/// The operations: which changes belong to one command, what it was, and whether it stands.
///
/// Of this device's own operations a stack is kept for undo and redo, in `state`. A new act makes
/// what was undone before it final.
struct OperationTable {
  let db: Database

  /// Whether an act stands, was taken back and can be repeated, or was taken back for good.
  enum State: Int { case stands, undone, dead }

  /// The number of an operation, if it is known.
  func number(of stamp: Stamp, _ log: inout ChangeLog) throws -> Int64? {
    try db.first(
      "SELECT number FROM operation WHERE device = ? AND ms = ? AND counter = ?",
      [
        SQLValue(try log.number(of: stamp.device)), SQLValue(stamp.milliseconds),
        SQLValue(Int64(stamp.counter)),
      ]
    ) { $0.integer(0) }
  }

  /// The stamp of an operation.
  func stamp(of number: Int64) throws -> Stamp? {
    try db.first(
      """
      SELECT o.ms, o.counter, d.id FROM operation o JOIN device d ON d.number = o.device
      WHERE o.number = ?
      """, [SQLValue(number)]
    ) { row in
      DeviceID(try row.text(2)).map {
        Stamp(
          milliseconds: row.integer(0), counter: UInt32(truncatingIfNeeded: row.integer(1)),
          device: $0)
      }
    } ?? nil
  }

  /// Adds an operation; its header may come later. `isMine` when it is begun here, by the person of
  /// this machine, and so belongs to the stack of undo.
  func begin(_ stamp: Stamp, isMine: Bool, _ log: inout ChangeLog) throws -> Int64 {
    try db.run(
      """
      INSERT INTO operation (device, ms, counter, mine, first, last)
      VALUES (?, ?, ?, ?, 9223372036854775807, 0)
      """,
      [
        SQLValue(try log.number(of: stamp.device)), SQLValue(stamp.milliseconds),
        SQLValue(Int64(stamp.counter)), SQLValue(isMine),
      ])
    return db.lastInsertedRow
  }

  /// Says what an operation was, and moves the stack of undo when it is one of ours.
  func describe(_ number: Int64, _ header: OperationHeader, isMine: Bool) throws {
    try db.run(
      "UPDATE operation SET kind = ?, what = ?, target = ? WHERE number = ?",
      [
        SQLValue(header.kind.rawValue), SQLValue(header.what),
        SQLValue(header.target?.description), SQLValue(number),
      ])
    guard isMine else { return }
    switch header.kind {
    case .act:
      try db.run(
        "UPDATE operation SET state = ? WHERE mine = 1 AND kind = 'do' AND state = ?",
        [SQLValue(State.dead.rawValue), SQLValue(State.undone.rawValue)])
    case .undo, .redo:
      guard let target = header.target else { return }
      let state = header.kind == .undo ? State.undone : State.stands
      try db.run(
        """
        UPDATE operation SET state = ?
        WHERE mine = 1 AND ms = ? AND counter = ?
          AND device = (SELECT number FROM device WHERE id = ?)
        """,
        [
          SQLValue(state.rawValue), SQLValue(target.milliseconds), SQLValue(Int64(target.counter)),
          SQLValue(target.device.description),
        ])
    }
  }

  /// Notes where the changes of an operation stand in the log, and how many there are.
  func extend(_ number: Int64, _ span: Span) throws {
    try db.run(
      """
      UPDATE operation SET first = min(first, ?), last = max(last, ?), changes = changes + ?
      WHERE number = ?
      """,
      [SQLValue(span.first), SQLValue(span.last), SQLValue(span.changes), SQLValue(number)])
  }

  /// Where changes of one operation stand, and how many there are besides its header.
  struct Span {
    var first: Int64
    var last: Int64
    var changes = 0

    mutating func include(_ seq: Int64, counted: Bool) {
      first = min(first, seq)
      last = max(last, seq)
      if counted { changes += 1 }
    }
  }
  /// The spans of operations. A small command has one, which is kept without a dictionary: the
  /// runtime takes longer to make the type of one than the library to begin the operation.
  struct Spans {
    private var last: (operation: Int64, span: Span)?
    private var others: [Int64: Span] = [:]

    subscript(operation: Int64, beginning first: Span) -> Span {
      get {
        if let last, last.operation == operation { return last.span }
        return others.isEmpty ? first : others[operation] ?? first
      }
      set {
        if let last, last.operation != operation { others[last.operation] = last.span }
        last = (operation, newValue)
      }
    }

    /// Calls `body` with each.
    func forEach(_ body: (_ operation: Int64, Span) throws -> Void) rethrows {
      for (operation, span) in others where operation != last?.operation {
        try body(operation, span)
      }
      if let last { try body(last.operation, last.span) }
    }
  }
}
