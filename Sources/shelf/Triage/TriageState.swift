import Papers
import Store

/// All that triage knows, as a value: what is on the stack, where the cursor is, what is being
/// typed. ``take(_:)`` maps it and an event to itself and what is to be done; it reads and writes
/// nothing, and no terminal either.
///
/// Invariants, tested with random keys:
/// 1. The cursor moves by a key alone, or to the paper of what was taken back.
/// 2. A verdict moves it only once the library says that it is stored.
/// 3. Papers keep their places whatever becomes of them.
struct TriageState: Sendable {
  /// A paper of the stack, as a list shows it.
  struct Entry: Hashable, Sendable {
    var row: LibraryReader.Row
    /// Whether somebody took it off the list meanwhile.
    var isGone = false

    var id: PaperID { row.id }
    var day: LibraryReader.ShelfDay { LibraryReader.ShelfDay(row.date) }
  }

  /// A day's place in the whole of it: a large one is read in runs.
  struct DayExtent: Hashable, Sendable {
    var before: Int
    var total: Int
  }

  /// What narrows the stack.
  enum Narrowing: Hashable, Sendable {
    case author(String)
    case search(String)

    /// As the head line says it.
    var words: String {
      switch self {
      case .author(let name): "only " + name
      case .search(let text): "/ " + text
      }
    }
  }

  /// What is on the screen, and so what keys mean.
  enum Mode: Hashable, Sendable {
    case card
    case whole
    case help
    /// Several lines that are to be read, until a key.
    case notice([String])
    case typing(Purpose, LineInput)
  }

  /// What a line is typed for.
  enum Purpose: Hashable, Sendable {
    case tag, author, search

    var prompt: String {
      switch self {
      case .tag: "tag: "
      case .author: "only: "
      case .search: "search: "
      }
    }
  }

  /// A line below the card.
  struct Message: Hashable, Sendable {
    var text: String
    var isComplaint = false
  }

  /// What is to be done; ``TriageDesk`` and the loop do it, and answer with an event.
  enum Action: Hashable, Sendable {
    case show(PaperID)
    case mark(PaperID, ReadingStatus)
    case star(PaperID, Bool)
    case tag(PaperID, [Tag])
    case note(PaperID)
    case open(PaperID)
    /// What `log` says of a paper.
    case history(PaperID)
    /// Skips these, which are as they were seen.
    case skipRest([Entry])
    case undo
    case redo
    /// How these are now.
    case refresh([PaperID])
    /// The next day.
    case more
    case narrow(Narrowing)
    case widen
    /// The stack from the start, with what was passed over.
    case again
    /// How many wait for a verdict.
    case countLeft
    /// The tags in use.
    case tagNames
    case repaint
    case leave
  }

  /// What happened.
  enum Event: Sendable {
    case key(Key)
    /// A key's meaning without a key, for the line mode.
    case verb(TriageVerb)
    /// The card that was asked for; nil where the paper is gone.
    case card(PaperID, Paper?)
    case marked(PaperID, ReadingStatus)
    case starred(PaperID, Bool)
    case tagged(PaperID, [Tag])
    case noted(PaperID)
    case opened
    case skipped([PaperID], by: String)
    case undone(String, [PaperID])
    case redone(String, [PaperID])
    case rows([PaperID], [LibraryReader.Row])
    case loaded([Entry], start: Int?, [LibraryReader.ShelfDay: DayExtent], isLast: Bool)
    /// How many wait for a verdict, whatever was passed over.
    case left(Int)
    case narrowed(
      Narrowing, [Entry], start: Int, [LibraryReader.ShelfDay: DayExtent], isLast: Bool)
    case history([String])
    case tagNames([String])
    /// Something could not be done; the first line is what.
    case failed([String])
    /// Somebody else has written to the library.
    case changedElsewhere
  }

  /// The stack: what can be gone back to, and what is known to follow.
  private(set) var entries: [Entry] = []
  /// Where the person is; the number of entries is the end.
  private(set) var cursor = 0
  /// The paper at the cursor.
  private(set) var card: Paper?
  /// What `log` says of it, where the whole card is asked for.
  private(set) var history: [String] = []
  private(set) var mode = Mode.card
  /// The first line of the card that is seen.
  private(set) var scroll = 0
  private(set) var message: Message?
  private(set) var narrowing: Narrowing?
  /// How many were passed over and come again; known at the end.
  private(set) var passed = 0
  /// Which key does what.
  let keys: TriageKeys

  private let advances: Bool
  private let takesUnreadOnly: Bool
  private var days: [LibraryReader.ShelfDay: DayExtent] = [:]
  private var isComplete = false
  private var isLoading = false
  private var hasFailedToLoad = false
  private var isPending = true
  private var hasCounted = false
  private var asked: PaperID?
  private var decided: Set<PaperID> = []
  /// Passed over in an earlier run, above the place at which that one left a day.
  private var postponed: Set<PaperID> = []
  private var lastVerb: TriageVerb?
  private var done: [Step] = []
  private var undone: [Step] = []
  private var reveal: Reveal?
  private var wide: Wide?
  private var page = 1
  private var lines = 1

  /// What was done, and where the cursor was.
  private struct Step: Hashable, Sendable {
    var at: PaperID?
    var papers: [PaperID]
  }

  private enum Reveal: Hashable, Sendable { case undone([PaperID]), redone([PaperID]) }

  /// The stack before it was narrowed.
  private struct Wide: Sendable {
    var entries: [Entry]
    var cursor: Int
    var days: [LibraryReader.ShelfDay: DayExtent]
    var isComplete: Bool
  }

  /// Days are loaded when fewer papers than this are left.
  private static let ahead = 30
  /// Entries about the cursor that are looked at again when somebody else has written.
  private static let window = 200

  /// - Parameters:
  ///   - advances: whether a verdict goes to the next paper.
  ///   - takesUnreadOnly: whether what is to be decided is what is unread; else it is every paper
  ///     of the stack that had no verdict in this run.
  init(keys: TriageKeys = .standard, advances: Bool = true, takesUnreadOnly: Bool = true) {
    self.keys = keys
    self.advances = advances
    self.takesUnreadOnly = takesUnreadOnly
  }

  // MARK: Looking

  /// The paper at the cursor; nil at the end.
  var current: Entry? { entries.indices.contains(cursor) ? entries[cursor] : nil }

  /// Whether nothing is left.
  var isAtEnd: Bool { cursor >= entries.count && isComplete }

  /// Whether a paper waits for a verdict.
  func isOpen(_ entry: Entry) -> Bool {
    guard !entry.isGone else { return false }
    return takesUnreadOnly ? entry.row.status == .unread : !decided.contains(entry.id)
  }

  /// The papers that have a verdict of this run.
  var decisions: Int { decided.count }

  /// Where the person is in a day.
  struct Progress: Hashable, Sendable {
    var day: LibraryReader.ShelfDay
    var place: Int
    var total: Int
    var queued: Int
    var starred: Int
  }

  /// Where the person is; at the end, of the last day.
  var progress: Progress? {
    guard let day = (current ?? entries.last)?.day else { return nil }
    let extent = days[day] ?? DayExtent(before: 0, total: 0)
    var progress = Progress(day: day, place: extent.before, total: 0, queued: 0, starred: 0)
    var count = extent.before
    for (index, entry) in entries.enumerated() where entry.day == day {
      count += 1
      if index <= cursor { progress.place += 1 }
      if entry.row.status == .queued { progress.queued += 1 }
      if entry.row.starred { progress.starred += 1 }
    }
    progress.total = max(extent.total, count)
    return progress
  }

  // MARK: Events

  /// What is to be done first.
  mutating func begin() -> [Action] {
    var actions: [Action] = []
    settle(&actions)
    return actions
  }

  /// What becomes of it, and what is to be done.
  mutating func take(_ event: Event) -> [Action] {
    var actions: [Action] = []
    switch event {
    case .key(let key):
      retryLoading()
      actions = press(key)
    case .verb(let verb):
      retryLoading()
      actions = does(verb)
    case .changedElsewhere: actions = [.refresh(nearby)]
    case .rows(let asked, let rows): actions = update(asked, rows)
    default: answer(event, &actions)
    }
    settle(&actions)
    return actions
  }

  private mutating func answer(_ event: Event, _ actions: inout [Action]) {
    switch event {
    case .card(let id, let paper): show(id, paper)
    case .marked(let id, let status): marked(id, status)
    case .starred(let id, let on):
      did([id])
      change(id) { $0.row.starred = on }
      asked = nil
      say((on ? "starred " : "not starred any more: ") + name(id))
    case .tagged(let id, let tags):
      did([id])
      change(id) { $0.row.tags = Array(Set($0.row.tags + tags)).sorted() }
      asked = nil
      say("tagged " + TagNames.words(tags) + ": " + name(id))
    case .noted(let id):
      did([id])
      asked = nil
      say("noted: " + name(id))
    case .skipped(let ids, let day): skipped(ids, day)
    case .undone(let what, let ids):
      reveal = .undone(ids)
      say("undone: \(what)")
      actions.append(.refresh(affected(ids)))
    case .redone(let what, let ids):
      reveal = .redone(ids)
      say("done again: \(what)")
      actions.append(.refresh(affected(ids)))
    case .loaded(let new, let start, let days, let isLast): loaded(new, start, days, isLast)
    case .left(let count): passed = count
    case .narrowed(let narrowing, let new, let start, let days, let isLast):
      narrowed(narrowing, new, start, days, isLast)
    case .history(let lines): history = lines
    case .tagNames(let names): offer(names)
    case .failed(let lines): fail(lines)
    case .opened, .key, .verb, .rows, .changedElsewhere: break
    }
  }

  /// Tells how much of the card is seen at once, and how long it is.
  mutating func measured(page: Int, lines: Int) {
    self.page = max(1, page)
    self.lines = max(1, lines)
    scroll = min(scroll, greatestScroll)
  }

  private var greatestScroll: Int { max(0, lines - page) }

  /// Asks for what the screen lacks.
  private mutating func settle(_ actions: inout [Action]) {
    if let id = current?.id {
      if asked != id {
        if card?.id != id {
          card = nil
          scroll = 0
          history = []
        }
        asked = id
        actions.append(.show(id))
      }
    } else {
      (card, asked) = (nil, nil)
    }
    if isAtEnd, wide == nil, !hasCounted {
      hasCounted = true
      if takesUnreadOnly {
        actions.append(.countLeft)
      } else {
        passed = entries.count(where: isOpen)
      }
    } else if !isAtEnd {
      hasCounted = false
    }
    if !isComplete, !isLoading, entries.count - cursor < Self.ahead {
      isLoading = true
      actions.append(.more)
    }
  }

  /// What could not be read is asked for again by the next key, not at once and for ever.
  private mutating func retryLoading() {
    if hasFailedToLoad { isLoading = false }
    hasFailedToLoad = false
  }

  private mutating func say(_ text: String) { message = Message(text: text) }

  private mutating func complain(_ text: String) {
    message = Message(text: text, isComplaint: true)
  }

  /// Says in the line below the card why something was not done.
  private mutating func fail(_ lines: [String]) {
    hasFailedToLoad = isLoading
    guard lines.count > 1, !isTyping else { return complain(lines.first ?? "it did not work") }
    mode = .notice(lines)
  }

  private var isTyping: Bool { if case .typing = mode { true } else { false } }

  private func name(_ id: PaperID) -> String {
    let title = entries.first { $0.id == id }?.row.title ?? ""
    return id.short + (title.isEmpty ? "" : " " + OneLine.flat(title))
  }

  // MARK: What was done

  private mutating func did(_ papers: [PaperID]) {
    done.append(Step(at: current?.id, papers: papers))
    undone = []
  }

  private mutating func change(_ id: PaperID, _ body: (inout Entry) -> Void) {
    for index in entries.indices where entries[index].id == id { body(&entries[index]) }
    if var wide {
      for index in wide.entries.indices where wide.entries[index].id == id {
        body(&wide.entries[index])
      }
      self.wide = wide
    }
  }

  private mutating func marked(_ id: PaperID, _ status: ReadingStatus) {
    did([id])
    change(id) { $0.row.status = status }
    decided.insert(id)
    asked = nil
    say(status.rawValue + ": " + name(id))
    guard status != .reading, advances, current?.id == id else { return }
    goOn()
  }

  private mutating func skipped(_ ids: [PaperID], _ day: String) {
    guard !ids.isEmpty else { return complain("nothing is left of \(day)") }
    did(ids)
    let all = Set(ids)
    for id in ids { change(id) { $0.row.status = .skipped } }
    decided.formUnion(all)
    asked = nil
    let undo = keys.name(of: .undo)
    say("skipped what was left of \(day): \(Words.papers(ids.count)); \(undo) takes it back")
    if current.map({ !isOpen($0) }) ?? false { goOn() }
  }

  /// To the next paper without a verdict.
  private mutating func goOn() {
    if case .whole = mode { mode = .card }
    scroll = 0
    cursor =
      entries.indices.first {
        $0 > cursor && isOpen(entries[$0]) && !postponed.contains(entries[$0].id)
      } ?? entries.count
    isPending = cursor == entries.count
  }

  private mutating func update(_ asked: [PaperID], _ rows: [LibraryReader.Row]) -> [Action] {
    let now = Dictionary(rows.map { ($0.id, $0) }) { first, _ in first }
    let looked = Set(asked)
    func updated(_ entry: Entry) -> Entry {
      guard looked.contains(entry.id) else { return entry }
      var entry = entry
      if var row = now[entry.id] {
        // A paper of a newer digest stays where it was.
        row.date = entry.row.date
        entry.row = row
      }
      entry.isGone = now[entry.id] == nil
      return entry
    }
    entries = entries.map(updated)
    if let old = wide?.entries { wide?.entries = old.map(updated) }
    if let reveal { uncover(reveal) }
    reveal = nil
    self.asked = nil
    return []
  }

  /// Goes to the paper of what was taken back or done again.
  private mutating func uncover(_ reveal: Reveal) {
    switch reveal {
    case .undone(let ids):
      decided.subtract(ids)
      let step = take(from: \.done, of: ids)
      undone.append(step)
      go(to: step)
    case .redone(let ids):
      let step = take(from: \.undone, of: ids)
      done.append(step)
      go(to: step)
      for entry in entries where ids.contains(entry.id) && entry.row.status != .unread {
        decided.insert(entry.id)
      }
      if let entry = current, ids.contains(entry.id), !isOpen(entry), advances,
        entry.row.status != .reading
      {
        goOn()
      }
    }
  }

  /// The step that was of these papers; one of another terminal where they are not its own.
  private mutating func take(
    from steps: WritableKeyPath<Self, [Step]>, of ids: [PaperID]
  ) -> Step {
    let papers = Set(ids)
    if let last = self[keyPath: steps].last, !papers.isDisjoint(with: last.papers) {
      self[keyPath: steps].removeLast()
      return last
    }
    return Step(at: entries.first { papers.contains($0.id) }?.id, papers: ids)
  }

  private mutating func go(to step: Step) {
    guard let id = step.at, let index = entries.firstIndex(where: { $0.id == id }) else { return }
    cursor = index
    isPending = false
    scroll = 0
  }

  private func affected(_ ids: [PaperID]) -> [PaperID] {
    let known = Set(entries.map(\.id)).union(wide?.entries.map(\.id) ?? [])
    return ids.filter(known.contains)
  }

  private var nearby: [PaperID] {
    let from = max(0, cursor - Self.window)
    return entries[min(from, entries.count)..<min(entries.count, cursor + Self.window)].map(\.id)
  }

  // MARK: The stack

  private mutating func show(_ id: PaperID, _ paper: Paper?) {
    guard current?.id == id else { return }
    card = paper
    guard let paper else {
      change(id) { $0.isGone = true }
      return complain("it was taken off the list meanwhile")
    }
    change(id) { entry in
      entry.isGone = false
      (entry.row.status, entry.row.starred) = (paper.status, paper.starred)
      (entry.row.tags, entry.row.title) = (paper.tags, paper.content.title)
    }
  }

  private mutating func loaded(
    _ new: [Entry], _ start: Int?, _ days: [LibraryReader.ShelfDay: DayExtent], _ isLast: Bool
  ) {
    (isLoading, hasFailedToLoad) = (false, false)
    isComplete = isLast
    let known = Set(entries.map(\.id))
    let fresh = new.filter { !known.contains($0.id) }
    let first = entries.count
    entries += fresh
    if let start { postponed.formUnion(new.prefix(start).map(\.id)) }
    self.days.merge(days) { $1 }
    guard isPending, !fresh.isEmpty else { return }
    let wanted = start.flatMap { new.indices.contains($0) ? new[$0].id : nil }
    cursor =
      entries.indices.first { $0 >= first && entries[$0].id == wanted }
      ?? entries.indices.first { $0 >= first && isOpen(entries[$0]) } ?? entries.count
    isPending = cursor == entries.count
  }

  private mutating func narrowed(
    _ narrowing: Narrowing, _ new: [Entry], _ start: Int,
    _ days: [LibraryReader.ShelfDay: DayExtent], _ isLast: Bool
  ) {
    if wide == nil {
      wide = Wide(entries: entries, cursor: cursor, days: self.days, isComplete: isComplete)
    }
    self.narrowing = narrowing
    (entries, cursor, self.days, isComplete) = (new, start, days, isLast)
    (isLoading, isPending, asked) = (false, false, nil)
    (mode, scroll) = (.card, 0)
    say("\(narrowing.words); esc shows all again")
  }

  private mutating func widen() -> [Action] {
    guard let wide else { return [] }
    (entries, cursor, days, isComplete) = (wide.entries, wide.cursor, wide.days, wide.isComplete)
    self.wide = nil
    narrowing = nil
    (isLoading, asked) = (false, nil)
    isPending = cursor == entries.count
    (mode, scroll) = (.card, 0)
    message = nil
    return [.widen, .refresh(nearby)]
  }

  private mutating func beginAgain() -> [Action] {
    (entries, cursor, days, isComplete, isPending) = ([], 0, [:], false, true)
    postponed = []
    isLoading = true
    message = nil
    return [.again]
  }

  // MARK: Keys

  private mutating func press(_ key: Key) -> [Action] {
    switch mode {
    case .typing(let purpose, let line): return type(key, purpose, line)
    case .notice:
      mode = .card
      return []
    case .help: return help(key)
    case .card, .whole: break
    }
    let closes = key == .escape && [nil, .leave].contains(keys.verb(of: key))
    if let actions = (closes ? closed() : nil) ?? moved(by: key) {
      lastVerb = nil
      return actions
    }
    guard let verb = keys.verb(of: key) else {
      if key == .control("l") { return [.repaint] }
      lastVerb = nil
      if case .paste = key {
        complain("what was pasted is no command; nothing was done")
      } else {
        complain("\(key.name) does nothing; \(keys.name(of: .help)) shows all keys")
      }
      return []
    }
    return does(verb)
  }

  /// Escape closes what is open before it leaves.
  private mutating func closed() -> [Action]? {
    if mode == .whole {
      (mode, scroll) = (.card, 0)
      return []
    }
    return wide == nil ? nil : widen()
  }

  /// Keys that move and cannot be changed; a configured one comes first.
  private mutating func moved(by key: Key) -> [Action]? {
    guard keys.verb(of: key) == nil else { return nil }
    switch key {
    case .pageDown: scroll = min(greatestScroll, scroll + max(1, page - 1))
    case .pageUp: scroll = max(0, scroll - max(1, page - 1))
    case .down where mode == .whole: scroll = min(greatestScroll, scroll + 1)
    case .up where mode == .whole: scroll = max(0, scroll - 1)
    case .home where mode == .whole: scroll = 0
    case .end where mode == .whole: scroll = greatestScroll
    case .down, .right, .character("j"): step(1)
    case .up, .left, .character("k"): step(-1)
    default: return nil
    }
    return []
  }

  private mutating func step(_ step: Int) {
    message = nil
    let end = isComplete ? entries.count : max(0, entries.count - 1)
    cursor = max(0, min(end, cursor + step))
    scroll = 0
    isPending = false
    if case .whole = mode { mode = .card }
  }

  private mutating func help(_ key: Key) -> [Action] {
    if moved(by: key) == nil || key == .left || key == .right { (mode, scroll) = (.card, 0) }
    return []
  }

  private mutating func does(_ verb: TriageVerb) -> [Action] {
    let before = lastVerb
    lastVerb = verb
    message = nil
    switch verb {
    case .next: return next()
    case .back: step(-1)
    case .undo: return [.undo]
    case .redo: return [.redo]
    case .help: (mode, scroll) = (.help, 0)
    case .leave: return [.leave]
    case .search: mode = .typing(.search, LineInput())
    case .author where wide != nil && isByAuthor: return widen()
    default: return doesToPaper(verb, after: before)
    }
    return []
  }

  private var isByAuthor: Bool { if case .author = narrowing { true } else { false } }

  private mutating func next() -> [Action] {
    if mode == .whole, scroll < greatestScroll {
      scroll = min(greatestScroll, scroll + max(1, page - 1))
      return []
    }
    guard cursor < entries.count || passed == 0 || wide != nil else { return beginAgain() }
    goOn()
    return []
  }

  private mutating func doesToPaper(_ verb: TriageVerb, after before: TriageVerb?) -> [Action] {
    guard let entry = current, !entry.isGone else {
      complain("there is no paper here")
      return []
    }
    if let status = verb.verdict { return [.mark(entry.id, status)] }
    switch verb {
    case .star: return [.star(entry.id, !entry.row.starred)]
    case .tag:
      mode = .typing(.tag, LineInput())
      return [.tagNames]
    case .note: return [.note(entry.id)]
    case .open: return [.open(entry.id)]
    case .card:
      (mode, scroll) = (mode == .whole ? .card : .whole, 0)
      return mode == .whole ? [.history(entry.id)] : []
    case .author: return chooseAuthor()
    case .rest:
      guard before != .rest else {
        complain("that was \(keys.name(of: .rest)) twice in a row; once is for one day")
        return []
      }
      return [.skipRest(entries.filter { $0.day == entry.day && isOpen($0) })]
    default: return []
    }
  }

  private mutating func chooseAuthor() -> [Action] {
    let authors = (card?.bibliography.authors ?? []).map(OneLine.flat).filter { !$0.isEmpty }
    guard let first = authors.first else {
      complain("nobody says who wrote it")
      return []
    }
    guard authors.count > 1 else { return [.narrow(.author(first))] }
    mode = .typing(.author, LineInput(first, .whole(authors)))
    return []
  }

  // MARK: Typing

  private mutating func type(_ key: Key, _ purpose: Purpose, _ line: LineInput) -> [Action] {
    var line = line
    switch key {
    case .escape, .control("g"):
      (mode, message) = (.card, nil)
      return []
    case .enter: return enter(purpose, line)
    default:
      if line.take(key) { message = nil }
      mode = .typing(purpose, line)
      return []
    }
  }

  private mutating func enter(_ purpose: Purpose, _ line: LineInput) -> [Action] {
    let text = OneLine.flat(line.text)
    guard !text.isEmpty, let id = current?.id ?? (purpose == .search ? entries.last?.id : nil)
    else {
      mode = .card
      return []
    }
    switch purpose {
    case .tag:
      do {
        let tags = try TagNames.read(
          text.split(separator: ",").map { OneLine.flat(String($0)) }
            .filter { !$0.isEmpty }.joined(separator: ","))
        mode = .card
        return [.tag(id, tags)]
      } catch {
        // It stays, to be mended.
        complain(Failure(error).message)
        return []
      }
    case .author: return [.narrow(.author(text))]
    case .search: return [.narrow(.search(text))]
    }
  }

  private mutating func offer(_ names: [String]) {
    guard case .typing(.tag, var line) = mode else { return }
    line.completion = .words(names)
    mode = .typing(.tag, line)
  }
}
