import Changes
import Filters
import JSONText
import Papers
import Store

/// A change to the papers a filter selects: one operation, one transaction, one `undo`.
struct FilterWrite {
  private let session: Session
  private let options: WriteOptions
  private let verb: String
  private let words: [String]
  private let filter: Filter

  /// - Parameters:
  ///   - verb: the command without its filter, for the log.
  ///   - which: the filter; none is a usage error.
  init(_ session: Session, _ options: WriteOptions, _ verb: String, _ which: RequiredFilter) throws
  {
    self.session = session
    self.options = options
    self.verb = verb
    words = which.words
    filter = try which.filter(session, verb: verb)
  }

  /// Records one fact a paper, and says what changed.
  func run(
    done: String, unless holds: (LibraryReader.Row) -> Bool, _ fact: (PaperID) -> Fact
  ) throws -> ExitStatus {
    try run(done: done, unless: holds) { id, _ in [fact(id)] }
  }

  /// Records facts of each paper, and says what changed.
  /// - Parameters:
  ///   - done: what became of the papers: `marked read`.
  ///   - holds: whether a paper is so already.
  func run(
    done: String, unless holds: (LibraryReader.Row) -> Bool,
    _ facts: (PaperID, LibraryReader) throws -> [Fact]
  ) throws -> ExitStatus {
    let context = try session.filterContext()
    var selected = 0
    var changed = ChangedPapers()
    let recorded = try session.library(dryRun: options.dryRun).record(
      verb, dryRun: options.dryRun, namingPapers: options.json
    ) { recorder in
      var ids: [PaperID] = []
      try recorder.reader.forEachRow(filter, in: context) { row in
        selected += 1
        guard !holds(row) else { return }
        ids.append(row.id)
        changed.add(row.id, row.title)
      }
      // What is known by name is told by name; a filter that means many stays as it was said.
      recorder.describe(changed.words(verb, filter: filter.isOfIDs ? nil : words))
      for id in ids { try recorder.write(facts(id, recorder.reader), seeing: .thisTransaction) }
    }
    try WriteReport(session, options).print(recorded, of: selected, done: done, changed)
    if selected == 0 { try session.hintAtWhatIsNear(filter) }
    return .ok
  }
}

/// What a command that writes prints: what changed and how to take it back, or JSON.
struct WriteReport {
  private let session: Session
  private let options: WriteOptions

  init(_ session: Session, _ options: WriteOptions) {
    self.session = session
    self.options = options
  }

  /// - Parameters:
  ///   - recorded: what changed; for JSON with its papers named.
  ///   - selected: how many were looked at.
  ///   - done: what became of them.
  ///   - papers: those that changed, by name.
  func print(
    _ recorded: Recorded, of selected: Int, done: String, _ papers: ChangedPapers
  ) throws {
    if options.json { return try printJSON(recorded.papers) }
    let changed = recorded.paperCount
    let unchanged = selected - changed
    let before = options.dryRun ? "would be " : ""
    if selected == 0 {
      try session.say("no paper fits")
    } else if changed == 0 {
      try session.say("nothing to change: \(Words.papers(selected)) \(done) already")
    } else {
      let rest = unchanged > 0 ? "; \(unchanged) already" : ""
      try papers.say("\(Words.papers(changed)) \(before)\(done)\(rest)", session)
      try sayHowToUndo()
    }
  }

  /// One line for a change that is not of papers: a view.
  func print(_ line: String, changed: Bool) throws {
    if options.json { return try printJSON([]) }
    try session.say(line)
    if changed { try sayHowToUndo() }
  }

  /// How to take back what was just done.
  func sayHowToUndo() throws {
    try session.say(options.dryRun ? "nothing was changed (--dry-run)" : "undo: shelf undo")
  }

  /// The JSON of a change.
  func printJSON(_ papers: [PaperID]) throws {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("changed", papers.count)
      json.member("ids", papers.map(\.rawValue))
    }
    try session.out.bytes(json.bytes + [0x0A])
  }
}

/// Numbers with their nouns.
enum Words {
  /// `1 paper`, `61 papers`
  static func papers(_ count: Int) -> String { number(count, "paper") }

  /// `1 note`, `2 notes`
  static func number(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// `a, b, c and 7 more`, no more than thirty, none longer than a line
  static func some(of words: [String]) -> String {
    let named = words.prefix(30).map { CellWidth().truncated(OneLine.flat($0), to: 60) }
    let more = words.count - named.count
    return named.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
  }

  /// `a, b or c`
  static func any(of words: [String]) -> String {
    let (first, last) = (words.dropLast().joined(separator: ", "), words.last ?? "")
    return first.isEmpty ? last : first + " or " + last
  }
}
