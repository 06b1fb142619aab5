import Changes
import Papers

extension Library {
  /// What an undo or redo did.
  package struct Reversal: Hashable, Sendable {
    /// The operation taken back or repeated, in the words of its command.
    package var what: String
    /// How many papers changed.
    package var paperCount: Int
    /// Which, unless only their number was asked for.
    package var papers: [PaperID]
    /// Registers left alone because somebody changed them since.
    package var leftAlone: Int
  }

  /// Takes back the last operations of this machine, newest first, each as a whole and each as a
  /// new operation. A register that somebody changed since (after a sync) is left as it is.
  /// - Parameter check: told what would be taken back, in the words of its command; what it throws
  ///   leaves all as it is.
  /// - Throws: ``LibraryError/nothingTo(_:)`` when there is none at all.
  package func undo(
    _ steps: Int = 1, dryRun: Bool = false, namingPapers: Bool = true,
    after check: (String) throws -> Void = { _ in }
  ) throws -> [Reversal] {
    try reverse(.undo, steps, dryRun, namingPapers, check) { db in
      try db.first(
        """
        SELECT number, what, number FROM operation
        WHERE mine = 1 AND kind = 'do' AND state = 0 ORDER BY number DESC LIMIT 1
        """, [], Act.init)
    }
  }

  /// Repeats the operations taken back last, as long as nothing new was done since.
  /// - Throws: ``LibraryError/nothingTo(_:)`` when there is none at all.
  package func redo(
    _ steps: Int = 1, dryRun: Bool = false, namingPapers: Bool = true
  ) throws -> [Reversal] {
    try reverse(.redo, steps, dryRun, namingPapers, { _ in }) { db in
      // What reverts the act is the newest undo of it; the redo reverts that.
      try db.first(
        """
        SELECT number, what, coalesce(
          (SELECT u.number FROM operation u WHERE u.mine = 1 AND u.kind = 'undo'
           AND u.target = o.ms || '.' || o.counter || '.'
             || (SELECT id FROM device d WHERE d.number = o.device)
           ORDER BY u.number DESC LIMIT 1), 0)
        FROM operation o WHERE mine = 1 AND kind = 'do' AND state = 1 ORDER BY number LIMIT 1
        """, [], Act.init)
    }
  }

  /// An operation to take back or to repeat.
  private struct Act {
    var number: Int64
    var what: String
    /// The operation whose changes are reverted.
    var reverted: Int64

    init(_ row: SQLiteRow) throws {
      number = row.integer(0)
      what = try row.text(1)
      reverted = row.integer(2)
    }
  }

  private func reverse(
    _ kind: OperationHeader.Kind, _ steps: Int, _ dryRun: Bool, _ namingPapers: Bool,
    _ check: (String) throws -> Void, _ next: (Database) throws -> Act?
  ) throws -> [Reversal] {
    let reversals = try write { db in
      var reversals: [Reversal] = []
      for _ in 0..<max(steps, 0) {
        guard let act = try next(db) else { break }
        try check(act.what)
        reversals.append(try reverse(kind, act, namingPapers, db))
      }
      return (dryRun ? .rollback : .commit, reversals)
    }
    if reversals.isEmpty { throw LibraryError.nothingTo(kind == .undo ? .undo : .redo) }
    if !dryRun { afterChange?() }
    return reversals
  }

  private func reverse(
    _ kind: OperationHeader.Kind, _ act: Act, _ namingPapers: Bool, _ db: Database
  ) throws -> Reversal {
    var log = ChangeLog(db, understanding)
    let stamp = try OperationTable(db: db).stamp(of: act.number)
    let header = OperationHeader(kind: kind, what: act.what, target: stamp)
    var recorder = try Recorder(
      db: db, header: header, continuing: nil, namesPapers: namingPapers,
      surroundings: surroundings, understanding: understanding)
    // An operation whose changes were all overtaken is still taken back, or it would block the
    // stack.
    try recorder.begin()
    let leftAlone = try revert(act.reverted, &log, &recorder)
    try recorder.finish()
    let recorded = recorder.recorded
    return Reversal(
      what: act.what, paperCount: recorded.paperCount, papers: recorded.papers,
      leftAlone: leftAlone)
  }

  /// Puts back, for each register that an operation wrote, the value that its author had seen: at
  /// once where that is plain, else one entity after the other, so that the undo of an import needs
  /// no more memory than that of a tag.
  private func revert(
    _ number: Int64, _ log: inout ChangeLog, _ recorder: inout Recorder
  ) throws -> Int {
    guard let operation = try OperationTable(db: log.db).stamp(of: number) else { return 0 }
    var leftAlone = 0
    let start = try log.lastPlace()
    let bulk = try BulkUndo(log.db, operation: number, operation, understanding)
    try bulk?.run(&recorder)
    // What can be taken back in bulk is the person's.
    let extent = bulk == nil ? try log.extent(ofOperation: number) : .person
    try log.forEachPlace(ofOperation: number, whereNothingIsAfter: start) { seq, entity in
      guard FoldedTables.hasRows(entity) else { return }
      let entries = try log.entries(of: entity, extent)
      let leavesOut = log.leavesOut
      let written = entries.filter { $0.change.operation == operation }
      // Of several changes to one entity the first takes back all.
      guard written.first?.seq == seq else { return }
      let reversal = try takingBack(written, entries, log)
      leftAlone += reversal.leftAlone
      try recorder.write(reversal.facts, after: leavesOut ? nil : entries, extent)
      for (fact, settled) in reversal.settling {
        try recorder.write(fact, settling: settled, seeing: .thisTransaction)
      }
      for (fact, lost) in reversal.relisted { try recorder.write(fact, relisting: lost) }
    }
    return leftAlone
  }

  /// What takes back changes to one entity.
  private struct TakingBack {
    var facts: [Fact] = []
    var settling: [(fact: Fact, settled: [Stamp])] = []
    var relisted: [(fact: Fact, lost: [Change])] = []
    var leftAlone = 0
  }

  /// The facts that take back changes to one entity, each by the merge rule of its register.
  private func takingBack(
    _ written: [ChangeLog.Entry], _ entries: [ChangeLog.Entry], _ log: ChangeLog
  ) throws -> TakingBack {
    var back = TakingBack()
    let registers = Dictionary(grouping: written, by: \.change.name)
    for (name, written) in registers.sorted(by: { $0.key < $1.key }) {
      guard let (type, _) = understanding.registers.find(name), type.author != .machine else {
        continue
      }
      let register = entries.filter { $0.change.name == name }
      let step = try type.merge.takingBack(
        written.map(\.change), in: register.map(\.change), unsaid: type.unsaid,
        text: log.values(of: register))
      switch step {
      case .write(let value, settling: []): back.facts.append(Fact(name, value))
      case .write(let value, let settled): back.settling.append((Fact(name, value), settled))
      case .relist(let value, let lost): back.relisted.append((Fact(name, value), lost))
      case .leave: back.leftAlone += 1
      case .nothing: break
      }
    }
    return back
  }
}
