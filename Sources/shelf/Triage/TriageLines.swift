import Changes
import Filters
import Glibc
import JSONText
import Papers
import Store

/// Triage without a screen: a verdict on each line, by its standard key or its name, and after each
/// the paper that is next, as one JSON object on a line; `null` when nothing is left. On a terminal
/// that is dumb the card instead.
final class TriageLines {
  /// A longer line is none.
  private static let longestLine = 1 << 20

  private let session: Session
  private let desk: TriageDesk
  private var state: TriageState
  private let isForPerson: Bool
  /// What is written of a paper: what the order by taste says where that is the order.
  private let form: PaperObject
  private var isLeaving = false
  private var hasFailed = false

  /// - Parameter isForPerson: whether somebody reads what is printed.
  init(
    _ session: Session, _ desk: TriageDesk, _ state: TriageState, order: TriageOrder,
    isForPerson: Bool
  ) {
    form = PaperForm(session.registers, isJudged: order == .taste).paperObject
    self.session = session
    self.desk = desk
    self.state = state
    self.isForPerson = isForPerson
  }

  /// Until the end of the input. The status tells whether every line was understood and done.
  func run() throws -> (state: TriageState, status: ExitStatus) {
    if isForPerson {
      let verbs = TriageVerb.allCases.map { "\($0.standardKeys.first?.name ?? "") \($0.label)" }
      try session.say("a verdict and Enter: " + verbs.joined(separator: ", "))
    }
    try perform(state.begin())
    try print()
    var input = LineReader(limit: Self.longestLine)
    while !isLeaving, let line = try input.next() {
      do {
        try take(line)
      } catch {
        try complain(Failure(error).message)
      }
      if !isLeaving { try print() }
    }
    return (state, hasFailed ? .partly : .ok)
  }

  // MARK: Lines

  private func take(_ line: String?) throws {
    guard let line else { throw Failure(.usage, "a line is too long; it was passed over") }
    // A space alone is the key.
    let text = line == " " ? "next" : OneLine.flat(line)
    guard !text.isEmpty else { return }
    let (verb, rest) = try Self.verb(of: text)
    guard let verb else {
      throw Failure(
        .usage,
        "“\(text)” is no verdict; there are "
          + TriageVerb.allCases.map(\.rawValue).joined(separator: " "))
    }
    try does(verb, rest)
  }

  /// `t kv`, `tag kv`, `/kv`: the verb by its standard key or name, and what follows.
  static func verb(of text: String) throws -> (verb: TriageVerb?, rest: String) {
    let parts = text.split(separator: " ", maxSplits: 1)
    let (word, rest) = (parts.first.map(String.init) ?? "", parts.dropFirst().first ?? "")
    let named = TriageVerb.allCases.first { verb in
      verb.rawValue.hasBytes(of: word) || verb.standardKeys.contains { $0.name.hasBytes(of: word) }
    }
    if named == nil, text.hasPrefix("/") { return (.search, String(text.dropFirst())) }
    return (named, String(rest))
  }

  private func does(_ verb: TriageVerb, _ rest: String) throws {
    let takesWords: Set<TriageVerb> = [.tag, .note, .search, .author]
    guard rest.isEmpty || takesWords.contains(verb) else {
      throw Failure(.usage, "“\(verb.rawValue)” stands alone on its line, without “\(rest)”")
    }
    switch verb {
    case .search where !rest.isEmpty: try perform([.narrow(.search(rest))])
    case .author where !rest.isEmpty: try perform([.narrow(.author(rest))])
    case .search, .author: try perform(state.take(.key(.escape)))
    case .tag: try perform([.tag(current(), TagNames.read(rest))])
    case .note:
      guard !rest.isEmpty else {
        throw Failure(.usage, "a note needs a text on its line: n TEXT")
      }
      let id = try current()
      try desk.note(id, rest)
      try perform(state.take(.noted(id)))
    case .open:
      _ = try current()
      guard let paper = state.card else { return }
      let address = try OpenCommand.webLink(paper)
      try OpenCommand.open(address, session.configuration().openCommand, session)
    case .card, .help: break
    default: try perform(state.take(.verb(verb)))
    }
  }

  private func current() throws -> PaperID {
    guard let entry = state.current else { throw Failure(.usage, "there is no paper here") }
    return entry.id
  }

  private func perform(_ actions: [TriageState.Action]) throws {
    var actions = actions[...]
    while let action = actions.popFirst() {
      if action == .leave { isLeaving = true }
      for event in desk.perform(action) {
        if case .failed(let lines) = event { for line in lines { try complain(line) } }
        actions += state.take(event)
      }
    }
    if let message = state.message, message.isComplaint { try complain(message.text) }
  }

  private func complain(_ text: String) throws {
    hasFailed = true
    try session.say("shelf: " + text)
  }

  // MARK: Printing

  private func print() throws {
    try session.flush()
    if isForPerson { try printCard() } else { try printJSON() }
    try session.flush()
  }

  private func printJSON() throws {
    var line: [UInt8] = []
    if let paper = state.card {
      form.append(paper, to: &line)
    } else {
      line = Array("null".utf8)
    }
    try session.out.bytes(line + [0x0A])
  }

  private func printCard() throws {
    if let progress = state.progress {
      try session.out.line("")
      try session.out.line("\(progress.day.words)  \(progress.place)/\(progress.total)")
    }
    guard let paper = state.card else { return try session.out.line("nothing is left") }
    let screen = try session.screen()
    let card = Card(
      width: screen.width, palette: screen.palette, cells: screen.cells, zone: session.world.zone)
    for line in card.essence(paper) { try session.out.line(line) }
  }
}

/// Lines of standard input as they come.
private struct LineReader {
  let limit: Int
  private var held: [UInt8] = []
  private var isEnded = false
  private var isSkipping = false

  init(limit: Int) { self.limit = limit }

  /// The next line, without its end; `.some(nil)` for one that is too long; nil at the end.
  mutating func next() throws -> String?? {
    while true {
      if let end = held.firstIndex(of: 0x0A) {
        var line = held[..<end]
        if line.last == 0x0D { line.removeLast() }
        let text = String(decoding: line, as: UTF8.self)
        held.removeFirst(end + 1)
        if isSkipping {
          isSkipping = false
          return .some(nil)
        }
        return text
      }
      if held.count > limit {
        isSkipping = true
        held = []
      }
      guard !isEnded else {
        guard !held.isEmpty || isSkipping else { return nil }
        let text = String(decoding: held, as: UTF8.self)
        held = []
        defer { isSkipping = false }
        return isSkipping ? .some(nil) : text
      }
      try fill()
    }
  }

  private mutating func fill() throws {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR { return }
    guard count > 0 else {
      isEnded = true
      return
    }
    held += buffer[..<count]
  }
}
