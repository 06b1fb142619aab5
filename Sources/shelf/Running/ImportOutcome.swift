import Digests
import JSONText

/// What an import came to, in words and as an exit code.
struct ImportOutcome {
  /// What became of the library.
  enum Ending { case unchanged, recorded, rehearsed }

  /// What was read.
  var report = ImportReport()
  /// What could not be read at all, and why.
  var failures: [(name: String, failure: Failure)]
  /// What folders held besides lists.
  var passedOver: PassedOver
  /// What became of the library.
  var ending = Ending.unchanged

  /// Nothing read yet.
  init(of files: DigestFiles) {
    failures = files.failures
    passedOver = files.passedOver
  }

  /// Prints everything.
  /// - Throws: the failure of the only input there was.
  func say(_ session: Session, asJSON: Bool) throws -> ExitStatus {
    if report.digests == 0, failures.count == 1, let only = failures.first { throw only.failure }
    if asJSON {
      try session.out.bytes(json + [0x0A])
    } else {
      for problem in report.problems { try session.say(Self.line(problem)) }
      for (_, failure) in failures { try session.say(failure.line) }
      // What was no list is told already; that nothing came of it need not be said again.
      if report.digests > 0 || failures.isEmpty, !isRefusedAlone {
        try report.added.sayBelow(summary, session)
      }
      if let line = passedOver.line { try session.say(line) }
      try sayEnding(session)
    }
    return status
  }

  /// One file, and that no list of papers.
  private var isRefusedAlone: Bool {
    report.digests == 1 && report.papers == 0 && failures.isEmpty
      && report.problems.count == 1 && report.problems[0].isRefusal
  }

  private func sayEnding(_ session: Session) throws {
    switch ending {
    case .unchanged: break
    case .recorded: try session.say("undo: shelf undo")
    case .rehearsed:
      if let words = report.carried.words { try session.say("with \(words)") }
      try session.say("nothing was changed (--dry-run)")
    }
  }

  /// What was read without a problem is in the library; the rest is told.
  private var status: ExitStatus {
    if report.problems.isEmpty, failures.isEmpty { return .ok }
    let kinds = Set(failures.map(\.failure.status))
    if report.digests == 0, kinds.count == 1, let only = kinds.first { return only }
    // Nothing but files that are no lists of papers, or are not there.
    let isNothing = report.digests == report.problems.count(where: \.isRefusal)
    return report.papers == 0 && isNothing ? .badInput : .partly
  }

  private static func line(_ problem: Problem) -> String {
    let place = problem.line > 0 ? "\(problem.file):\(problem.line)" : problem.file
    return "\(place): \(problem.message)"
  }

  private var summary: String {
    var parts = [
      "\(report.new) new", "\(report.updated) updated", "\(report.seenAgain) seen again",
    ]
    if !report.problems.isEmpty { parts.append(Words.number(report.problems.count, "problem")) }
    if !failures.isEmpty { parts.append("\(failures.count) not read") }
    let from = report.digests == 1 ? "" : " in \(Words.number(report.digests, "file"))"
    return "\(Words.papers(report.papers))\(from): " + parts.joined(separator: ", ")
  }

  private var failedFiles: [Problem] {
    failures.map { Problem(file: $0.name, line: 0, message: $0.failure.line) }
  }

  private var json: [UInt8] {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("papers", report.papers)
      json.member("new", report.new)
      json.member("updated", report.updated)
      json.member("seenAgain", report.seenAgain)
      json.key("problems")
      json.array(report.problems + failedFiles) { json, problem in
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

extension Failure {
  /// All of it in one line.
  fileprivate var line: String { message + (advice.map { " → " + $0 } ?? "") }
}
