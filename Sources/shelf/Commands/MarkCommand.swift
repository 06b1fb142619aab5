import ArgumentParser
import Changes
import Filters
import Papers
import Store

/// `shelf mark STATUS FILTER…`
struct MarkCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "mark", abstract: "Say how far you are with papers.",
    discussion: """
      STATUS is one of unread queued reading read skipped. Short forms: `shelf read FILTER`, and
      unread, queue, reading, skip.
      """)

  @Argument(help: ArgumentHelp("How far.", valueName: "status"))
  var status: String
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let status = ReadingStatus(rawValue: status) else {
      let known = ReadingStatus.allCases.map(\.rawValue)
      throw Failure(
        .usage, "“\(self.status)” is no status; they are \(known.joined(separator: " "))",
        advice: meant(known))
    }
    return try FilterWrite(session, write, "mark \(status.rawValue)", which)
      .run(done: "marked \(status.rawValue)", unless: { $0.status == status }) {
        .status($0, status)
      }
  }

  /// The command line that was meant: the status stands behind, or goes by another name.
  private func meant(_ known: [String]) -> String? {
    func status(_ word: String) -> String? {
      known.contains(word) ? word : Habits.status(word)
    }
    func line(_ status: String, _ rest: [String]) -> String {
      Programs.line(["shelf", "mark", status] + (rest.isEmpty ? ["FILTER"] : rest))
    }
    if let status = status(self.status) { return line(status, which.words) }
    if let last = which.words.last, let status = status(last) {
      return line(status, [self.status] + which.words.dropLast())
    }
    let nearest = Spelling.closest(to: self.status, among: known)
    return nearest.map { "did you mean `\(line($0, which.words))`?" }
  }
}

/// A short form: a verb that means one status.
protocol MarkShortForm: Verb {
  static var status: ReadingStatus { get }
  var which: RequiredFilter { get }
  var write: WriteOptions { get }
}

extension MarkShortForm {
  func run(_ session: Session) throws -> ExitStatus {
    let verb = Self.configuration.commandName ?? ""
    return try FilterWrite(session, write, verb, which)
      .run(done: "marked \(Self.status.rawValue)", unless: { $0.status == Self.status }) {
        .status($0, Self.status)
      }
  }
}

/// `shelf read FILTER…`
struct ReadCommand: MarkShortForm {
  static let status = ReadingStatus.read
  static let configuration = CommandConfiguration(
    verb: "read", abstract: "Mark papers read.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions
}

/// `shelf unread FILTER…`
struct UnreadCommand: MarkShortForm {
  static let status = ReadingStatus.unread
  static let configuration = CommandConfiguration(
    verb: "unread", abstract: "Mark papers unread.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions
}

/// `shelf queue FILTER…`
struct QueueCommand: MarkShortForm {
  static let status = ReadingStatus.queued
  static let configuration = CommandConfiguration(
    verb: "queue", abstract: "Mark papers queued.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions
}

/// `shelf reading FILTER…`
struct ReadingCommand: MarkShortForm {
  static let status = ReadingStatus.reading
  static let configuration = CommandConfiguration(
    verb: "reading", abstract: "Mark papers reading.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions
}

/// `shelf skip FILTER…`
struct SkipCommand: MarkShortForm {
  static let status = ReadingStatus.skipped
  static let configuration = CommandConfiguration(
    verb: "skip", abstract: "Mark papers skipped.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions
}
