import ArgumentParser
import Arrivals
import Changes
import Filters
import Glibc
import JSONText
import Papers
import Store

/// `shelf source add|list|remove|test`
struct SourceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "source", abstract: "Where digests come from by themselves.",
    subcommands: [SourceAdd.self, SourceList.self, SourceRemove.self, SourceTest.self])
}

/// `shelf source add NAME WHAT`
struct SourceAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Follow a source; `shelf fetch` asks it.",
    discussion: """
      WHAT is one of these:
      \(SourceHelp.forms(of: SourceKinds.standard, columns: 90))
      Your other machines follow it too; how far each came stays with it.
      """)
  @Argument(help: ArgumentHelp("A name for it, by which its digests are known.", valueName: "name"))
  var name: String
  @Argument(help: ArgumentHelp("What is asked, see above.", valueName: "what"))
  var what: String
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let name = try SourceNames.checked(name)
    let what = try SourceNames.understood(what, session)
    var replaced: String?
    let recorded = try session.library(dryRun: write.dryRun).record(
      "source add \(name)", dryRun: write.dryRun
    ) {
      replaced = try $0.reader.sources().first { $0.name.hasBytes(of: name) }?.what
      try $0.write([.subscription(name, what)], seeing: .thisTransaction)
    }
    let isOther = replaced.map { !$0.hasBytes(of: what) } ?? false
    let before = isOther ? " in place of “\(Printable.line(replaced ?? ""))”" : ""
    let done = write.dryRun ? "would be followed" : "is followed"
    try WriteReport(session, write).print(
      "\(name) \(done)\(before): \(Printable.line(what)); shelf fetch \(name)",
      changed: recorded.operation != nil)
    return .ok
  }
}

/// `shelf source list`
struct SourceList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the sources, and how each fared on this machine.")
  @Flag(
    help: """
      One JSON array of {"name","what","asked","brought","days","every","staleSince","failures",\
      "trouble"}.
      """)
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let world = session.world
    let known = try session.read { try KnownSource.all($0, world) } ?? []
    guard !json else { return try printJSON(known, session) }
    if known.isEmpty, session.hasLibrary {
      try session.say("no source yet: shelf source add NAME WHAT (`shelf help sources`)")
    }
    let rows = known.map { row($0, session) }
    let heads = ["source", "asked", "newest", "usually", "what"]
    let cells = try session.screen().cells
    let isShown = try session.screen().isTerminal && !rows.isEmpty
    let widths = heads.indices.map { column in
      (rows.map { $0[column] } + (isShown ? [heads[column]] : [])).map { cells.width(of: $0) }
        .max() ?? 0
    }
    func line(_ row: [String]) -> String {
      let padded = zip(row, widths).map { cells.padded($0, to: $1) }.joined(separator: "  ")
      return String(padded.reversed().drop { $0 == " " }.reversed())
    }
    if isShown { try session.out.line(try session.screen().palette.paint(line(heads), .dim)) }
    for (known, row) in zip(known, rows) {
      try session.out.line(line(row))
      for trouble in troubles(known, session) { try session.out.line("  " + trouble) }
    }
    return .ok
  }

  private func row(_ known: KnownSource, _ session: Session) -> [String] {
    let world = session.world
    let asked = known.state.asked.map { Timestamp.minute($0, in: world.zone) } ?? "never"
    let every = Rhythm(known.state.days).map { rhythm in
      rhythm.usual == 1 ? "every day" : "every \(rhythm.usual) days"
    }
    return [
      Printable.line(known.name), asked, known.state.days.last?.text ?? "–", every ?? "–",
      Printable.line(known.what),
    ]
  }

  private func troubles(_ known: KnownSource, _ session: Session) -> [String] {
    var lines: [String] = []
    if let trouble = known.state.trouble {
      let times = known.state.failures == 1 ? "" : ", \(known.state.failures) times in a row"
      lines.append("failed\(times): " + Printable.line(trouble))
    }
    if let stale = known.staleSince(session.world.today, session.features) {
      lines.append("stale since \(stale): it usually brings something sooner")
    }
    if known.source(session.features) == nil {
      lines.append("this shelf does not know how to ask it; a newer one may")
    }
    return lines
  }

  private func printJSON(_ known: [KnownSource], _ session: Session) throws -> ExitStatus {
    var json = JSONTextWriter.printed
    func time(_ name: StaticString, _ time: Int64?, _ json: inout JSONTextWriter) {
      json.key(name)
      if let time { json.value(milliseconds: time) } else { json.null() }
    }
    json.array(known) { json, source in
      json.object { json in
        json.member("name", source.name)
        json.member("what", source.what)
        time("asked", source.state.asked, &json)
        time("brought", source.state.brought, &json)
        json.member("days", source.state.days.map(\.text))
        json.key("every")
        if let rhythm = Rhythm(source.state.days) {
          json.number(rhythm.usual)
        } else {
          json.null()
        }
        json.member("staleSince", source.staleSince(session.world.today, session.features)?.text)
        json.member("failures", source.state.failures)
        json.member("trouble", source.state.trouble)
      }
    }
    try session.out.bytes(json.bytes + [0x0A])
    return .ok
  }
}

/// `shelf source remove NAME`
struct SourceRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Follow a source no more; what it brought stays.")
  @Argument(help: ArgumentHelp("The source.", valueName: "source"))
  var name: String
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let world = session.world
    let known = try session.read { try KnownSource.all($0, world) } ?? []
    let name = try KnownSource.named([name], among: known)[0].name
    let recorded = try session.library(dryRun: write.dryRun).record(
      "source remove \(name)", dryRun: write.dryRun
    ) { try $0.write([.subscription(name, nil)], seeing: .thisTransaction) }
    try WriteReport(session, write).print(
      "\(Printable.line(name)) \(write.dryRun ? "would be" : "is") followed no more; its papers stay",
      changed: recorded.operation != nil)
    return .ok
  }
}

/// `shelf source test NAME|WHAT`
struct SourceTest: Verb {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Ask a source once and say what it would bring; keeps nothing.")
  @Argument(
    help: ArgumentHelp("The source, or what `source add` would take.", valueName: "source"))
  var name: String
  @Flag(help: "A JSON object, {\"what\",\"papers\",\"notices\"}.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let world = session.world
    let library = try session.existingLibrary() ?? Library(inMemory: world.surroundings)
    let known = try library.read { try KnownSource.all($0, world) }
    let named = known.first { $0.name.composed.hasBytes(of: name.composed) }
    let what = try named?.what ?? understood(session, known)
    let hosts = try library.read { try $0.remembered(KnownSource.hostsKey) }
    let ticker = FetchTicker(world)
    defer { ticker.end() }
    let courier = Courier(world, HostMemory(kept: hosts)) { ticker.tick() }
    let fresh = KnownSource(name: named?.name ?? "test", what: what, state: SourceState(what: what))
    guard let source = fresh.source(session.features) else {
      throw Failure(.configuration, "this shelf does not know how to ask “\(what)”")
    }
    // The newest alone: a test is one request.
    let moment = SourceMoment(now: world.now(), today: world.today, isNamed: true)
    var plan = source.plan(fresh.state, moment)
    plan.asks = plan.asks.suffix(1)
    ticker.begin(of: 1)
    ticker.name(what)
    var test = SourceTrial(session, courier)
    try test.run(plan)
    ticker.end()
    return json ? try test.printJSON(session, of: what) : try test.say(session)
  }

  private func understood(_ session: Session, _ known: [KnownSource]) throws -> String {
    do {
      return try SourceNames.understood(name, session)
    } catch let failure as Failure where Tag(typed: name) != nil {
      // Most likely a name, then.
      _ = try KnownSource.named([name], among: known)
      throw failure
    }
  }
}

/// Names of sources, and what they are asked, on the command line.
enum SourceNames {
  /// A name that is one word everywhere.
  static func checked(_ name: String) throws -> String {
    guard let name = Tag(typed: name), !name.name.hasPrefix("-") else {
      throw Failure(
        .usage, "“\(name)” is no name for a source", advice: "use letters, digits and - _ . only")
    }
    return name.name
  }

  /// What is asked as it is kept: a path from the root, or from the person's home, which may be
  /// elsewhere on another machine.
  static func understood(_ what: String, _ session: Session) throws -> String {
    guard !what.isEmpty, what.utf8.count <= Subscription.longest,
      what.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F })
    else { throw Failure(.usage, "that is nothing that can be asked") }
    do {
      return try found(what, session)
    } catch let complaint as SourceComplaint {
      throw Failure(.usage, complaint.message, advice: complaint.advice)
    }
  }

  private static func found(_ what: String, _ session: Session) throws -> String {
    let kinds = session.features.sourceKinds
    let isPath = what.hasPrefix("/") || what.hasPrefix("~") || what.hasPrefix(".")
    if !isPath {
      do throws(SourceComplaint) {
        _ = try SourceKinds.source(what, among: kinds)
        return what
      } catch {
        guard access(what, F_OK) == 0 else { throw error }
      }
    }
    let path = session.world.absolutePath(what)
    guard access(path, F_OK) == 0 else {
      throw Failure(.noInput, "there is no file or folder \(path)", advice: "look at the name")
    }
    let short = inHome(path, session.world)
    _ = try SourceKinds.source(short, among: kinds)
    return short
  }

  private static func inHome(_ path: String, _ world: World) -> String {
    guard let home = world.variable("HOME"), home.count > 1, path.hasPrefix(home + "/") else {
      return path
    }
    return "~" + path.dropFirst(home.count)
  }
}

/// What can be asked, in words.
enum SourceHelp {
  /// A line for each kind.
  static func forms(of kinds: [any SourceKind], columns: Int) -> String {
    HelpTopic.table(kinds.map { ($0.form, $0.explanation) }, columns)
  }

  /// `shelf help sources`
  static func text(_ kinds: [any SourceKind], columns: Int) -> String {
    """
    A SOURCE is where digests come from by themselves: `shelf source add NAME WHAT`, then `shelf fetch`,
    best from a timer (sample-config/papershelf-fetch.timer).

    WHAT IS ASKED
    \(forms(of: kinds, columns: columns))

    Each source is asked once a run, three seconds apart for one server, and only for what is new there.
    Days missed while the machine was off are asked for, thirty a run, the oldest first; a digest that is
    not there yet is asked for again. A server that wants to be left alone is. A source is in the library
    and comes to your other machines; how far each machine came stays there, and a digest that two of
    them fetched is one digest.

    EXAMPLES
      shelf source add hf hf:daily
      shelf source add cl arxiv:cs.CL+cs.LG
      shelf source add picks 'github:OWNER/REPO/archive/{yyyy}-{mm}-{dd}.md'
      shelf source test hf:daily        asks once, says what came, keeps nothing
      shelf fetch --since 2025-10-02    days again, be they read already
      shelf source list                 asked when, newest, how often, trouble
    """
  }
}
