import GRDB

/// Databases in memory that nobody uses any more, to be used again: for simulations, whose lives are
/// so short that making the tables and compiling the statements would take most of the time.
package final class MemoryPool {
  private var free: [DatabaseQueue] = []

  /// Empty.
  package init() {}

  /// A database with empty tables, if there is one.
  func take() throws -> DatabaseQueue? {
    guard let queue = free.popLast() else { return nil }
    try queue.inDatabase { db in
      try db.transaction(.immediate) {
        for statement in Self.emptying { try db.run(statement, []) }
        return .commit
      }
    }
    return queue
  }

  func giveBack(_ queue: DatabaseQueue) { free.append(queue) }

  private static let emptying =
    (["meta", "device", "change", "operation"] + Schema.foldTables).map { "DELETE FROM \($0)" } + [
      "INSERT INTO search (search) VALUES ('delete-all')"
    ]
}
