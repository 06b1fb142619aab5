import ArgumentParser
import Changes
import Filters
import Papers
import Store

/// `--home`, of every command.
struct HomeOptions: ParsableArguments {
  @Option(
    name: .customLong("home"),
    help: ArgumentHelp("Keep configuration, library and state in DIR.", valueName: "dir"))
  var directory: String?
}

extension ArgumentHelp {
  /// Help of `--width`.
  static var width: ArgumentHelp {
    ArgumentHelp("Cut and fill lines to so many cells, in a pipe too.", valueName: "width")
  }
}

/// Options of every command that writes.
struct WriteOptions: ParsableArguments {
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "Print {\"changed\",\"ids\"} as JSON.")
  var json = false
}

/// Which papers, where none at all is a mistake.
struct RequiredFilter: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Which papers; `all` for every one, - for ids on standard input.", valueName: "filter"))
  var words: [String] = []

  /// The filter.
  /// - Throws: ``Failure``, also where a bare number stands that was most likely meant as a row.
  func filter(_ session: Session, verb: String) throws -> Filter {
    guard !words.isEmpty else {
      throw Failure(
        .usage, "`shelf \(verb)` needs to know which papers",
        advice: "give ids or a filter, or say `all`: shelf \(verb) all")
    }
    if words == ["-"] {
      let nowhere = FilterRange(start: 0, length: 0)
      return .or(try session.idsOfInput().map { .id($0, nowhere) })
    }
    // In a title that is pasted it says nothing; here it would let a whole filter through.
    guard !words.contains("-") else {
      throw Failure(
        .usage, "“-” takes the ids on standard input, and stands alone",
        advice: "leave out the other words, or the -")
    }
    let filter = try session.exactFilter(words)
    try checkNumbers(session, verb)
    return filter
  }

  /// `read 1` would mark every paper with a 1 in its text, and `read 184` one that nobody named
  /// whole.
  private func checkNumbers(_ session: Session, _ verb: String) throws {
    let text = FilterParser.join(arguments: words, session.registers)
    let numbers = try FilterParser.bareNumbers(
      in: text, today: session.world.today, session.registers)
    for (number, _) in numbers where number.utf8.count >= 3 {
      guard let library = try session.existingLibrary() else { break }
      let named = try library.read { try $0.papers(endingIn: number) }
      guard named.count <= 1 else { throw LibraryError.ambiguous(number, candidates: named) }
    }
    guard let first = numbers.first(where: { $0.number.utf8.count <= 3 }) else { return }
    var failure = Failure(
      filter: FilterError(kind: .bareNumber(first.number), text: text, range: first.range))
    let rows = words.map { word in numbers.contains { $0.number == word } ? "%" + word : word }
    failure.advice =
      "for rows of the last listing: shelf \(verb) \(Programs.line(rows)); "
      + "for words say text:\(first.number)"
    throw failure
  }
}
