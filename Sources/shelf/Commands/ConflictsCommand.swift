import ArgumentParser
import Changes
import JSONText
import Papers
import Store

/// `shelf conflicts [list|show|restore]`
struct ConflictsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "conflicts", abstract: "Edits that lost to an edit of another machine.",
    discussion: """
      When two machines change the same thing before they meet, the later change holds, and the other
      one is kept here. Of a note both texts are kept, between marks, in the note itself; one that is
      too long for that is shown here. N is a number of the list that this terminal printed last; what
      came since is never replaced unseen.
      """,
    subcommands: [
      ConflictsList.self, ConflictsShow.self, ConflictsRestore.self, ConflictsKeep.self,
    ],
    defaultSubcommand: ConflictsList.self)
}

/// `shelf conflicts list`
struct ConflictsList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List what there is to look at.")
  @Flag(
    help: ArgumentHelp(
      """
      One JSON array of {"number","id","name","field","lost","holds","machine","time"}; id is a \
      paper's, name a view's.
      """))
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let conflicts = try session.read { try $0.conflicts() } ?? []
    ListedConflicts(session).keep(conflicts)
    guard !json else { return try printJSON(conflicts, session) }
    if conflicts.isEmpty { try session.say("no conflicts") }
    for (index, conflict) in conflicts.enumerated() {
      try session.out.line("\(index + 1)  " + ConflictWords.line(conflict))
    }
    if !conflicts.isEmpty {
      try session.say("look: shelf conflicts show N   take it back: shelf conflicts restore N")
    }
    return .ok
  }

  private func printJSON(
    _ conflicts: [LibraryReader.Conflict], _ session: Session
  ) throws -> ExitStatus {
    try session.print(array: Array(conflicts.enumerated())) { json, entry in
      ConflictWords.write(entry.element, number: entry.offset + 1, into: &json)
    }
    return .ok
  }
}

/// `shelf conflicts show N`
struct ConflictsShow: Verb {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show one whole.")
  @Argument(help: ArgumentHelp("Its number in the list.", valueName: "n")) var number: Int
  @Flag(help: "The JSON object of the list.") var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let conflict = try ConflictWords.numbered(number, session)
    guard !json else {
      try session.print { ConflictWords.write(conflict, number: number, into: &$0) }
      return .ok
    }
    try session.out.line(ConflictWords.line(conflict))
    if let paper = conflict.paper,
      let title = try session.read({ try $0.paper(paper) })??.content.title
    {
      try session.out.line(title)
    }
    if conflict.isNote {
      try session.out.line("")
      for line in Printable.block(ConflictWords.value(conflict.lost)).split(
        separator: "\n", omittingEmptySubsequences: false)
      {
        try session.out.line(String(line))
      }
      let id = conflict.field.dropFirst(5)
      try session.say("mend it: shelf note edit \(id)")
    } else {
      let when = Timestamp.minute(conflict.time, in: session.world.zone)
      try session.out.line("holds  " + ConflictWords.value(conflict.holds))
      try session.out.line(
        "lost   "
          + ConflictWords.value(conflict.lost) + "  (\(conflict.machine), \(when))")
      try session.say(
        "take it back: shelf conflicts restore \(number)   leave it: shelf conflicts keep \(number)"
      )
    }
    return .ok
  }
}

/// `shelf conflicts restore N`
struct ConflictsRestore: Verb {
  static let configuration = CommandConfiguration(
    commandName: "restore", abstract: "Make the value that lost hold again.")
  @Argument(help: ArgumentHelp("Its number in the list.", valueName: "n")) var number: Int
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Settlement(session, number).run(
      "restore", write,
      { "is \(ConflictWords.value($0.lost))" }, would: " would hold", done: " again"
    ) { library, conflict, what in _ = try library.restore(conflict, what: what) }
  }
}

/// `shelf conflicts keep N`
struct ConflictsKeep: Verb {
  static let configuration = CommandConfiguration(
    commandName: "keep", abstract: "Keep what holds, and take the conflict off the list.")
  @Argument(help: ArgumentHelp("Its number in the list.", valueName: "n")) var number: Int
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Settlement(session, number).run(
      "keep", write, { "stays \(ConflictWords.value($0.holds))" }, would: "", done: ""
    ) { library, conflict, what in _ = try library.keep(conflict, what: what) }
  }
}

/// How a conflict is settled, whatever holds then.
private struct Settlement {
  private let session: Session
  private let conflict: LibraryReader.Conflict

  init(_ session: Session, _ number: Int) throws {
    self.session = session
    conflict = try ConflictWords.numbered(number, session)
  }

  /// - Parameters:
  ///   - verb: what is done, for `log`.
  ///   - holds: what holds then, after the register's name.
  ///   - would: what follows it in a dry run.
  ///   - done: what follows it else.
  func run(
    _ verb: String, _ write: WriteOptions, _ holds: (LibraryReader.Conflict) -> String,
    would: String,
    done: String, _ settle: (Library, LibraryReader.Conflict, _ what: String) throws -> Void
  ) throws -> ExitStatus {
    guard !conflict.isNote else {
      throw Failure(
        .usage, "both texts stand in the note itself",
        advice: "mend it: shelf note edit \(conflict.field.dropFirst(5))")
    }
    let words =
      try ConflictWords.name(conflict, session) + ": \(conflict.field) \(holds(conflict))"
    let report = WriteReport(session, write)
    let papers = conflict.paper.map { [$0] } ?? []
    guard !write.dryRun else {
      if write.json {
        try report.printJSON(papers)
        return .ok
      }
      try session.say("\(words)\(would); nothing was changed (--dry-run)")
      return .ok
    }
    try settle(
      try session.library(), conflict, try ConflictWords.operation(verb, conflict, session))
    if write.json {
      try report.printJSON(papers)
      return .ok
    }
    try session.say(words + done)
    try session.say("undo: shelf undo")
    return .ok
  }
}

/// Conflicts in words.
enum ConflictWords {
  /// `2509.26507  status  read holds, skipped (laptop) lost`
  static func line(_ conflict: LibraryReader.Conflict) -> String {
    let what = conflict.paper?.rawValue ?? named(conflict)
    if conflict.isNote {
      let note = "\(what)  note \(conflict.field.dropFirst(5))"
      return conflict.isLeftOut
        ? note + "  has no room for another text (\(conflict.machine))" : note + "  holds two texts"
    }
    return "\(what)  \(conflict.field)  \(value(conflict.holds)) holds, "
      + "\(value(conflict.lost)) (\(conflict.machine)) lost"
  }

  /// What it is about: `09242 A Title`, or `@view`.
  static func name(_ conflict: LibraryReader.Conflict, _ session: Session) throws -> String {
    guard let paper = conflict.paper else { return named(conflict) }
    return ChangedPapers(paper, try session.read { try $0.title(paper) } ?? "").words("")
  }

  /// The name of the view or source it is about; nil for a paper.
  static func view(_ conflict: LibraryReader.Conflict) -> String? {
    switch conflict.name.kind {
    case .savedView, .source: conflict.name.entityKey
    default: nil
    }
  }

  /// `@view`, or `source name`.
  private static func named(_ conflict: LibraryReader.Conflict) -> String {
    (conflict.name.kind == .source ? "source " : "@") + conflict.name.entityKey
  }

  /// As members of a JSON object.
  static func write(
    _ conflict: LibraryReader.Conflict, number: Int, into json: inout JSONTextWriter
  ) {
    json.member("number", number)
    json.member("id", conflict.paper?.rawValue)
    json.member("name", view(conflict))
    json.member("field", conflict.field)
    json.member("lost", value(conflict.lost))
    json.member("holds", value(conflict.holds))
    json.member("machine", conflict.machine)
    json.member("time", milliseconds: conflict.time)
  }

  /// The words of settling it, for `log`: `conflicts restore status of 09242 A Title`.
  static func operation(
    _ verb: String, _ conflict: LibraryReader.Conflict, _ session: Session
  ) throws -> String {
    "conflicts \(verb) \(conflict.field) of \(try name(conflict, session))"
  }

  /// A register's value as a person says it.
  static func value(_ json: String) -> String {
    if json == "true" { return "yes" }
    if json == "false" || json == "null" { return "no" }
    return (try? JSONTextReader.read(json) { try $0.string() }) ?? json
  }

  /// The conflict with this number in the list that this terminal printed last, as it was then:
  /// what came since is not replaced unseen.
  static func numbered(_ number: Int, _ session: Session) throws -> LibraryReader.Conflict {
    let now = try session.read { try $0.conflicts() } ?? []
    let listed = ListedConflicts(session)
    if listed.isEmpty, now.indices.contains(number - 1) { return now[number - 1] }
    guard let old = listed.conflict(number) else {
      throw Failure(
        .notFound, "there is no conflict \(number)", advice: "`shelf conflicts` lists them")
    }
    guard var conflict = now.first(where: { $0.stamp == old.stamp }) else {
      throw Failure(
        .notFound, "conflict \(number) is settled already",
        advice: "`shelf conflicts` lists the others")
    }
    (conflict.seen, conflict.allLost) = (old.seen, old.allLost)
    return conflict
  }
}

/// The conflicts that this terminal listed last, with what held then.
struct ListedConflicts {
  private let memory: TerminalMemory

  init(_ session: Session) {
    memory = TerminalMemory("conflicts", session.paths, session.world)
  }

  /// Whether none was listed.
  var isEmpty: Bool { memory.lines.isEmpty }

  /// Keeps a list: of each its stamp and the number of its register, and once for each register
  /// what held. (With each of them all that held, or had lost, would be their square.)
  func keep(_ conflicts: [LibraryReader.Conflict]) {
    var registers: [RegisterName: Int] = [:]
    memory.keep(
      conflicts.map { conflict in
        if let known = registers[conflict.name] { return "\(conflict.stamp) \(known)" }
        let register = registers.count
        registers[conflict.name] = register
        let seen = conflict.seen.map(\.description).joined(separator: ",")
        return "\(conflict.stamp) \(register) \(seen)"
      })
  }

  /// The one with a number (1…).
  func conflict(_ number: Int) -> (stamp: Stamp, seen: [Stamp], allLost: [Stamp])? {
    let lines = memory.lines.map { $0.split(separator: " ", omittingEmptySubsequences: false) }
    guard lines.indices.contains(number - 1), lines[number - 1].count > 1,
      let stamp = Stamp(lines[number - 1][0])
    else { return nil }
    let register = lines.filter { $0.count > 1 && $0[1] == lines[number - 1][1] }
    let seen = register.compactMap { $0.count == 3 ? $0[2] : nil }.first ?? ""
    let stamps = seen.split(separator: ",").compactMap { Stamp($0) }
    return (stamp, stamps, register.compactMap { Stamp($0[0]) })
  }
}
