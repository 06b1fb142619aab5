/// Databases in memory that nobody uses any more, to be used again: for simulations, whose lives
/// are so short that making the tables and compiling the statements would take most of the time.
package final class MemoryPool {
  private var free: [Database] = []

  /// Empty.
  package init() {}

  /// A database with empty tables, if there is one.
  func take() throws -> Database? {
    guard let database = free.popLast() else { return nil }
    try database.transaction(.immediate) {
      for statement in Self.emptying { try database.run(statement) }
      return .commit
    }
    return database
  }

  func giveBack(_ database: Database) { free.append(database) }

  private static let emptying =
    (["meta", "device", "change", "operation"]
    + Schema.foldTables(Understanding.standard.layout)).map { "DELETE FROM \($0)" } + [
      "INSERT INTO search (search) VALUES ('delete-all')"
    ]
}
