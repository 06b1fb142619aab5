import Arrivals
import Digests
import Disk
import JSONText
import Papers
import Transport

/// A look at what a source would bring, of which nothing is kept.
struct SourceTrial {
  private let session: Session
  private let courier: Courier
  private var lines: [String] = []
  private var failure: Failure?
  private var found = ChangedPapers()
  private var isAnswered = false

  init(_ session: Session, _ courier: Courier) {
    self.session = session
    self.courier = courier
  }

  /// Asks everything of a plan.
  mutating func run(_ plan: AskPlan) throws {
    for ask in plan.asks {
      do {
        try take(ask)
      } catch {
        guard let failure = Failure(ofInput: ask.address, error) else { throw error }
        self.failure = failure
      }
    }
  }

  private mutating func take(_ ask: Ask) throws {
    switch ask.place {
    case .page: try takePage(ask)
    case .path(let path):
      let files = DigestFiles.find([session.world.expandingTilde(path)])
      if let failure = files.failures.first?.failure { throw failure }
      var passedOver = PassedOver()
      var inputs: [DigestInput] = []
      for file in files.found where !file.isStream {
        inputs +=
          (try? DigestInput.digests(in: file, of: session.world, passedOver: &passedOver)) ?? []
      }
      look(try BatchLook(inputs, session), ask)
    case .feedList(let path):
      try takeFeeds(try Files.bytes(session.world.expandingTilde(path)))
    case .feedPage: try takePage(ask)
    }
  }

  private mutating func takeFeeds(_ list: [UInt8]) throws {
    let feeds = try FeedListText.feeds(list)
    isAnswered = true
    lines.append("\(Words.number(feeds.count, "feed")) would be asked")
  }

  private mutating func takePage(_ ask: Ask) throws {
    switch courier.ask(ask.address) {
    case .failed(let failure): self.failure = failure
    case .leftAlone(let until):
      failure = Failure(
        .unreachable,
        "the server wants to be left alone until \(SourceWords.time(until, session.world))")
    case .answer(let answer):
      if answer.isMissing, let day = ask.day {
        isAnswered = true
        return lines.append("\(day) is not there yet")
      }
      if answer.isBusy {
        failure = Failure(.unreachable, "the server wants to be left alone for a while (429)")
        return
      }
      if case .feedPage = ask.place, answer.status == 200 { return try takeFeeds(answer.body) }
      var passedOver = PassedOver()
      let inputs = try DigestInput.digests(
        in: answer.body, of: ask.address, type: answer.type, .init(series: "test", day: ask.day),
        session.world, passedOver: &passedOver)
      let look = try BatchLook(inputs, session)
      guard answer.status == 200 else {
        let tells = look.problems.contains { $0.kind == .error }
        failure = tells ? look.refusal(ask.form) : SourceWords.status(answer)
        return
      }
      self.look(look, ask)
      if let moved = answer.moved { lines.append("it moved for good to \(moved)") }
    }
  }

  private mutating func look(_ look: BatchLook, _ ask: Ask) {
    if let failure = look.refusal(ask.form) { return self.failure = failure }
    isAnswered = true
    found.add(look.added)
    if look.papers.isEmpty {
      lines.append("there is nothing in it" + (ask.day.map { " on \($0)" } ?? ""))
    }
    for problem in look.problems.prefix(3) { lines.append(problem.message) }
  }

  /// What came of it as one JSON object.
  func printJSON(_ session: Session, of what: String) throws -> ExitStatus {
    if let failure { throw failure }
    try session.print { json in
      json.member("what", what)
      json.member("papers", found.count)
      json.member("notices", lines)
    }
    return .ok
  }

  /// Says what came of it.
  func say(_ session: Session) throws -> ExitStatus {
    if let failure { throw failure }
    if found.count > 0 { try found.sayBelow("would bring \(Words.papers(found.count))", session) }
    for line in lines { try session.say(line) }
    try session.say("nothing was kept")
    return .ok
  }
}
