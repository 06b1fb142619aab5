import Changes
import Filters
import Glibc
import Papers
import Store
import Taste

/// Does what a ``TriageState`` asks of the library, each verdict as one operation of its own, and
/// says what came of it. It knows no terminal.
///
/// Invariants: what a card showed is what its verdict has seen; where somebody else decided
/// meanwhile nothing is written, the card is read again and the key can be pressed again. Only what
/// the screen needs is read, so that neither memory nor start grow with the library.
final class TriageDesk {
  /// A day of usual size is read whole, a larger one in runs of this length.
  private static let run = 500
  private static let runBefore = 100

  private let session: Session
  private let order: TriageOrder
  private let context: FilterContext
  private var opened: (library: Library, file: FileName)
  private var stacks: [Stack]
  private var places: TriagePlaces
  private var seen: (paper: PaperID, seen: Seen)?
  private var version: Int64 = 0
  /// What is known of the person's taste, once it was asked for.
  private var asked: (taste: PersonalTaste?, counter: BucketCounter)?
  /// Whether what is to be decided is what is unread.
  let takesUnreadOnly: Bool

  /// A run of days.
  private struct Stack {
    /// What is seen of a day.
    var filter: Filter
    /// What waits for a verdict.
    var open: Filter
    var last: LibraryReader.ShelfDay?
    /// Where a large day goes on.
    var rest: (day: LibraryReader.ShelfDay, after: PaperID)?
    var isComplete = false
  }

  private struct FileName: Equatable {
    var device: dev_t
    var inode: ino_t
  }

  /// Somebody else decided meanwhile.
  private struct Overtaken: Error { var status: ReadingStatus }

  /// The desk of a filter; nil where there is no library yet.
  /// - Parameter words: the filter; none is what is unread.
  init?(_ session: Session, _ words: [String], _ order: TriageOrder) throws {
    guard session.hasLibrary else { return nil }
    self.session = session
    self.order = order
    let filter = try session.filter(words)
    takesUnreadOnly = words != ["all"] && !filter.speaksOfStatus
    let open = takesUnreadOnly ? Filter.and([.field(.is, .matches, [.unread]), filter]) : filter
    stacks = [Stack(filter: filter, open: open)]
    context = try session.filterContext()
    places = TriagePlaces(
      words.joined(separator: " ") + (order == .date ? "" : " \(order)"),
      session.paths)
    opened = (try session.library(), Self.file(session.paths.library))
    version = try opened.library.version()
  }

  /// The library; another one where it was restored meanwhile.
  private func library() throws -> Library {
    let file = Self.file(session.paths.library)
    if file != opened.file { opened = (try session.library(), file) }
    return opened.library
  }

  private static func file(_ path: String) -> FileName {
    var status = stat()
    guard stat(path, &status) == 0 else { return FileName(device: 0, inode: 0) }
    return FileName(device: status.st_dev, inode: status.st_ino)
  }

  /// Whether another connection has written since this was asked last.
  func isChangedElsewhere() -> Bool {
    guard let now = try? library().version(), now != version else { return false }
    version = now
    return true
  }

  /// Does it; everything but what needs a terminal.
  func perform(_ action: TriageState.Action) -> [TriageState.Event] {
    do {
      return try events(of: action)
    } catch let error as Overtaken {
      return [
        .failed(["meanwhile it became \(error.status.rawValue) elsewhere; press the key again"]),
        .changedElsewhere,
      ]
    } catch {
      return [.failed(Self.words(error))]
    }
  }

  /// An error in lines.
  static func words(_ error: any Error) -> [String] {
    let failure = Failure(error)
    switch failure.status {
    // Nothing was lost, and the card stays in sight.
    case .busy: return ["another shelf is writing; nothing was stored, press the key again"]
    case .usage where failure.details.isEmpty, .notFound where failure.details.isEmpty:
      return [failure.message]
    default: break
    }
    return lines(of: failure)
  }

  /// An error in all its lines: those of an editor say where the text is.
  static func lines(of error: any Error) -> [String] {
    let failure = Failure(error)
    return [failure.message] + failure.details + (failure.advice.map { ["→ " + $0] } ?? [])
  }

  private func events(of action: TriageState.Action) throws -> [TriageState.Event] {
    switch action {
    case .show(let id): return try [show(id)]
    case .mark(let id, let status):
      try write(id, status.command) { recorder in
        let fact = Fact.status(id, status)
        try recorder.write([fact], seeing: try self.view(of: fact, id, recorder.reader))
      }
      return [.marked(id, status)]
    case .star(let id, let on):
      try write(id, on ? "star" : "unstar") { recorder in
        let fact = Fact.starred(id, on)
        try recorder.write([fact], seeing: try self.view(of: fact, id, recorder.reader))
      }
      return [.starred(id, on)]
    case .tag(let id, let tags):
      let names = tags.map(\.name).joined(separator: ",")
      // A tag is a member of a set: whatever others are there, this one is to be.
      try write(id, "tag add \(names)") {
        try $0.write(tags.map { .tag(id, $0, true) }, seeing: .thisTransaction)
      }
      return [.tagged(id, tags)]
    case .skipRest(let entries): return try [skip(entries)]
    case .undo: return try [undo()]
    case .redo:
      let reversals = try library().redo()
      return reversals.map { .redone($0.what, $0.papers) }
    case .refresh(let ids): return [.rows(ids, try library().read { try $0.rows(ids) })]
    case .more: return try [more()]
    case .again:
      beginAgain()
      return try [more()]
    case .narrow(let narrowing): return try [narrow(narrowing)]
    case .countLeft:
      return [.left(try library().read { try $0.count(stacks[0].open, in: context) })]
    case .widen:
      if stacks.count > 1 { stacks.removeLast() }
      return []
    case .tagNames:
      let tags = try library().read { try $0.tags() }
      return [.tagNames(tags.sorted { ($1.papers, $0.tag) < ($0.papers, $1.tag) }.map(\.tag.name))]
    case .history(let id):
      let words = HistoryWords(zone: session.world.zone, registers: session.registers)
      return [
        .history(try library().read { try $0.history(of: id, limit: 20).compactMap(words.line) })
      ]
    case .note, .open, .repaint, .leave: return []
    }
  }

  // MARK: Reading

  private func show(_ id: PaperID) throws -> TriageState.Event {
    let library = try library()
    let paper = try library.read { reader -> Paper? in
      let names = [Fact.status(id, .unread).name, Fact.starred(id, true).name]
      seen = (id, try reader.seen(of: names))
      var paper = try reader.paper(id)
      if let known = paper, let taste = try taste(reader) {
        var counter = asked?.counter ?? BucketCounter()
        paper?.judgement = taste.judgement(of: known, with: &counter)
      }
      return paper
    }
    if let paper, stacks.count == 1 {
      let date = paper.appearances.last?.date
      places.keep(id, of: LibraryReader.ShelfDay(date))
    }
    return .card(id, paper)
  }

  /// The next day with something that waits for a verdict.
  private func more() throws -> TriageState.Event {
    let library = try library()
    return try library.read { reader in
      let isFirst = stacks[stacks.count - 1].last == nil
      var found = try nextOpen(reader)
      if found == nil, isFirst, stacks.count == 1, places.hasAny,
        try reader.count(stacks[0].open, in: context) > 0
      {
        // Nothing but what was passed over: it is its turn.
        beginAgain()
        found = try nextOpen(reader)
      }
      let stack = stacks[stacks.count - 1]
      let rows = found?.rows ?? []
      return .loaded(
        rows.map { TriageState.Entry(row: $0) }, start: found?.start, found?.extent ?? [:],
        isLast: stack.isComplete)
    }
  }

  private func nextOpen(_ reader: LibraryReader) throws -> Loaded? {
    var found: Loaded?
    while found == nil, !stacks[stacks.count - 1].isComplete { found = try next(reader) }
    return found
  }

  private func beginAgain() {
    places.forget()
    let stack = stacks[stacks.count - 1]
    stacks[stacks.count - 1] = Stack(filter: stack.filter, open: stack.open)
  }

  private struct Loaded {
    var rows: [LibraryReader.Row]
    var start: Int
    var extent: [LibraryReader.ShelfDay: TriageState.DayExtent]
  }

  /// A day, or the next run of a large one; nil where nothing of it waits behind the place at
  /// which the person left it.
  private func next(_ reader: LibraryReader) throws -> Loaded? {
    let at = stacks.count - 1
    let stack = stacks[at]
    if let rest = stack.rest {
      stacks[at].rest = nil
      let run = try reader.run(
        of: rest.day, stack.filter, in: context, from: rest.after, before: 0, limit: Self.run)
      return loaded(run, rest.day, behind: rest.after)
    }
    guard let day = try reader.newestDay(stack.open, in: context, before: stack.last) else {
      stacks[at].isComplete = true
      return nil
    }
    stacks[at].last = day
    let place = at == 0 ? places.place(of: day) : nil
    func run(from place: PaperID?) throws -> LibraryReader.DayRun {
      try reader.run(
        of: day, stack.filter, in: context, from: place, before: Self.runBefore, limit: Self.run)
    }
    var found = try run(from: nil)
    if found.total > Self.run, place != nil { found = try run(from: place) }
    found.rows = try order.arranged(found.rows, by: taste(reader), reader)
    return loaded(found, day, behind: nil, place: place)
  }

  /// The person's taste as it was when the first day was ordered: a verdict changes the order of
  /// the next triage, and no key waits for a model.
  private func taste(_ reader: LibraryReader) throws -> PersonalTaste? {
    guard order == .taste else { return nil }
    if let asked { return asked.taste }
    let taste = try PersonalTaste.known(reader, session).taste
    asked = (taste, BucketCounter())
    return taste
  }

  private func loaded(
    _ run: LibraryReader.DayRun, _ day: LibraryReader.ShelfDay, behind: PaperID?,
    place: PaperID? = nil
  ) -> Loaded? {
    let at = stacks.count - 1
    if run.before + run.rows.count < run.total, run.rows.count >= Self.run,
      let last = run.rows.last
    {
      stacks[at].rest = (day, last.id)
    }
    let rows = run.rows.filter { $0.id != behind }
    let from = place.flatMap { place in rows.firstIndex { $0.id == place } } ?? 0
    let waits = rows.indices.first { $0 >= from && isOpen(rows[$0]) }
    guard let start = waits else { return nil }
    let extent = TriageState.DayExtent(before: run.before, total: run.total)
    return Loaded(rows: rows, start: start, extent: behind == nil ? [day: extent] : [:])
  }

  private func isOpen(_ row: LibraryReader.Row) -> Bool {
    !takesUnreadOnly || row.status == .unread
  }

  private func narrow(_ narrowing: TriageState.Narrowing) throws -> TriageState.Event {
    let part: Filter
    switch narrowing {
    case .author(let name): part = .field(.author, .equals, [.text(name)])
    case .search(let text):
      part = try FilterParser.parse(text, today: session.world.today, session.registers)
        .readingIDsAsAnyOf
    }
    let base = stacks[0]
    stacks = [base, Stack(filter: .and([base.filter, part]), open: .and([base.open, part]))]
    do {
      let library = try library()
      guard let found = try library.read(nextOpen) else {
        throw Failure(.notFound, "nothing that is left here fits “\(narrowing.text)”")
      }
      return .narrowed(
        narrowing, found.rows.map { TriageState.Entry(row: $0) }, start: found.start,
        found.extent, isLast: stacks[1].isComplete)
    } catch {
      stacks.removeLast()
      throw error
    }
  }

  // MARK: Writing

  /// One operation on one paper.
  private func write(
    _ id: PaperID, _ verb: String, _ record: (inout Recorder) throws -> Void
  ) throws {
    try library().record(verb) { recorder in
      guard let row = try recorder.reader.rows([id]).first else {
        throw LibraryError.notFound(id.rawValue)
      }
      recorder.describe(ChangedPapers(id, row.title).words(verb))
      try record(&recorder)
    }
  }

  /// What the card showed of what a fact replaces.
  /// - Throws: ``Overtaken`` where that holds no more.
  private func view(of fact: Fact, _ id: PaperID, _ reader: LibraryReader) throws -> Seen {
    guard let seen, seen.paper == id else { return .thisTransaction }
    let now = try reader.seen(of: [fact.name])
    guard now.stamps(of: fact.name) == seen.seen.stamps(of: fact.name) else {
      throw Overtaken(status: try reader.rows([id]).first?.status ?? .unread)
    }
    return seen.seen
  }

  private func skip(_ entries: [TriageState.Entry]) throws -> TriageState.Event {
    guard let day = entries.first?.day else { return .skipped([], by: "this day") }
    var changed = ChangedPapers()
    var ids: [PaperID] = []
    try library().record("skip") { recorder in
      let seen = Dictionary(entries.map { ($0.id, $0.row.status) }) { first, _ in first }
      let rows = try recorder.reader.rows(entries.map(\.id)).filter { $0.status == seen[$0.id] }
      for row in try rows + unread(of: day, recorder.reader) {
        ids.append(row.id)
        changed.add(row.id, row.title)
      }
      let words = day.date.map { ["date:\($0)", "is:unread"] } ?? ["is:unread"]
      recorder.describe(changed.words("skip", filter: words))
      for id in ids { try recorder.write([.status(id, .skipped)], seeing: .thisTransaction) }
    }
    return .skipped(ids, by: day.words)
  }

  /// What was not read yet of a large day, and waits for a verdict.
  private func unread(
    of day: LibraryReader.ShelfDay, _ reader: LibraryReader
  ) throws -> [LibraryReader.Row] {
    var rows: [LibraryReader.Row] = []
    while let rest = stacks[stacks.count - 1].rest, rest.day == day {
      if let run = try next(reader) { rows += run.rows.filter(isOpen) }
    }
    return rows
  }

  /// Takes back what a person decided. An import is not taken back by a key too many.
  private func undo() throws -> TriageState.Event {
    let reversals = try library().undo { what in
      let verb = what.prefix { $0 != " " }
      guard !["import", "add", "fetch", "restore"].contains(verb) else {
        throw Failure(
          .usage, "before that comes “\(what)”, which `shelf undo` takes back, and not this key")
      }
    }
    return reversals.first.map { .undone($0.what, $0.papers) } ?? .failed(["nothing to undo"])
  }

  /// Stores a note.
  func note(_ id: PaperID, _ text: String) throws {
    let note = NoteAdd.newID(session.world.random)
    try write(id, "note add") { try NoteAdd.record(id, note, text, &$0) }
  }
}

extension TriageState.Narrowing {
  fileprivate var text: String {
    switch self {
    case .author(let name): name
    case .search(let text): text
    }
  }
}

extension ReadingStatus {
  /// The short command that says it, for `log`.
  fileprivate var command: String {
    switch self {
    case .unread, .reading, .read: rawValue
    case .queued: "queue"
    case .skipped: "skip"
    }
  }
}

extension FilterValue {
  /// What `is:unread` asks.
  static var unread: FilterValue {
    Status.traits.first { $0.word == ReadingStatus.unread.rawValue }.map { .trait($0) } ?? .any
  }
}

extension Filter {
  /// Whether it says how far the person is with papers, so that nothing is to be added.
  var speaksOfStatus: Bool {
    let words = Set(Status.traits.map(\.word))
    return switch self {
    case .all, .tag, .id, .text: false
    // A view is a filter that was thought about.
    case .view: true
    case .and(let parts), .or(let parts): parts.contains(where: \.speaksOfStatus)
    case .not(let part): part.speaksOfStatus
    case .field(.status, _, _): true
    case .field(_, _, let values):
      values.contains {
        if case .trait(let trait) = $0 { words.contains(trait.word) } else { false }
      }
    }
  }
}
