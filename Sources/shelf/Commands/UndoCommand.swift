import ArgumentParser
import Papers
import Store

/// `shelf undo [N]`
struct UndoCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "undo", abstract: "Take back the last command, or the last N.",
    discussion: "What another machine changed since is left as it is.")

  @Argument(help: ArgumentHelp("How many commands.", valueName: "n"))
  var steps = 1
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Reversals(session, write).run(steps, .undo, "undone", back: "shelf redo") {
      try $0.undo(steps, dryRun: write.dryRun)
    }
  }
}

/// `shelf redo [N]`
struct RedoCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "redo", abstract: "Do again what was undone last.")

  @Argument(help: ArgumentHelp("How many commands.", valueName: "n"))
  var steps = 1
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Reversals(session, write).run(steps, .redo, "done again", back: "shelf undo") {
      try $0.redo(steps, dryRun: write.dryRun)
    }
  }
}

/// What undo and redo have in common.
struct Reversals {
  private let session: Session
  private let options: WriteOptions

  init(_ session: Session, _ options: WriteOptions) {
    self.session = session
    self.options = options
  }

  /// Takes back or does again, and says what.
  func run(
    _ steps: Int, _ kind: LibraryError.OperationVerb, _ done: String, back: String,
    _ reverse: (Library) throws -> [Library.Reversal]
  ) throws -> ExitStatus {
    guard (1...10_000).contains(steps) else {
      throw Failure(.usage, "how many is a number from 1 to 10000, not \(steps)")
    }
    guard session.hasLibrary else { throw LibraryError.nothingTo(kind) }
    let library = try session.library(dryRun: options.dryRun)
    let reversals = try reverse(library)
    if options.json {
      var seen = Set<PaperID>()
      let papers = reversals.flatMap(\.papers).filter { seen.insert($0).inserted }
      try WriteReport(session, options).printJSON(papers)
      return .ok
    }
    let before = options.dryRun ? "would be " : ""
    if reversals.count < steps {
      let are = Words.number(reversals.count, "command")
      try session.say("there \(reversals.count == 1 ? "is" : "are") only \(are) to \(verb(kind))")
    }
    let number = reversals.count > 1 ? " \(reversals.count)" : ""
    for reversal in reversals {
      let left =
        reversal.leftAlone == 0
        ? "" : "; \(reversal.leftAlone) left alone, changed elsewhere since"
      let papers = Words.papers(reversal.paperCount)
      // A filter's words say how many papers they meant.
      let isTold = left.isEmpty && reversal.what.hasSuffix("(\(papers))")
      let counted = isTold ? "" : " (\(papers)\(left))"
      try session.say("\(before)\(done): \(reversal.what)\(counted)")
      try sayNames(reversal, library)
    }
    try session.say(options.dryRun ? "nothing was changed (--dry-run)" : "back: \(back)\(number)")
    return .ok
  }

  private func verb(_ kind: LibraryError.OperationVerb) -> String {
    kind == .undo ? "undo" : "redo"
  }

  /// Names the papers below, unless the operation's own words do.
  private func sayNames(_ reversal: Library.Reversal, _ library: Library) throws {
    let first = reversal.papers.prefix(ChangedPapers.named)
    let areNamed = first.allSatisfy { reversal.what.contains($0.short) }
    guard reversal.paperCount > ChangedPapers.named || !areNamed else { return }
    let titles = try library.read { reader in try first.map(reader.title) }
    for (id, title) in zip(first, titles) {
      try session.say("  " + ChangedPapers(id, title).words(""))
    }
    let more = reversal.paperCount - first.count
    if more > 0 { try session.say("  and \(more) more") }
  }
}
