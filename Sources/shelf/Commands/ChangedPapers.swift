import Papers
import Store

/// The papers that a command changes, as it names them: the first three by short id and title, then
/// how many more. On every machine: what `log` shows elsewhere is made of it.
struct ChangedPapers {
  /// How many are named.
  static let named = 3

  /// How many there are.
  private(set) var count = 0
  private var first: [(id: PaperID, title: String)] = []

  /// No paper yet.
  init() {}

  /// One paper.
  init(_ id: PaperID, _ title: String) { add(id, title) }

  /// One more.
  mutating func add(_ id: PaperID, _ title: String) {
    count += 1
    if first.count < Self.named { first.append((id, title)) }
  }

  /// More of them.
  mutating func add(_ more: ChangedPapers) {
    count += more.count
    first = Array((first + more.first).prefix(Self.named))
  }

  /// The words of an operation on them: `skip 24002 MCPMark: A Benchmark…`.
  /// - Parameter filter: the filter that selected them; nil where the papers themselves were named.
  func words(_ verb: String, filter: [String]? = nil) -> String {
    guard count > 0 else { return verb }
    if let filter, count > Self.named {
      return "\(verb) \(Programs.line(filter)) (\(Words.papers(count)))"
    }
    let names = first.map { Self.name($0, cells: first.count == 1 ? 60 : 30) }
    return (verb.isEmpty ? "" : verb + " ") + names.joined(separator: "; ")
      + (more.map { " and " + $0 } ?? "")
  }

  /// Says what happened and, on the same line or below it, to which papers.
  func say(_ line: String, _ session: Session) throws {
    if count == 1 { return try session.say("\(line): " + Self.name(first[0], cells: 72)) }
    try sayBelow(line, session)
  }

  /// Says what happened and, below it, to which papers.
  func sayBelow(_ line: String, _ session: Session) throws {
    try session.say(line)
    for paper in first { try session.say("  " + Self.name(paper, cells: 72)) }
    if let more { try session.say("  and " + more) }
  }

  private var more: String? {
    count > first.count ? "\(count - first.count) more" : nil
  }

  /// `24002 MCPMark: A Benchmark…`
  private static func name(_ paper: (id: PaperID, title: String), cells: Int) -> String {
    let title = CellWidth().truncated(OneLine.flat(paper.title), to: cells)
    return paper.id.short + (title.isEmpty ? "" : " " + title)
  }
}

extension PaperID {
  /// How a person names it: the five digits behind the point of an arXiv id, else the whole id.
  var short: String {
    guard kind == .arXiv, let point = rawValue.firstIndex(of: ".") else { return rawValue }
    let digits = rawValue[rawValue.index(after: point)...]
    return digits.utf8.count == 5 ? String(digits) : rawValue
  }
}
