import Changes
import Papers

extension Library {
  /// Does one operation of the person in one transaction: looks, records facts, and commits all of
  /// it or nothing.
  /// - Parameters:
  ///   - what: the operation in the words of the command, for `log`.
  ///   - earlier: an operation this goes on with: an import is one operation for undo, but one
  ///     transaction a file.
  ///   - dryRun: do everything and then roll back, to say what would change.
  ///   - namingPapers: whether to say which papers changed, and not only how many: a bulk edit of a
  ///     large library would hold all their ids.
  /// - Throws: ``LibraryError``, or what `body` throws; then nothing was changed.
  @discardableResult
  package func record(
    _ what: String, continuing earlier: Stamp? = nil, dryRun: Bool = false,
    namingPapers: Bool = true, _ body: (inout Recorder) throws -> Void
  ) throws -> Recorded {
    try record(
      OperationHeader(what: what), continuing: earlier, dryRun: dryRun, namingPapers: namingPapers,
      body)
  }

  @discardableResult
  func record(
    _ header: OperationHeader, continuing earlier: Stamp? = nil, dryRun: Bool = false,
    namingPapers: Bool = true, isMine: Bool = true, _ body: (inout Recorder) throws -> Void
  ) throws -> Recorded {
    let recorded = try write { db in
      var recorder = try Recorder(
        db: db, header: header, continuing: earlier, namesPapers: namingPapers, isMine: isMine,
        surroundings: surroundings, understanding: understanding)
      try body(&recorder)
      if recorder.recorded.operation != nil { try recorder.finish() }
      return (dryRun || recorder.recorded.operation == nil ? .rollback : .commit, recorder.recorded)
    }
    if !dryRun, recorded.operation != nil { afterChange?() }
    return recorded
  }

  /// What became of changes of other devices.
  package struct Received {
    /// How many were new.
    package var new = 0
    /// The numbers this library gives the papers changed.
    package var papers: [Int64] = []
    /// How many are not what stands here under the same stamp. What was here first stays.
    package var contradicted = 0
    /// The entities of which more was said than is looked at, and some of it now.
    package var crowded: [String] = []

    /// Nothing came.
    package init() {}
  }

  /// Takes in changes of other devices, with whatever `also` keeps beside them (the cursor of
  /// sync), in one transaction.
  /// - Throws: ``LibraryError``, or what `also` throws; then nothing was changed.
  @discardableResult
  package func receive(
    _ changes: [Change], also: (inout SyncMemory) throws -> Void = { _ in }
  ) throws -> Received {
    let received = try write { db in
      var recorder = try Recorder(
        db: db, header: OperationHeader(what: ""), continuing: nil, surroundings: surroundings,
        understanding: understanding)
      let received = try recorder.receive(changes)
      try recorder.finish()
      var memory = memory(db)
      try also(&memory)
      return (.commit, received)
    }
    if received.new > 0 { afterChange?() }
    return received
  }
}

/// What sync remembers of remotes and peers, kept in the library so that it commits together with
/// the changes it speaks of.
package struct SyncMemory {
  let db: Database
  let understanding: Understanding
  let surroundings: Surroundings
  let writes: Writes

  /// How often something was written.
  final class Writes {
    var count = 0
  }

  /// What is another whenever something of it may have changed: here, or by another process.
  package struct Edition: Hashable {
    let others: Int64
    let ours: Int
  }

  /// The edition that is looked at.
  package var edition: Edition {
    get throws {
      // Moves when another connection has committed, and not by what this one does.
      Edition(others: try db.number("PRAGMA data_version"), ours: writes.count)
    }
  }

  /// A value kept under `name`, nil when there is none.
  package func value(_ name: String) throws -> String? { try Meta.string(db, "sync:" + name) }

  /// Keeps `value` under `name`.
  package mutating func set(_ name: String, _ value: String) throws {
    writes.count += 1
    try Meta.set(db, "sync:" + name, SQLValue(value))
  }

  /// A name after all that begin with `sync:`.
  private static let afterAll = "sync;"

  /// Forgets what is kept under `name`.
  package mutating func remove(_ name: String) throws {
    writes.count += 1
    try db.run("DELETE FROM meta WHERE name = ?", [SQLValue("sync:" + name)])
  }

  /// Everything kept under names that begin with `prefix`, by name.
  /// - Parameter end: only names before it; nil for all.
  package func all(
    prefix: String, before end: String? = nil
  ) throws -> [(name: String, value: String)] {
    var all: [(name: String, value: String)] = []
    try db.forEach(
      """
      SELECT substr(name, 6), value FROM meta
      WHERE name >= ?1 AND substr(name, 1, length(?1)) = ?1 AND name < ?2 ORDER BY name
      """, [SQLValue("sync:" + prefix), SQLValue(end.map { "sync:" + $0 } ?? Self.afterAll)]
    ) { row in all.append((try row.text(0), try row.text(1))) }
    return all
  }
}
