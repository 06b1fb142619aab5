import Archives
import Arrivals
import Digests
import Disk
import Glibc
import Papers
import Store
import Transport

/// One source in one run: asks what its plan says, reads what is new, remembers how far it came.
///
/// Invariants: what is remembered is written in the transaction of the papers that it speaks of;
/// a digest that cannot be read to its end leaves nothing, and is asked for again; of a rehearsal
/// nothing is kept.
struct SourceRun {
  /// What became of it.
  private(set) var outcome: SourceOutcome
  /// The papers that came on the list.
  private(set) var added = ChangedPapers()
  /// How many operations there were.
  private(set) var operations = 0
  private let session: Session
  private let library: Library
  private let courier: Courier
  private let source: any Source
  private let moment: SourceMoment
  private let isRehearsal: Bool
  private var known: KnownSource
  private var pages: PageMemory
  /// What was asked, whose memory is kept.
  private var asked: Set<String> = []

  /// - Parameters:
  ///   - moment: when, and how.
  ///   - isRehearsal: whether nothing is kept of it.
  init(
    _ known: KnownSource, _ source: any Source, _ session: Session, _ library: Library,
    _ courier: Courier, _ moment: SourceMoment, isRehearsal: Bool
  ) throws {
    self.known = known
    self.source = source
    self.session = session
    self.library = library
    self.courier = courier
    self.moment = moment
    self.isRehearsal = isRehearsal
    outcome = SourceOutcome(known.name)
    let kept = try library.read { try $0.remembered(KnownSource.pagesKey(known.name)) }
    pages = PageMemory(kept: kept)
  }

  /// Asks everything of a plan.
  mutating func run(_ plan: AskPlan, progress: () -> Void) throws {
    (outcome.later, outcome.forgotten) = (plan.later, plan.forgotten)
    outcome.isResting = plan.isResting
    guard !plan.isResting else { return }
    known.state.expect(plan.asks)
    for ask in plan.asks {
      let goesOn = try take(ask)
      progress()
      guard goesOn else { break }
    }
    end()
    if !isRehearsal { try library.remember(save) }
  }

  private mutating func take(_ ask: Ask) throws -> Bool {
    switch ask.place {
    case .page: return try takePage(ask)
    case .path(let path): return try takePath(ask, session.world.expandingTilde(path))
    case .feedList(let path): return try takeFeeds(session.world.expandingTilde(path))
    case .feedPage: return try takeFeedPage(ask)
    }
  }

  private mutating func end() {
    let now = session.world.now()
    if let failure = outcome.failures.first {
      known.state.fail(failure.message)
    } else if outcome.isAnswered {
      known.state.succeed(at: now)
    }
    if outcome.isAnswered || !outcome.failures.isEmpty {
      known.state.asked = now
      known.state.began = known.state.began ?? now
    }
    if outcome.failures.isEmpty, !outcome.isElsewhere {
      outcome.stale = known.state.staleSince(moment.today, patience: source.patience)
    }
    outcome.newest = known.state.days.last
    pages.keep(only: asked)
  }

  private func save(_ memory: SourceMemory) throws {
    try memory.set(KnownSource.stateKey(known.name), known.state.json)
    try memory.set(KnownSource.pagesKey(known.name), pages.json)
    try courier.keepHosts(in: memory)
  }

  private mutating func fail(_ failure: Failure) -> Bool {
    outcome.failures.append(failure)
    return false
  }

  // MARK: Pages

  /// - Returns: whether the source is asked on.
  private mutating func takePage(_ ask: Ask) throws -> Bool {
    asked.insert(ask.address)
    var page = pages.pages[ask.address] ?? PageMemory.Page()
    let validators = moment.since == nil ? page.validators : Validators()
    switch courier.ask(page.moved ?? ask.address, knowing: validators) {
    case .leftAlone(let until):
      outcome.until = until
      return false
    case .failed(let failure):
      forgetMove(ask, &page)
      return fail(failure)
    case .answer(let answer):
      if answer.isBusy { return leaveAlone(ask, answer) }
      if answer.isUnchanged, !validators.isEmpty { return takeUnchanged(ask, answer, page) }
      if answer.isMissing, ask.day != nil { return takeMissing(ask) }
      guard answer.status == 200 else {
        forgetMove(ask, &page)
        return fail(refusal(answer, ask) ?? SourceWords.status(answer))
      }
      return try takeAnswer(ask, answer, page)
    }
  }

  /// The next run asks at the address that the person gave: what is there now may know better.
  private mutating func forgetMove(_ ask: Ask, _ page: inout PageMemory.Page) {
    guard page.moved != nil else { return }
    page.moved = nil
    pages.pages[ask.address] = page
  }

  private mutating func leaveAlone(_ ask: Ask, _ answer: WebAnswer) -> Bool {
    let until = courier.leaveAlone(ask.address, answer, failures: known.state.failures)
    outcome.until = until
    let time = SourceWords.time(until, session.world)
    return fail(Failure(.unreachable, "\(answer.status) until \(time)"))
  }

  private mutating func takeUnchanged(
    _ ask: Ask, _ answer: WebAnswer, _ known: PageMemory.Page
  ) -> Bool {
    var page = known
    remember(answer, &page)
    pages.pages[ask.address] = page
    outcome.isAnswered = true
    outcome.isRead = true
    if ask.isBatch, ask.day == nil { outcome.same = page.batch?.day }
    self.known.state.settle(ask, isFound: true, today: moment.today)
    return true
  }

  private mutating func takeMissing(_ ask: Ask) -> Bool {
    outcome.isAnswered = true
    known.state.settle(ask, isFound: false, today: moment.today)
    if let day = ask.day, known.state.open.contains(day) {
      outcome.missing.append(day)
    } else {
      asked.remove(ask.address)
    }
    return true
  }

  /// The newest of what the server wants to hear again, also where what is there is the same.
  private func remember(_ answer: WebAnswer, _ page: inout PageMemory.Page) {
    let new = Validators(etag: answer.etag, modified: answer.modified)
    if answer.isUnchanged {
      page.validators.etag = new.etag ?? page.validators.etag
      page.validators.modified = new.modified ?? page.validators.modified
    } else {
      page.validators = new
    }
  }

  /// What an answer that is no digest says of the reason: arXiv tells it in a feed.
  private func refusal(_ answer: WebAnswer, _ ask: Ask) -> Failure? {
    guard let look = try? BatchLook(try inputs(answer, ask), session),
      look.problems.contains(where: { $0.kind == .error })
    else { return nil }
    return look.refusal(ask.form)
  }

  private func inputs(_ answer: WebAnswer, _ ask: Ask) throws -> [DigestInput] {
    var passedOver = PassedOver()
    return try DigestInput.digests(
      in: answer.body, of: ask.address, type: answer.type,
      .init(series: known.name, day: ask.day), session.world, passedOver: &passedOver)
  }

  private mutating func takeAnswer(
    _ ask: Ask, _ answer: WebAnswer, _ known: PageMemory.Page
  ) throws -> Bool {
    var page = known
    let (found, look): ([DigestInput], BatchLook)
    do {
      found = try inputs(answer, ask)
      look = try BatchLook(found, session)
    } catch {
      guard let failure = Failure(ofInput: ask.address, error) else { throw error }
      return fail(failure)
    }
    if let failure = look.refusal(ask.form) { return fail(failure) }
    outcome.isAnswered = true
    remember(answer, &page)
    if let moved = answer.moved, page.moved == nil || !(page.moved ?? "").hasBytes(of: moved) {
      page.moved = moved
      outcome.moved = moved
    }
    let batch = Batch(look.papers, day: day(look, ask))
    let before = ask.day == nil ? page.batch : pages.batch
    if isSame(batch, before, ask), let before {
      outcome.same = before.day
      outcome.isRead = true
      pages.pages[ask.address] = page
      settle(ask, of: before.day)
      return true
    }
    if !look.papers.isEmpty {
      page.batch = batch
      if ask.day != nil { pages.batch = batch }
    }
    pages.pages[ask.address] = page
    let rest = source.rest(after: ask, answer.body)
    try record(found, look, ask, isAll: rest == nil)
    guard let rest else { return true }
    return try takePage(rest)
  }

  /// Whether these papers came before, under another day.
  private func isSame(_ batch: Batch, _ before: Batch?, _ ask: Ask) -> Bool {
    guard ask.isBatch, moment.since == nil, let before, before.mark == batch.mark else {
      return false
    }
    return ask.day == nil || before.day != batch.day
  }

  /// The day of what came: not one that is still to come.
  private func day(_ look: BatchLook, _ ask: Ask) -> PaperDate {
    min(ask.day ?? look.day ?? moment.today, moment.today)
  }

  private mutating func settle(_ ask: Ask, of day: PaperDate) {
    known.state.settle(ask, isFound: true, today: moment.today, of: day)
    if let day = ask.day, !known.state.open.contains(day) { asked.remove(ask.address) }
  }

  // MARK: Recording

  private mutating func record(
    _ inputs: [DigestInput], _ look: BatchLook, _ ask: Ask, isAll: Bool
  ) throws {
    let now = session.world.now()
    var importer = Importer(
      now: now, formats: session.features.digestFormats, keepsPlaces: true)
    let what = "fetch \(known.name)" + (ask.day.map { " \($0)" } ?? "")
    let recorded = try library.record(what, dryRun: isRehearsal) { recorder in
      for input in inputs { try importer.read(input, source: nil, into: &recorder) { _ in } }
      take(importer.report, look, ask, at: now)
      if isAll { settle(ask, of: day(look, ask)) }
      try save(recorder.sourceMemory)
    }
    added.add(importer.report.added)
    if recorded.operation != nil { operations += 1 }
    // Where nothing changed, nothing was written, what is remembered neither.
    if recorded.operation == nil, !isRehearsal { try library.remember(save) }
  }

  private mutating func take(_ report: ImportReport, _ look: BatchLook, _ ask: Ask, at now: Int64) {
    outcome.isRead = true
    outcome.new += report.new
    outcome.updated += report.updated
    outcome.seenAgain += report.seenAgain
    outcome.problems += look.oddities
    guard !look.papers.isEmpty else { return }
    let day = day(look, ask)
    if report.new + report.updated > 0, ask.day != nil || look.day != nil {
      outcome.days.append(day)
    }
    let isNews = report.new > 0 || known.state.days.last.map { $0 < day } ?? true
    if isNews { known.state.bring(day, at: now) }
  }

  // MARK: This machine

  private mutating func takeFeeds(_ path: String) throws -> Bool {
    do {
      return try takeFeeds(Files.bytes(path), of: path)
    } catch let error as FileError {
      return absent(error)
    }
  }

  private mutating func takeFeedPage(_ ask: Ask) throws -> Bool {
    switch courier.ask(ask.address) {
    case .leftAlone(let until):
      outcome.until = until
      return false
    case .failed(let failure): return fail(failure)
    case .answer(let answer):
      if answer.isBusy { return leaveAlone(ask, answer) }
      guard answer.status == 200 else { return fail(SourceWords.status(answer)) }
      return try takeFeeds(answer.body, of: ask.address)
    }
  }

  /// Asks each of the feeds that a list names.
  private mutating func takeFeeds(_ list: [UInt8], of place: String) throws -> Bool {
    let feeds: [String]
    do {
      feeds = try FeedListText.feeds(list)
    } catch {
      return fail(Failure(.badInput, "\(place): \(error.message)", advice: error.advice))
    }
    for feed in feeds {
      let before = outcome.failures.count
      _ = try takePage(Ask(.page(feed), .feed))
      for index in outcome.failures.indices.dropFirst(before) {
        outcome.failures[index].message = "\(feed): " + outcome.failures[index].message
      }
    }
    return true
  }

  /// A path of another machine is none here; one that was here is missed.
  private mutating func absent(_ error: FileError) -> Bool {
    guard error.code == ENOENT, known.state.answered == nil else {
      return fail(Failure(file: error))
    }
    outcome.isElsewhere = true
    return false
  }

  private mutating func takePath(_ ask: Ask, _ path: String) throws -> Bool {
    asked.insert(ask.address)
    var status = stat()
    guard stat(path, &status) == 0 else {
      return absent(FileError(verb: .read, path: path, code: errno))
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    let files = DigestFiles.find([path])
    var page = pages.pages[ask.address] ?? PageMemory.Page()
    let now = session.world.now() * 1_000_000
    let before = moment.since == nil ? page.readUntil.flatMap { $0 <= now ? $0 : nil } : nil
    outcome.isAnswered = true
    for file in files.found where !file.isStream {
      guard let changed = Self.changed(file.path) else { continue }
      // What was written about the time of the last look is looked at again: the disk may be that
      // of another machine, with another clock.
      if let before, changed < before - Self.overlap { continue }
      if try !takeFile(file, ask, isAlone: !isFolder) { return false }
    }
    page.readUntil = now
    pages.pages[ask.address] = page
    return true
  }

  /// Nanoseconds.
  private static let overlap: Int64 = 600_000_000_000

  /// When a file was changed, moved here or given other rights, nanoseconds since 1970: what is
  /// copied with its old time is new here all the same.
  private static func changed(_ path: String) -> Int64? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
  }

  private mutating func takeFile(_ file: DigestFile, _ ask: Ask, isAlone: Bool) throws -> Bool {
    do {
      var passedOver = PassedOver()
      let found = try DigestInput.digests(in: file, of: session.world, passedOver: &passedOver)
      let look = try BatchLook(found, session)
      if let failure = look.refusal(ask.form) {
        // Not every file in a folder is a list.
        guard isAlone else { return true }
        return fail(failure)
      }
      try record(found, look, ask, isAll: true)
      return true
    } catch {
      guard let failure = Failure(ofInput: file.path, error) else { throw error }
      return isAlone ? fail(failure) : true
    }
  }
}
