import Changes
import GRDB
import Papers

extension Library {
  /// What an undo or redo did.
  public struct Reversal: Hashable, Sendable {
    /// The operation taken back or repeated, in the words of its command.
    public var what: String
    /// How many papers changed.
    public var paperCount: Int
    /// Which, unless only their number was asked for.
    public var papers: [PaperID]
    /// Registers left alone because somebody changed them since.
    public var leftAlone: Int
  }

  /// Takes back the last operations of this machine, newest first, each as a whole and each as a new
  /// operation. A register that somebody changed since (after a sync) is left as it is.
  /// - Throws: ``LibraryError/nothingTo(_:)`` when there is none at all.
  public func undo(
    _ steps: Int = 1, dryRun: Bool = false, namingPapers: Bool = true
  ) throws -> [Reversal] {
    try reverse(.undo, steps, dryRun, namingPapers) { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT number, what, ms, counter, number FROM operation
          WHERE mine = 1 AND kind = 'do' AND state = 0 ORDER BY number DESC LIMIT 1
          """)
    }
  }

  /// Repeats the operations taken back last, as long as nothing new was done since.
  /// - Throws: ``LibraryError/nothingTo(_:)`` when there is none at all.
  public func redo(
    _ steps: Int = 1, dryRun: Bool = false, namingPapers: Bool = true
  ) throws -> [Reversal] {
    try reverse(.redo, steps, dryRun, namingPapers) { db in
      // What reverts the act is the newest undo of it; the redo reverts that.
      try Row.fetchOne(
        db,
        sql: """
          SELECT number, what, ms, counter, coalesce(
            (SELECT u.number FROM operation u WHERE u.mine = 1 AND u.kind = 'undo'
             AND u.target = o.ms || '.' || o.counter || '.'
               || (SELECT id FROM device d WHERE d.number = o.device)
             ORDER BY u.number DESC LIMIT 1), 0)
          FROM operation o WHERE mine = 1 AND kind = 'do' AND state = 1 ORDER BY number LIMIT 1
          """)
    }
  }

  private func reverse(
    _ kind: OperationHeader.Kind, _ steps: Int, _ dryRun: Bool, _ namingPapers: Bool,
    _ next: (Database) throws -> Row?
  ) throws -> [Reversal] {
    let reversals = try write { db in
      var reversals: [Reversal] = []
      for _ in 0..<max(steps, 0) {
        guard let row = try next(db) else { break }
        reversals.append(try reverse(kind, act: row, namingPapers, db))
      }
      return (dryRun ? .rollback : .commit, reversals)
    }
    if reversals.isEmpty { throw LibraryError.nothingTo(kind == .undo ? .undo : .redo) }
    return reversals
  }

  private func reverse(
    _ kind: OperationHeader.Kind, act: Row, _ namingPapers: Bool, _ db: Database
  ) throws -> Reversal {
    var log = ChangeLog(db: db)
    let stamp = try OperationTable(db: db).stamp(of: act[0])
    let header = OperationHeader(kind: kind, what: act[1], target: stamp)
    var recorder = try Recorder(
      db: db, header: header, continuing: nil, namesPapers: namingPapers,
      surroundings: surroundings, build: build)
    // An operation whose changes were all overtaken is still taken back, or it would block the stack.
    try recorder.begin()
    let leftAlone = try revert(act[4], &log, &recorder)
    try recorder.finish()
    let recorded = recorder.recorded
    return Reversal(
      what: act[1], paperCount: recorded.paperCount, papers: recorded.papers, leftAlone: leftAlone)
  }

  /// Puts back, for each register that an operation wrote, the value that its author had seen: at once
  /// where that is plain, else one entity after the other, so that the undo of an import needs no more
  /// memory than that of a tag.
  private func revert(
    _ number: Int64, _ log: inout ChangeLog, _ recorder: inout Recorder
  ) throws -> Int {
    guard let operation = try OperationTable(db: log.db).stamp(of: number) else { return 0 }
    let extent = try log.extent(ofOperation: number)
    let overrules = build.weaknesses.contains(.undoOverrules)
    var leftAlone = 0
    let start = try log.lastPlace()
    if extent == .person,
      let plain = try PlainUndo(log.db, operation: number, operation, build: build)
    {
      try plain.run(&recorder)
    }
    try log.forEachPlace(ofOperation: number, whereNothingIsAfter: start) { seq, entity in
      guard entity.hasPrefix("p:") || entity.hasPrefix("v:") else { return }
      let entries = try log.entries(of: entity, extent)
      let written = entries.filter { $0.change.operation == operation }
      // Of several changes to one entity the first takes back all.
      guard written.first?.seq == seq else { return }
      let reversal = try Reverter(entries: entries, overrules: overrules)
        .facts(reverting: written, valueAt: { try log.value(at: $0) ?? "" })
      leftAlone += reversal.leftAlone
      try recorder.write(reversal.facts, after: entries, extent)
    }
    return leftAlone
  }
}

/// Works out which facts take back changes to one entity.
private struct Reverter {
  /// Everything said of the entity, so far.
  var entries: [ChangeLog.Entry]
  /// Whether it takes back what somebody has changed since: a rule taken away by a test.
  var overrules: Bool

  func facts(
    reverting changes: [ChangeLog.Entry], valueAt: (Int64) throws -> String
  ) throws -> (facts: [Fact], leftAlone: Int) {
    var facts: [Fact] = []
    var leftAlone = 0
    var rest = changes.sorted { $0.change.field < $1.change.field }[...]
    while let first = rest.first {
      let field = first.change.field
      let written = rest.prefix { $0.change.field == field }
      let last = written.last ?? first
      rest = rest.dropFirst(written.count)
      let register = entries.filter { $0.change.field == field }
      let step =
        field.hasPrefix("note:")
        ? note(register, first.change, last.change)
        : try value(register, first.change, last, valueAt)
      switch step {
      case .write(let fact): facts.append(fact)
      case .leave: leftAlone += 1
      case .nothing: break
      }
    }
    return (facts, leftAlone)
  }

  private enum Step {
    case write(Fact)
    case leave
    case nothing
  }

  private func value(
    _ register: [ChangeLog.Entry], _ first: Change, _ last: ChangeLog.Entry,
    _ valueAt: (Int64) throws -> String
  ) throws -> Step {
    guard let winner = register.max(by: { $0.change.stamp < $1.change.stamp }) else {
      return .nothing
    }
    func text(_ entry: ChangeLog.Entry) throws -> String {
      // Values of content are not read with the register; the others are.
      entry.change.value.isEmpty ? try valueAt(entry.seq) : entry.change.value
    }
    guard try overrules || winner.seq == last.seq || text(winner) == text(last) else {
      return .leave
    }
    guard let seen = first.seen.last else {
      return Fact.unsaid(entity: first.entity, field: first.field).map(Step.write) ?? .nothing
    }
    guard let before = register.first(where: { $0.change.stamp == seen }) else { return .leave }
    let fact = Fact(entity: first.entity, field: first.field, value: try text(before))
    return fact.map(Step.write) ?? .leave
  }

  private func note(
    _ register: [ChangeLog.Entry], _ first: Change, _ last: Change
  ) -> Step {
    guard
      case .note(let id, let noteID, let written)? = Fact(
        entity: last.entity, field: last.field, value: last.value)
    else { return .leave }
    let now = NoteMerge.note(register.map(\.change))
    guard overrules || now?.text == written.text else { return .leave }
    let before = register.map(\.change).filter { $0.stamp < first.stamp }
    let text = NoteMerge.note(Self.ancestors(of: first.seen, among: before))?.text
    return .write(.note(id, id: noteID, NoteVersion(text: text)))
  }

  /// The versions that led to what the author saw.
  private static func ancestors(of seen: [Stamp], among changes: [Change]) -> [Change] {
    let byStamp = Dictionary(
      changes.map { ($0.stamp, $0) }, uniquingKeysWith: { first, _ in first })
    var found: [Stamp: Change] = [:]
    var queue = seen
    while let stamp = queue.popLast() {
      guard found[stamp] == nil, let change = byStamp[stamp] else { continue }
      found[stamp] = change
      queue += change.seen
    }
    return Array(found.values)
  }
}

extension Fact {
  /// The fact that says what held before anything was said of a register; nil for what a digest said,
  /// which does no harm when the paper is off the list.
  fileprivate static func unsaid(entity: String, field: String) -> Fact? {
    let key = Fact.key(ofEntity: entity)
    guard entity.hasPrefix("p:") else { return field == "filter" ? .view(key, nil) : nil }
    let id = PaperID(trusted: key)
    switch field {
    case "added": return .added(id, nil)
    case "status": return .status(id, .unread)
    case "starred": return .starred(id, false)
    default: break
    }
    if field.hasPrefix("tag:") { return .tag(id, Tag(trusted: String(field.dropFirst(4))), false) }
    if field.hasPrefix("digest:"),
      case .appearance(_, let date, let source, _)? = Fact(entity: entity, field: field, value: "0")
    {
      return .appearance(id, date, source: source, index: nil)
    }
    return nil
  }
}
