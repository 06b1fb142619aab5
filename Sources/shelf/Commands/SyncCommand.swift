import ArgumentParser
import Changes
import Filters
import Glibc
import JSONText
import Papers
import Store
import Sync
import Transport

/// `shelf sync`
struct SyncCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "sync", abstract: "Exchange changes with your other machines.",
    discussion: """
      Without a name: with every remote. Safe to stop at any moment, and to run from a timer.
      """,
    subcommands: [
      SyncRun.self, SyncStatus.self, SyncVerify.self, SyncRepair.self, SyncJoin.self,
      SyncRekey.self,
      SyncDevices.self, SyncRetire.self,
    ], defaultSubcommand: SyncRun.self)
}

/// `shelf sync [NAME] [--dry-run] [--watch]`
struct SyncRun: Verb {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Pull and push; what `shelf sync` alone does.")
  @Argument(help: ArgumentHelp("The remote; all of them when none is named.", valueName: "remote"))
  var name: String?
  @Flag(name: [.customShort("n"), .long], help: "List what would come and go, and change nothing.")
  var dryRun = false
  @Flag(
    help:
      "Go on until you end it: send each change at once, and look every few seconds for others'.")
  var watch = false
  @Flag(help: "A JSON object a remote, each on its line.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try checkName(session)
    guard !watch || !dryRun else {
      throw Failure(.usage, "--watch and --dry-run exclude each other")
    }
    if watch { return try Watching(name, session, json: json).run() }
    let remotes = try Remote.configured(name, session)
    var outcomes: [ExitStatus] = []
    for remote in remotes {
      do {
        outcomes.append(try dryRun ? preview(remote, session) : sync(remote, session))
      } catch {
        // One remote that does not answer is no reason to leave the others out.
        let failure = Failure(error)
        guard remotes.count > 1 else { throw failure }
        outcomes.append(session.report(failure))
      }
    }
    return SyncOutcome.worst(outcomes)
  }

  /// `sync status` would sync with a remote of this name.
  private func checkName(_ session: Session) throws {
    guard let name, try session.configuration().remotes[name] == nil else { return }
    let verbs = SyncCommand.configuration.subcommands.map(CommandTree.name)
    let near = Habits.child(name, of: verbs) ?? Spelling.closest(to: name, among: verbs)
    guard let near else { return }
    throw Failure(
      .notFound, "there is no remote “\(name)”", advice: "did you mean `shelf sync \(near)`?")
  }

  private func sync(_ remote: Remote, _ session: Session) throws -> ExitStatus {
    let progress = SyncProgressLine(session.world)
    defer { progress.clear() }
    let outcome = try RemoteSync(remote, session).run(progress: { progress.show($0) })
    progress.clear()
    return try SyncReportPrinter(session, json: json).print(outcome, of: remote)
  }

  private func preview(_ remote: Remote, _ session: Session) throws -> ExitStatus {
    let library = try session.library(dryRun: true)
    let plan = try remote.showingProgress(library) { try $0.plan() }
    guard !json else { return try printJSON(plan, remote, session) }
    func lines(_ title: String, _ lines: [SyncPreview.Line]) throws {
      let changes = lines.reduce(0) { $0 + $1.changes }
      try session.out.line("\(remote.name): \(Words.number(changes, "change")) would \(title)")
      for line in lines {
        let what = try line.paper.map { id in
          let title = try line.title ?? library.read { try $0.paper(id) }?.content.title ?? ""
          return id.rawValue + (title.isEmpty ? "" : "  " + title)
        }
        try session.out.line(
          "  \(Words.number(line.changes, "change"))  "
            + (what ?? "views, machines, the log"))
      }
    }
    try lines("come", plan.incoming)
    try lines("go", plan.outgoing)
    if !plan.files.isEmpty {
      let size = SyncReportPrinter.size(plan.files.reduce(0) { $0 + $1.size })
      try session.out.line(
        "\(remote.name): \(Words.number(plan.files.count, "file")), \(size), would be written")
      for file in plan.files {
        try session.out.line("  \(file.name)  \(SyncReportPrinter.size(file.size))")
      }
    }
    for problem in plan.problems { try session.say(SyncWords.line(problem)) }
    return plan.problems.isEmpty ? .ok : .partly
  }
}

extension SyncRun {
  private func printJSON(
    _ plan: SyncPreview, _ remote: Remote, _ session: Session
  ) throws -> ExitStatus {
    func write(_ lines: [SyncPreview.Line], _ json: inout JSONTextWriter) {
      json.array(lines) { json, line in
        json.object { json in
          json.member("id", line.paper?.rawValue)
          json.member("title", line.title)
          json.member("changes", line.changes)
        }
      }
    }
    try session.print { json in
      json.member("remote", remote.name)
      json.key("wouldPull")
      write(plan.incoming, &json)
      json.key("wouldPush")
      write(plan.outgoing, &json)
      json.member("problems", plan.problems.map(SyncWords.line))
    }
    return plan.problems.isEmpty ? .ok : .partly
  }
}

/// How several outcomes end one command.
enum SyncOutcome {
  /// The first failure; else problems; else conflicts; else all is well.
  static func worst(_ outcomes: [ExitStatus]) -> ExitStatus {
    let failures = outcomes.filter { $0 != .ok && $0 != .partly && $0 != .conflicts }
    if let first = failures.first {
      // Some remotes were reached: partly done.
      return failures.count == outcomes.count ? first : .partly
    }
    if outcomes.contains(.partly) { return .partly }
    return outcomes.contains(.conflicts) ? .conflicts : .ok
  }
}

/// Prints what a sync did.
struct SyncReportPrinter {
  private let session: Session
  private let isJSON: Bool

  init(_ session: Session, json: Bool) {
    self.session = session
    isJSON = json
  }

  /// A sync, and what was published after it.
  func print(_ outcome: RemoteSync.Outcome, of remote: Remote) throws -> ExitStatus {
    let isHeldBack = outcome.cache == .inTheWay
    let status = try print(
      outcome.report, and: isHeldBack ? [CacheWords.inTheWay] : [], of: remote)
    if outcome.cache == .passed { try session.say("  " + CacheWords.passed) }
    if !isJSON, !outcome.published.isEmpty {
      let files = outcome.published.joined(separator: " and ")
      try session.say(
        "  \(files) brought in step there: whoever can read the folder can read the list")
    }
    guard let failure = outcome.unpublished else { return status }
    return SyncOutcome.worst([status, session.report(failure)])
  }

  /// A sync.
  /// - Parameter more: problems that it does not know of.
  func print(
    _ report: SyncReport, and more: [String] = [], of remote: Remote
  ) throws -> ExitStatus {
    let problems = report.problems.map(SyncWords.line) + more
    if isJSON {
      try printJSON(report, problems, remote)
    } else {
      try session.say("\(remote.name): " + Self.summary(report))
    }
    for notice in report.notices { try session.say("  " + SyncWords.line(notice)) }
    if !isJSON {
      for problem in problems { try session.say("  " + problem) }
      if report.conflicts > 0 {
        try session.say("  two machines changed the same thing; look: shelf conflicts")
      }
    }
    if !problems.isEmpty { return .partly }
    return report.conflicts > 0 ? .conflicts : .ok
  }

  private static func summary(_ report: SyncReport) -> String {
    var parts: [String] = []
    if report.pulled > 0 {
      parts.append(
        "\(Words.number(report.pulled, "change")) came (\(Words.papers(report.papers)))")
    }
    if report.pushed > 0 { parts.append("\(Words.number(report.pushed, "change")) sent") }
    if parts.isEmpty { parts.append("nothing new") }
    if report.conflicts > 0 { parts.append(Words.number(report.conflicts, "conflict")) }
    parts.append(
      "\(Words.number(report.requests, "request")), \(size(report.bytesSent)) up, "
        + "\(size(report.bytesReceived)) down")
    return parts.joined(separator: "; ")
  }

  static func size(_ bytes: Int) -> String {
    switch bytes {
    case ..<1000: return "\(bytes) B"
    case ..<1_000_000: return "\((bytes + 500) / 1000) kB"
    default: return "\(bytes / 1_000_000).\(bytes % 1_000_000 / 100_000) MB"
    }
  }

  private func printJSON(
    _ report: SyncReport, _ problems: [String], _ remote: Remote
  ) throws {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("remote", remote.name)
      json.member("pulled", report.pulled)
      json.member("pushed", report.pushed)
      json.member("conflicts", report.conflicts)
      json.member("requests", report.requests)
      json.member("bytesSent", report.bytesSent)
      json.member("bytesReceived", report.bytesReceived)
      json.member("problems", problems)
    }
    try session.out.bytes(json.bytes + [0x0A])
  }
}

/// One line on the terminal that says how far a sync is, after half a second.
final class SyncProgressLine {
  private let world: World
  private let start: Int64
  private var drawnAt: Int64 = 0
  private var pulled = 0
  private var pushed = 0
  private var looked = 0

  init(_ world: World) {
    self.world = world
    start = world.now()
  }

  /// So much more is done.
  func show(_ progress: SyncProgress) {
    switch progress {
    case .pulled(_, let changes): pulled += changes
    case .pushed(let changes): pushed += changes
    case .looked: looked += 1
    }
    let time = world.now()
    guard world.isTerminal(STDERR_FILENO), world.variable("TERM") != "dumb", time - start >= 500,
      time - drawnAt >= 100
    else { return }
    drawnAt = time
    let changes = "\(pulled) changes came, \(pushed) sent"
    let files = looked > 0 ? "\(looked) files looked at" : ""
    let words = [files, looked == 0 || pulled + pushed > 0 ? changes : ""].filter { !$0.isEmpty }
    let line = "\r" + words.joined(separator: ", ") + "\u{1B}[K"
    try? Files.write(Array(line.utf8), to: STDERR_FILENO, "")
  }

  /// Takes the line off the terminal.
  func clear() {
    guard drawnAt > 0 else { return }
    drawnAt = 0
    try? Files.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO, "")
  }
}
