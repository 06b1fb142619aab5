import Changes
import Papers

/// Appends changes to the log and moves the tables, inside one transaction. The one way in: nothing
/// else writes `change` or a fold table, and ``BulkUndo`` does it through this.
package struct Recorder {
  /// Answers questions about the library as it stands within this transaction.
  package var reader: LibraryReader { LibraryReader(db: db, understanding: understanding) }
  /// What was recorded so far.
  package private(set) var recorded = Recorded()
  let db: Database
  private let understanding: Understanding
  private var log: ChangeLog
  private var clock: StampClock
  private let now: Int64
  private let random: () -> UInt64
  private let device: DeviceID
  private var header: OperationHeader
  private let machineName: String
  private let namesPapers: Bool
  private let isMine: Bool
  private var predecessor: DeviceID?
  private var operation: (number: Int64, stamp: Stamp)?
  private var hasStamped = false
  private var listedPapers = NumberSet()
  private var spans = OperationTable.Spans()

  /// A recorder for one operation, or one that goes on with an operation begun in an earlier
  /// transaction.
  /// - Parameter isMine: whether it is the person's, to undo.
  init(
    db: Database, header: OperationHeader, continuing earlier: Stamp?, namesPapers: Bool = true,
    isMine: Bool = true, surroundings: Surroundings, understanding: Understanding
  ) throws {
    self.db = db
    self.namesPapers = namesPapers
    self.isMine = isMine
    self.understanding = understanding
    self.header = header
    machineName = surroundings.machineName
    log = ChangeLog(db, understanding)
    now = surroundings.now()
    random = surroundings.random
    clock = try StoredClock.load(db)
    device = try LibraryReader(db: db, understanding: understanding).device()
    if let earlier, let number = try OperationTable(db: db).number(of: earlier, &log) {
      operation = (number, earlier)
      recorded.operation = earlier
    }
  }

  /// Says in other words what the operation is, once it is known which papers it will change. To be
  /// called before the first change; the words of an operation that has begun stay.
  package mutating func describe(_ what: String) {
    if operation == nil { header.what = what }
  }

  /// Records facts, each unless it holds already. Facts about one paper belong in one call: its
  /// rows are written once a call.
  /// - Parameters:
  ///   - seen: what the writer had before them. What was recorded since is not replaced unseen:
  ///     notes are merged, and other edits that lose are listed by `conflicts`.
  ///   - at: when the person did it, if not now; milliseconds since 1970.
  /// - Returns: whether anything changed.
  @discardableResult
  package mutating func write(_ facts: [Fact], seeing seen: Seen, at: Int64? = nil) throws -> Bool {
    try write(facts, seeing: seen) { _ in at }
  }

  /// Records facts that were done at different times; see ``write(_:seeing:at:)``.
  /// - Parameter times: of each when the person did it, if not now.
  @discardableResult
  package mutating func write(
    _ facts: [Fact], seeing seen: Seen, times: [Int64?]
  ) throws -> Bool {
    try write(facts, seeing: seen) { times[$0] }
  }

  private mutating func write(
    _ facts: [Fact], seeing seen: Seen, when: (Int) -> Int64?
  ) throws -> Bool {
    var changed = false
    var start = facts.startIndex
    while start < facts.endIndex {
      let entity = facts[start].entity
      let end = facts[start...].firstIndex { !$0.entity.hasBytes(of: entity) } ?? facts.endIndex
      if try write(facts[start..<end], entity, seen, when: when) { changed = true }
      start = end
    }
    return changed
  }

  /// Records facts of one entity of which what was said so far is known, so that it is not read
  /// again: an undo has just worked out from it what to write.
  /// - Parameter entries: nil where some were left out.
  mutating func write(
    _ facts: [Fact], after entries: [ChangeLog.Entry]?, _ extent: ChangeLog.Extent
  ) throws {
    guard let entity = facts.first?.entity else { return }
    _ = try write(facts[...], entity, .thisTransaction, after: entries.map { ($0, extent) })
  }

  /// Records one fact that knowingly replaces more than what was seen to hold: the conflicts it
  /// settles.
  mutating func write(_ fact: Fact, settling settled: [Stamp], seeing seen: Seen) throws {
    _ = try write([fact][...], fact.entity, seen, settling: settled)
  }

  /// Records one fact, and before it edits that had lost to it, which it has not seen: they are
  /// conflicts again.
  mutating func write(_ fact: Fact, relisting lost: [Change]) throws {
    let seen = try reader.seen(of: [fact.name])
    for change in lost {
      _ = try write(
        [Fact(change.name, change.value)][...], fact.entity, seen, isSaidAgain: true,
        when: { _ in change.time })
    }
    _ = try write([fact][...], fact.entity, seen, isSaidAgain: true)
  }

  private mutating func write(
    _ facts: ArraySlice<Fact>, _ entity: String, _ seen: Seen,
    after known: (entries: [ChangeLog.Entry], extent: ChangeLog.Extent)? = nil,
    settling: [Stamp] = [], isSaidAgain: Bool = false, when: (Int) -> Int64? = { _ in nil }
  ) throws -> Bool {
    let extent = known?.extent ?? extent(of: facts)
    var entries = try known?.entries ?? log.entries(of: entity, extent)
    let leftOut = known == nil && log.leavesOut
    var said = EntriesByRegister(entries, asked: facts.count)
    var touched: [String] = []
    var written: PaperTable.KnownContent?
    // By index: what `zip` makes is a type whose parts the runtime looks up for a sixth of all that
    // marking a paper takes.
    for index in facts.indices {
      let fact = facts[index]
      let field = fact.field
      let register = said.entries(of: field)
      guard try isSaidAgain || !settling.isEmpty || !holds(fact, register) else { continue }
      let stamp = try nextStamp()
      let change = Change(
        stamp: stamp, operation: operation?.stamp ?? Self.nowhere, entity: entity, field: field,
        value: fact.value, seen: try stamps(seen, of: fact, register, settling),
        at: when(index) ?? moment(of: stamp))
      guard ChangeBounds.hold(change) else {
        throw LibraryError.tooLong(bytes: fact.value.utf8.count, limit: ChangeBounds.value)
      }
      let entry = try append(change)
      entries.append(entry)
      said.append(entry)
      touched.append(field)
      if let content = fact.content { written = .init(seq: entry.seq, content: content) }
    }
    guard !touched.isEmpty else { return false }
    let tables = FoldedTables(db: db, understanding: understanding)
    // The first change of an operation may have said this very machine's name.
    let isReadAgain =
      leftOut || NewestChanges.areSome(of: entries, understanding)
      || RegisterName.kind(ofEntity: entity) == .device
    let number =
      isReadAgain
      ? try tables.fold(entity, &log, touched: leftOut ? nil : touched, written: written)
      : try tables.fold(entity, entries, extent, touched: touched, written: written)
    if let number { note(PaperID(trusted: RegisterName.key(ofEntity: entity)), number) }
    return true
  }

  /// How much must be read of an entity to write these facts.
  private func extent(of facts: ArraySlice<Fact>) -> ChangeLog.Extent {
    let isOfDigest = facts.contains {
      understanding.registers.find($0.name)?.register.author == .digest
    }
    return isOfDigest ? .understood : .person
  }

  /// Whether the register has this value already, a register never written having its default.
  private func holds(_ fact: Fact, _ register: [ChangeLog.Entry]) throws -> Bool {
    guard let (type, _) = understanding.registers.find(fact.name) else { return false }
    guard !register.isEmpty else { return type.isUnsaid(fact.value) }
    return try type.merge.holds(
      fact.value, in: register.map(\.change), text: log.values(of: register))
  }

  private func stamps(
    _ seen: Seen, of fact: Fact, _ register: [ChangeLog.Entry], _ settled: [Stamp]
  ) throws -> [Stamp] {
    let merge = understanding.registers.merge(fact.name)
    let heads =
      try seen.stamps(of: fact.name).map { renamed($0, register) }
      ?? merge.heads(of: register.map(\.change), text: log.values(of: register))
    return settled.isEmpty ? heads : Array(Set(heads + settled)).sorted()
  }

  /// What somebody saw by the names it bears now: where a copy of this library bore the same id,
  /// this device may have taken another one since, and with it given its edits other stamps.
  private func renamed(_ stamps: [Stamp], _ register: [ChangeLog.Entry]) -> [Stamp] {
    stamps.map { stamp in
      let newName = Stamp(milliseconds: stamp.milliseconds, counter: stamp.counter, device: device)
      let held = register.lazy.map(\.change.stamp)
      return !held.contains(stamp) && held.contains(newName) ? newName : stamp
    }.sorted()
  }

  private mutating func append(_ change: Change) throws -> ChangeLog.Entry {
    let isCounted = Self.isCounted(change)
    if isCounted { recorded.changes += 1 }
    return try append(change, to: try operationNumber(), isCounted: isCounted)
  }

  /// Whether it is something that the person did.
  private static func isCounted(_ change: Change) -> Bool {
    switch change.name.kind {
    case .paper, .savedView, .source: true
    default: false
    }
  }

  private mutating func append(
    _ change: Change, to operation: Int64, isCounted: Bool
  ) throws -> ChangeLog.Entry {
    let seq = try log.append(change, operation: operation)
    spans[operation, beginning: .init(first: seq, last: seq)].include(seq, counted: isCounted)
    return ChangeLog.Entry(seq: seq, change: change)
  }

  private mutating func note(_ id: PaperID, _ number: Int64) {
    guard listedPapers.insert(number) else { return }
    recorded.paperCount += 1
    if namesPapers { recorded.papers.append(id) }
  }

  // MARK: The operation

  private static let nowhere = Stamp(milliseconds: 0, counter: 0, device: DeviceID(bits: 0))

  /// The next stamp. The first one of an operation goes to its header, which is logged with the
  /// first change, so that a command that changes nothing leaves no trace.
  private mutating func nextStamp() throws -> Stamp {
    if operation == nil { try begin() }
    return newStamp()
  }

  /// When something with this stamp is done, where the stamp does not say it: another machine's
  /// clock, which was seen, is ahead of ours. A second is no matter.
  func moment(of stamp: Stamp) -> Int64? {
    stamp.milliseconds > now + 1000 ? max(0, now) : nil
  }

  private mutating func newStamp() -> Stamp {
    defer { hasStamped = true }
    guard !hasStamped else { return clock.next(now: now, device: device) }
    return clock.first(now: now, device: device, random: random())
  }

  /// Logs the header. Done by the first change; an undo does it in any case.
  mutating func begin() throws {
    let stamp = newStamp()
    let table = OperationTable(db: db)
    let number = try table.begin(stamp, isMine: isMine, &log)
    try table.describe(number, header, isMine: isMine)
    operation = (number, stamp)
    recorded.operation = stamp
    let fact = Fact.operation(header)
    let change = Change(
      stamp: stamp, operation: stamp, entity: fact.entity, field: fact.field, value: fact.value,
      at: moment(of: stamp))
    _ = try append(change, to: number, isCounted: false)
    try introduceMachine()
  }

  /// Says the machine's name once, and again when it changes; a copy of a home takes another one
  /// than the original has.
  private mutating func introduceMachine() throws {
    guard !machineName.isEmpty else { return }
    let machines = MachineTable(db: db)
    let name = try machines.name(for: device, wanting: machineName, after: predecessor)
    guard try machines.name(of: device).map({ !$0.hasBytes(of: name) }) ?? true else { return }
    let fact = Fact.deviceName(device, name)
    _ = try write([fact][...], fact.entity, .thisTransaction)
  }

  /// Says that this device goes on for one that is gone, whose name it bears: nobody waits for that
  /// one any more.
  mutating func succeed(_ was: DeviceID) throws {
    predecessor = was
    try write([.retired(was, true)], seeing: .thisTransaction)
  }

  /// The number of the operation, once it is begun.
  func operationNumber() throws -> Int64 {
    guard let operation else { throw SQLiteError.damaged("a change outside an operation") }
    return operation.number
  }

  // MARK: Many at once

  /// So many stamps in a row that differ in their counters alone, for changes that a statement
  /// appends.
  /// - Returns: the first; nil when there is no room for them.
  mutating func reserve(_ count: UInt32) -> Stamp? {
    clock.next(count, now: now, device: device)
  }

  /// The number this library gives its device.
  mutating func deviceNumber() throws -> Int64 { try log.number(of: device) }

  /// Takes note of changes to papers that a statement has appended, all of the operation.
  /// - Returns: the numbers of the papers.
  mutating func include(_ places: ClosedRange<Int64>) throws -> [Int64] {
    let operation = try operationNumber()
    let empty = OperationTable.Span(first: places.lowerBound, last: places.upperBound)
    var span = spans[operation, beginning: empty]
    var papers: [Int64] = []
    try db.forEach(
      """
      SELECT c.seq, p.id, p.number FROM change c JOIN paper p ON p.id = substr(c.entity, 3)
      WHERE c.seq BETWEEN ? AND ? ORDER BY c.seq
      """, [SQLValue(places.lowerBound), SQLValue(places.upperBound)]
    ) { row in
      span.include(row.integer(0), counted: true)
      recorded.changes += 1
      papers.append(row.integer(2))
      note(PaperID(trusted: try row.text(1)), row.integer(2))
    }
    spans[operation, beginning: empty] = span
    return papers
  }

  // MARK: Received changes

  /// Takes in changes of other devices as they are. Those that are here already are passed over;
  /// the clock moves past all of them.
  mutating func receive(_ changes: [Change]) throws -> Library.Received {
    var touched: [ByteText: [String]] = [:]
    var order: [String] = []
    var received = Library.Received()
    for change in changes {
      clock.observe(change.stamp)
      guard try !log.contains(change.stamp) else {
        if try log.contradicts(change) { received.contradicted += 1 }
        continue
      }
      try appendReceived(change)
      received.new += 1
      guard FoldedTables.hasRows(change.entity) else { continue }
      if touched[ByteText(change.entity)] == nil { order.append(change.entity) }
      touched[ByteText(change.entity), default: []].append(change.field)
    }
    for entity in order {
      let fields = touched[ByteText(entity)] ?? []
      let number = try FoldedTables(db: db, understanding: understanding).fold(
        entity, &log, touched: fields)
      if log.leavesOut { received.crowded.append(entity) }
      if let number { received.papers.append(number) }
    }
    return received
  }

  private mutating func appendReceived(_ change: Change) throws {
    let table = OperationTable(db: db)
    let number =
      try table.number(of: change.operation, &log)
      ?? table.begin(change.operation, isMine: false, &log)
    let isUnderstood = understanding.registers.understands(change.name, change.value)
    if isUnderstood, change.name.kind == .operation,
      let header = OperationWords.value(change.value)
    {
      try table.describe(number, header, isMine: false)
    }
    let entry = try append(change, to: number, isCounted: Self.isCounted(change))
    if !isUnderstood { try log.keepUnapplied(entry.seq) }
  }

  /// Writes what is kept once a transaction. Called last.
  mutating func finish() throws {
    try StoredClock.save(clock, db)
    try spans.forEach { try OperationTable(db: db).extend($0, $1) }
    spans = OperationTable.Spans()
  }
}

/// What was said of an entity, to be asked for one register after the other: a paper may have
/// thousands of notes, tags or days, and to look through all for each was their square.
private struct EntriesByRegister {
  private var all: [ChangeLog.Entry] = []
  private var byField: [ByteText: [ChangeLog.Entry]]?

  /// Where so few are asked for, to look through all is less.
  private static let few = 8

  /// - Parameter asked: how many registers will be asked for.
  init(_ entries: [ChangeLog.Entry], asked: Int) {
    if asked > Self.few {
      byField = Dictionary(grouping: entries) { ByteText($0.change.field) }
    } else {
      all = entries
    }
  }

  func entries(of field: String) -> [ChangeLog.Entry] {
    if let byField { return byField[ByteText(field)] ?? [] }
    return all.filter { $0.change.field.hasBytes(of: field) }
  }

  mutating func append(_ entry: ChangeLog.Entry) {
    if byField == nil { all.append(entry) }
    byField?[ByteText(entry.change.field), default: []].append(entry)
  }
}

/// Numbers of papers, a bit each: a set of the ids of a hundred thousand papers marked by one
/// command took six megabytes.
private struct NumberSet {
  /// By the number without its last six bits, which tell the bit.
  private var words: [Int64: UInt64] = [:]
  /// The one looked at last, which is not among those: numbers come in their order, and a small
  /// command has one.
  private var last: (place: Int64, word: UInt64) = (0, 0)

  /// Whether the number is new.
  mutating func insert(_ number: Int64) -> Bool {
    let (place, bit) = (number >> 6, UInt64(1) << UInt64(number & 63))
    if place != last.place {
      if last.word != 0 { words[last.place] = last.word }
      last = (place, words.isEmpty ? 0 : words[place] ?? 0)
    }
    defer { last.word |= bit }
    return last.word & bit == 0
  }
}

/// What a command has changed.
package struct Recorded: Hashable, Sendable {
  /// The operation, nil when nothing changed.
  package var operation: Stamp?
  /// How many papers changed.
  package var paperCount = 0
  /// Which, in order, unless only their number was asked for.
  package var papers: [PaperID] = []
  /// The changes made, without headers.
  package var changes = 0

  /// Nothing.
  package init() {}
}

/// The clock as it is kept in the library.
enum StoredClock {
  static func load(_ db: Database) throws -> StampClock {
    let counter = try Meta.integer(db, "clock_counter") ?? 0
    return StampClock(
      milliseconds: try Meta.integer(db, "clock_ms") ?? 0,
      counter: UInt32(truncatingIfNeeded: counter))
  }

  static func save(_ clock: StampClock, _ db: Database) throws {
    try Meta.set(db, "clock_ms", SQLValue(clock.milliseconds))
    try Meta.set(db, "clock_counter", SQLValue(Int64(clock.counter)))
  }
}
