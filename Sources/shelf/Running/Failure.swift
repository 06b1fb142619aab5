import Archives
import ArgumentParser
import Changes
import Digests
import Disk
import Filters
import JSONText
import Papers
import Store
import Sync
import Transport

/// What ends a command: words for the person and an exit code. Every error becomes one of these in
/// ``init(_:)``, so no name of a type or case ever reaches the terminal.
///
/// The words say what happened, where, why it is likely, and the next command to run.
struct Failure: Error, Hashable {
  /// The exit code.
  var status: ExitStatus
  /// What happened; the first line. Empty: nothing is printed.
  var message: String
  /// Lines printed as they stand below it: a filter with its caret, candidates.
  var details: [String] = []
  /// What to do now.
  var advice: String?

  /// A failure with everything said.
  init(_ status: ExitStatus, _ message: String, details: [String] = [], advice: String? = nil) {
    self.status = status
    self.message = message
    self.details = details
    self.advice = advice
  }

  /// Ends without a word: what had to be said was said, or nobody listens any more.
  static func quiet(_ status: ExitStatus) -> Failure { Failure(status, "") }

  /// Any error in words.
  init(_ error: any Error) {
    switch error {
    case let error as Failure: self = error
    case let error as FilterError: self.init(filter: error)
    case let error as LibraryError: self.init(library: error)
    case DigestReader.ReadError.tooLarge(let limit):
      self.init(
        .badInput, "the digest is larger than \(limit >> 20) MB",
        advice: "split it, and import the parts")
    case DigestReader.ReadError.noColumn(let name, let columns):
      self.init(
        .usage, "--column: there is no column “\(name)”",
        advice: columns.isEmpty ? "there are none" : "the columns are " + Words.some(of: columns))
    case let error as FileError: self.init(file: error)
    case let error as ArchiveError: self.init(archive: error)
    case let error as TransportError: self.init(transport: error)
    case let error as SyncError: self.init(sync: error)
    case let error as JSONTextError:
      self.init(
        .inputOutput, "the library is damaged: a stored text is no JSON at byte \(error.offset)",
        advice: "`shelf doctor` says more; `shelf restore FILE` puts a backup in its place")
    default:
      self.init(
        .internalError, "something went wrong inside shelf itself",
        advice: "run it again with the same words; if it stays, `shelf doctor` looks for damage")
    }
  }

  /// The lines for standard error.
  func lines(painting palette: Palette) -> [Styled] {
    guard !message.isEmpty else { return [] }
    let first = palette.paint("shelf:", .red) + (" " + message)
    return [first] + details.map { Styled("  " + $0) }
      + (advice.map { [Styled("  → " + $0)] } ?? [])
  }

  private init(library error: LibraryError) {
    switch error {
    case .busy(let path):
      self.init(
        .busy, "another shelf is writing to \(path)",
        advice:
          "it waited \(Surroundings.patience / 1000) seconds; try again when the other one is done")
    case .damaged(let path, let detail):
      self.init(
        .inputOutput, "the library \(path) is damaged: \(detail)",
        advice: "`shelf doctor` says more; `shelf restore FILE` puts a backup in its place")
    case .readOnly(let path, let detail):
      self.init(
        .cannotWrite, "the library \(path) cannot be written: \(detail)",
        advice: "look at the permissions of the folder, or use another with --home DIR")
    case .full(let path):
      self.init(
        .cannotWrite, "no room on the disk of \(path); nothing was changed",
        advice: "make room and run the command again")
    case .cannotOpen(let path, let detail):
      self.init(
        .cannotWrite, "cannot open or create \(path): \(detail)",
        advice: "look at the folder and its permissions, or use another with --home DIR")
    case .unfit(let path, let lack):
      let what = lack == .locks ? "file locks" : "shared memory maps"
      self.init(
        .cannotWrite, "the file system of \(path) has no \(what), which a library needs",
        advice: "put it on a disk of this machine with --home DIR; `shelf help sync` shares it"
      )
    case .tooNew(let path):
      self.init(
        .configuration, "the library \(path) was made by a newer shelf",
        advice: "install the newer version on this machine too")
    case .outdated(let path):
      self.init(
        .inputOutput, "the library \(path) is of an older shelf, or empty",
        advice: "any command that writes brings it up to date")
    case .inputOutput(let path, let detail):
      self.init(
        .inputOutput, "reading or writing \(path) failed: \(detail)",
        advice: "look at the disk and its permissions, then run `shelf doctor`")
    case .missing(let path):
      self.init(
        .noInput, "there is no library at \(path)", advice: "`shelf import PATH` makes one")
    case .notFound(let name): self.init(notFound: name)
    case .ambiguous(let name, let candidates):
      let more = candidates.count >= 20 ? ["…"] : []
      self.init(
        .notFound, "“\(name)” fits several papers:",
        details: candidates.map(\.rawValue) + more, advice: "give more of the id")
    case .filter(let error): self.init(filter: error)
    case .tooLong(let bytes, let limit):
      self.init(
        .badInput,
        "that is too long: \(bytes / 1_000_000) MB as it is kept, where \(limit / 1_000_000) MB is the most",
        advice: "keep it in a file of its own, and note where it is")
    case .nothingTo(let verb):
      self.init(
        .notFound, "nothing to \(verb == .undo ? "undo" : "redo")",
        advice: "`shelf log` shows what was done")
    }
  }

  /// The verb for a filter, or for words, that stand where a paper is named; nil for what may be a
  /// paper's name.
  private static func verbOfFilter(_ name: String) -> String? {
    guard PaperID(link: name) == nil, !FilterParser.looksLikeID(name) else { return nil }
    let field = name.prefix { $0.isLowercase }
    let op = name.dropFirst(field.count).first
    if !field.isEmpty, let op, ":=<>~!".contains(op) { return "list" }
    if name.hasPrefix("@") || name.hasPrefix("+") { return "list" }
    let isWord = name.allSatisfy { $0.isLetter || $0 == " " || $0 == "-" || $0 == "*" }
    return isWord && !name.isEmpty ? "search" : nil
  }

  private init(notFound name: String) {
    if name.hasPrefix("%") {
      self.init(
        .notFound, "the last listing of this terminal has no row \(name)",
        advice: "`shelf list` prints one; its rows count from %1")
    } else if let verb = Self.verbOfFilter(name) {
      self.init(
        .notFound, "“\(name)” names no paper",
        advice: "for the papers that fit it: " + Programs.line(["shelf", verb, name]))
    } else {
      self.init(
        .notFound, "no paper on the list fits “\(name)”",
        advice: "`shelf search WORDS` looks for it; `shelf add ID` puts it on the list")
    }
  }
}

extension Failure {
  /// A `--format` template that makes no sense.
  /// - Parameter fields: those that there are.
  init(template error: TemplateError, fields: [PaperField]) {
    let fields = fields.map(\.name).joined(separator: " ")
    switch error {
    case .unknownField(let name, let column, let suggestion):
      self.init(
        .usage, "--format: there is no field {\(name)} (character \(column))",
        details: ["fields: \(fields)"], advice: suggestion.map { "did you mean “{\($0)}”?" })
    case .unknownEscape(let text, let column):
      self.init(
        .usage, "--format: \\\(text) means nothing (character \(column))",
        advice: "there are \\t \\n \\r \\0 and \\\\")
    case .unclosedField(let column):
      self.init(
        .usage, "--format: a { is not closed (character \(column))",
        advice: "{{ is a brace itself; fields: \(fields)")
    }
  }
}
