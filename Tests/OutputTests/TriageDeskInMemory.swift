import Papers
import TestSupport

@testable import Store
@testable import shelf

/// A library for ``TriageState``, as plain values: what is done can be taken back, days come one
/// after the other, and what is asked for may fail.
struct TriageDeskInMemory {
  var papers: [Paper]
  private var days: [[PaperID]]
  private var next = 0
  private var filtered: [PaperID]?
  private(set) var done: [(what: String, before: [Paper])] = []
  private var undone: [(what: String, before: [Paper])] = []
  /// Whether the next write fails.
  var isBusy = false
  /// Every operation.
  private(set) var operations = 0

  /// - Parameter days: how many papers each day has, the newest first.
  init(days: [Int], _ random: inout some RandomNumberGenerator) {
    var number = 0
    var papers: [Paper] = []
    self.days = days.enumerated().map { day, count in
      (0..<count).map { index in
        number += 1
        let id = PaperID(trusted: "2510." + String(String(100_000 + number).suffix(5)))
        var paper = Paper(id: id, content: HostileTexts.content(&random))
        paper.appearances = [
          Appearance(
            date: PaperDate("2025-10-" + String(String(131 - day).suffix(2))), index: index,
            source: "days")
        ]
        paper.bibliography.authors = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          HostileTexts.line(&random)
        }
        papers.append(paper)
        return id
      }
    }
    self.papers = papers
  }

  func paper(_ id: PaperID) -> Paper? { papers.first { $0.id == id } }

  private func entry(_ paper: Paper) -> TriageState.Entry {
    TriageState.Entry(
      row: LibraryReader.Row(
        id: paper.id, title: paper.content.title, status: paper.status, starred: paper.starred,
        tags: paper.tags, date: paper.appearances.last?.date, added: 0))
  }

  private mutating func write(_ what: String, _ ids: [PaperID], _ body: (inout Paper) -> Void) {
    operations += 1
    done.append((what, papers.filter { ids.contains($0.id) }))
    undone = []
    for index in papers.indices where ids.contains(papers[index].id) { body(&papers[index]) }
  }

  private mutating func swap(_ before: [Paper]) -> [Paper] {
    let ids = before.map(\.id)
    let now = papers.filter { ids.contains($0.id) }
    for paper in before {
      if let index = papers.firstIndex(where: { $0.id == paper.id }) { papers[index] = paper }
    }
    return now
  }

  /// Somebody else decides about a paper, or takes it off the list.
  mutating func changeElsewhere(_ random: inout some RandomNumberGenerator) {
    guard let index = papers.indices.randomElement(using: &random) else { return }
    papers[index].status = ReadingStatus.allCases.randomElement(using: &random) ?? .read
  }

  /// What comes of an action.
  mutating func perform(_ action: TriageState.Action) -> [TriageState.Event] {
    switch action {
    case .mark, .star, .tag, .skipRest, .note, .undo, .redo:
      if isBusy {
        isBusy = false
        return [.failed(["another shelf is writing"])]
      }
    default: break
    }
    switch action {
    case .show(let id): return [.card(id, paper(id))]
    case .mark(let id, let status):
      write("mark", [id]) { $0.status = status }
      return [.marked(id, status)]
    case .star(let id, let on):
      write("star", [id]) { $0.starred = on }
      return [.starred(id, on)]
    case .tag(let id, let tags):
      write("tag", [id]) { $0.tags = Array(Set($0.tags + tags)).sorted() }
      return [.tagged(id, tags)]
    case .note(let id):
      write("note", [id]) {
        $0.notes.append(Note(id: "n\($0.notes.count)", text: "x", created: 0, updated: 0))
      }
      return [.noted(id)]
    case .skipRest(let entries):
      write("skip", entries.map(\.id)) { $0.status = .skipped }
      return [.skipped(entries.map(\.id), by: "this day")]
    case .undo:
      guard let last = done.popLast() else { return [.failed(["nothing to undo"])] }
      undone.append((last.what, swap(last.before)))
      return [.undone(last.what, last.before.map(\.id))]
    case .redo:
      guard let last = undone.popLast() else { return [.failed(["nothing to redo"])] }
      done.append((last.what, swap(last.before)))
      return [.redone(last.what, last.before.map(\.id))]
    case .refresh(let ids):
      return [.rows(ids, papers.filter { ids.contains($0.id) }.map { entry($0).row })]
    case .again:
      next = 0
      return more()
    case .more: return more()
    case .narrow(let narrowing):
      let found = papers.filter { paper in
        switch narrowing {
        case .author(let name): paper.bibliography.authors.contains(name)
        case .search(let text): paper.content.title.contains(text)
        }
      }
      guard let start = found.firstIndex(where: { $0.status == .unread }) else {
        return [.failed(["nothing fits"])]
      }
      return [.narrowed(narrowing, found.map(entry), start: start, [:], isLast: true)]
    case .countLeft: return [.left(papers.count { $0.status == .unread })]
    case .tagNames: return [.tagNames(["kv", "ml/attention", "缓存"])]
    case .history: return [.history(["2025-10-01 desk  read"])]
    case .open: return [.opened]
    case .widen, .repaint, .leave: return []
    }
  }

  private mutating func more() -> [TriageState.Event] {
    while next < days.count {
      let rows = days[next].compactMap(paper).map(entry)
      next += 1
      guard let start = rows.firstIndex(where: { $0.row.status == .unread }) else { continue }
      return [.loaded(rows, start: start, [:], isLast: false)]
    }
    return [.loaded([], start: nil, [:], isLast: true)]
  }
}

/// Texts that are hard to show: controls, marks, wide characters, directions.
enum HostileTexts {
  private static let pieces = [
    "cache", "缓存压缩", "e\u{301}", "👩‍🔬", "🇨🇭", "\u{1B}[2J", "\u{202E}abc", "\u{7}", "★", "“quoted”",
    "，。", "ﾊﾝｶｸ", "\u{200B}", "supercalifragilisticexpialidocious", "\n", "\t", "क्षि", "한국어",
    "\u{9B}31m", "a\u{301}\u{302}\u{303}", "𝔘𝔫𝔦", "☺\u{FE0F}", "－",
  ]

  static func line(_ random: inout some RandomNumberGenerator) -> String {
    (0..<Int.random(in: 0...8, using: &random)).map { _ in
      (pieces.randomElement(using: &random) ?? "")
        + (Bool.random(using: &random) ? " " : "")
    }.joined()
  }

  static func content(_ random: inout some RandomNumberGenerator) -> PaperContent {
    var content = PaperContent(title: line(&random))
    content.tldr = Bool.random(using: &random) ? line(&random) : nil
    content.keywords = (0..<Int.random(in: 0...4, using: &random)).map { _ in line(&random) }
    content.sections = (0..<Int.random(in: 0...3, using: &random)).map { _ in
      PaperContent.Section(
        label: line(&random), text: (0..<6).map { _ in line(&random) }.joined(separator: " "))
    }
    content.summary = line(&random)
    return content
  }
}

/// A person with keys.
struct TriagePerson {
  var state: TriageState
  var desk: TriageDeskInMemory
  private(set) var hasLeft = false

  init(_ desk: TriageDeskInMemory, keys: TriageKeys = .standard) {
    self.desk = desk
    state = TriageState(keys: keys)
    run(state.begin())
  }

  mutating func press(_ key: Key) { run(state.take(.key(key))) }

  mutating func press(_ text: String) {
    for scalar in text.unicodeScalars { press(.character(scalar)) }
  }

  mutating func noticeOthers() { run(state.take(.changedElsewhere)) }

  mutating func run(_ actions: [TriageState.Action]) {
    var actions = actions[...]
    while let action = actions.popFirst() {
      if action == .leave { hasLeft = true }
      for event in desk.perform(action) { actions += state.take(event) }
    }
  }
}
