import Arrivals
import Digests
import JSONText
import Papers

/// What became of one source in one run.
struct SourceOutcome {
  /// Its name.
  let name: String
  /// Papers that came on the list, say something else by now, and were there already.
  var new = 0
  var updated = 0
  var seenAgain = 0
  /// The days of what was read.
  var days: [PaperDate] = []
  /// The day of the papers that came again as they were.
  var same: PaperDate?
  /// Days whose digests are not there yet.
  var missing: [PaperDate] = []
  /// The day of the newest digest that is.
  var newest: PaperDate?
  /// How many days are asked for by the next run, and how many by none.
  var later = 0
  var forgotten = 0
  /// Until when it wants to be left alone, milliseconds since 1970.
  var until: Int64?
  /// The day since which it brought nothing, where that is longer than usual.
  var stale: PaperDate?
  /// Where it moved to for good.
  var moved: String?
  /// Whether it was not asked because it was a moment ago.
  var isResting = false
  /// Whether it is a path that is not on this machine.
  var isElsewhere = false
  /// Whether anything that was asked was answered.
  var isAnswered = false
  /// Whether any digest was read.
  var isRead = false
  /// What went wrong.
  var failures: [Failure] = []
  /// What was odd in what was read.
  var problems: [Problem] = []

  /// Nothing yet.
  init(_ name: String) { self.name = name }

  /// What `--json` calls it.
  var state: String {
    if !failures.isEmpty { return "failed" }
    if until != nil { return "waits" }
    if new > 0 || updated > 0 { return "brought" }
    if isResting { return "resting" }
    if isElsewhere { return "elsewhere" }
    if same != nil { return "same" }
    return missing.isEmpty || isRead ? "nothing" : "missing"
  }

  /// Whether a run that tells only of trouble tells of it.
  var needsAttention: Bool {
    !failures.isEmpty || stale != nil || moved != nil || !problems.isEmpty || forgotten > 0
  }

  /// All of it in words.
  func words(_ today: PaperDate, _ world: World) -> String {
    var parts: [String] = []
    if new > 0 || updated > 0 {
      let counts = [
        new > 0 ? Words.number(new, "new paper") : "", updated > 0 ? "\(updated) updated" : "",
        seenAgain > 0 ? "\(seenAgain) seen again" : "",
      ].filter { !$0.isEmpty }
      let of = days.isEmpty ? "" : " (\(SourceWords.days(days)))"
      parts.append(counts.joined(separator: ", ") + of)
    } else if isResting {
      parts.append("asked a short while ago")
    } else if isElsewhere {
      parts.append("not on this machine")
    } else if let same {
      parts.append("same batch as \(SourceWords.day(same, today))")
    } else if isAnswered, isRead || awaited.isEmpty {
      parts.append("nothing new")
    }
    if let until, failures.isEmpty {
      parts.append("wants to be left alone until \(SourceWords.time(until, world))")
    }
    if !awaited.isEmpty {
      let are = awaited.count == 1 ? "is" : "are"
      parts.append(
        "\(SourceWords.days(awaited)) \(are) not there yet (asked again at the next fetch)")
    }
    parts += failures.map(Self.line)
    if let stale { parts.append("stale since \(stale)") }
    if let moved { parts.append("moved for good to \(moved) (remembered)") }
    if later > 0 { parts.append("\(Words.number(later, "more day")) at the next fetch") }
    if forgotten > 0 {
      parts.append("\(Words.number(forgotten, "day")) more than a year ago not asked for")
    }
    return parts.joined(separator: "; ")
  }

  /// Missing days that nobody need be surprised of, such as Sunday on Monday, are not told.
  private var awaited: [PaperDate] { missing.filter { day in newest.map { $0 < day } ?? true } }

  private static func line(_ failure: Failure) -> String {
    failure.message + (failure.advice.map { " → " + $0 } ?? "")
  }
}

/// What became of all sources in one run.
struct FetchOutcome {
  /// Of each source that was asked.
  var sources: [SourceOutcome] = []
  /// The papers that came on the list, by name.
  var added = ChangedPapers()
  /// Papers added by hand that have a title since.
  var titled = ChangedPapers()
  /// How many operations there were.
  var operations = 0
  /// Whether nothing of it was kept.
  var isRehearsed = false

  private var new: Int { sources.reduce(0) { $0 + $1.new } }
  private var updated: Int { sources.reduce(0) { $0 + $1.updated } }
  private var seenAgain: Int { sources.reduce(0) { $0 + $1.seenAgain } }

  /// 0; 2 where some failed; 69 where none could be reached.
  var status: ExitStatus {
    let failed = sources.filter { !$0.failures.isEmpty }
    if failed.isEmpty { return sources.contains { !$0.problems.isEmpty } ? .partly : .ok }
    let isAny = sources.contains { $0.isAnswered || $0.isResting }
    return isAny ? .partly : .unreachable
  }

  /// Prints it.
  func say(_ session: Session, asJSON: Bool, quiet: Bool) throws {
    if asJSON { try session.out.bytes(json(session) + [0x0A]) }
    guard !asJSON else { return }
    let today = session.world.today
    let shown = quiet ? sources.filter(\.needsAttention) : sources
    let cells = CellWidth()
    let width = shown.map { cells.width(of: Printable.line($0.name)) }.max() ?? 0
    for source in shown {
      let name = cells.padded(Printable.line(source.name), to: width)
      try session.say(name + "  " + source.words(today, session.world))
      for problem in source.problems.prefix(3) {
        let place = problem.line > 0 ? "\(problem.file):\(problem.line)" : problem.file
        try session.say("  \(place): \(problem.message)")
      }
      if source.problems.count > 3 {
        try session.say("  and \(Words.number(source.problems.count - 3, "problem")) more")
      }
    }
    guard !quiet else { return }
    try saySum(session)
  }

  private func saySum(_ session: Session) throws {
    if titled.count > 0 {
      try titled.say(
        "\(Words.papers(titled.count)) that lacked a title \(titled.count == 1 ? "has" : "have") one",
        session)
    }
    if new > 0 {
      try added.sayBelow(Words.number(new, "new paper"), session)
    } else if sources.count > 1, status == .ok {
      try session.say("nothing new")
    }
    if isRehearsed {
      try session.say("nothing was changed (--dry-run)")
    } else if operations > 0 {
      try session.say("undo: shelf undo" + (operations > 1 ? " \(operations)" : ""))
    }
  }

  private func json(_ session: Session) -> [UInt8] {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("papers", new + updated + seenAgain)
      json.member("new", new)
      json.member("updated", updated)
      json.member("seenAgain", seenAgain)
      json.key("sources")
      json.array(sources) { json, source in
        json.object { json in
          json.member("name", source.name)
          json.member("state", source.state)
          json.member("new", source.new)
          json.member("updated", source.updated)
          json.member("seenAgain", source.seenAgain)
          json.member("days", Set(source.days).sorted().map(\.text))
          json.member("missing", source.missing.map(\.text))
          json.member("same", source.same?.text)
          json.key("until")
          if let until = source.until { json.value(milliseconds: until) } else { json.null() }
          json.member("staleSince", source.stale?.text)
          json.member("moved", source.moved)
          json.member("words", source.words(session.world.today, session.world))
        }
      }
      json.key("problems")
      json.array(sources.flatMap(\.problems)) { json, problem in
        json.object { json in
          json.member("file", problem.file)
          json.member("line", problem.line)
          json.member("message", problem.message)
        }
      }
    }
    return json.bytes
  }
}
