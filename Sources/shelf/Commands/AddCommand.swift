import ArgumentParser
import Changes
import Papers
import Store

/// `shelf add ID|URL…`
struct AddCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "add", abstract: "Put papers on the list by id or link.",
    discussion: """
      A paper of arXiv gets title, authors and abstract from there; where it does not answer at once,
      at the next `shelf fetch`.
      """)

  @Argument(help: ArgumentHelp("arXiv ids, DOIs or links.", valueName: "id"))
  var links: [String] = []
  @Option(
    help: ArgumentHelp(
      "The title of one paper, whatever digests call it; '' takes that back.", valueName: "title"))
  var title: String?
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !links.isEmpty else {
      throw Failure(
        .usage, "`shelf add` needs an id or link", advice: "for example: shelf add 2509.26507")
    }
    guard title == nil || links.count == 1 else {
      throw Failure(.usage, "--title names one paper, and here are \(links.count)")
    }
    var seen = Set<PaperID>()
    let ids = try links.map(Self.id).filter { seen.insert($0).inserted }
    let now = session.world.now()
    var changed = ChangedPapers()
    let lookup = write.dryRun || title != nil ? nil : try AddedTitles(ids, session)
    let recorded = try session.library(dryRun: write.dryRun).record("add", dryRun: write.dryRun) {
      recorder in
      var facts: [[Fact]] = []
      for id in ids {
        let known = try recorder.reader.known(id)
        let told = lookup?.facts(id, known, session.registers) ?? []
        facts.append(self.facts(id, now, known) + told)
        guard facts.last?.isEmpty == false else { continue }
        changed.add(id, title.map(Self.oneLine) ?? known?.shown.title ?? lookup?.title(id) ?? "")
      }
      recorder.describe(changed.words("add"))
      for facts in facts { try recorder.write(facts, seeing: .thisTransaction) }
      try lookup?.remember(recorder.sourceMemory)
    }
    try WriteReport(session, write)
      .print(recorded, of: ids.count, done: "put on the list", changed)
    if !write.json, let words = lookup?.words { try session.say(words) }
    return .ok
  }

  private static func id(_ link: String) throws -> PaperID {
    if let id = PaperPage.paper(of: link) ?? PaperID(link: link) {
      guard PaperPage.lacksID(id) else { return id }
      throw Failure(
        .usage, "“\(link)” is cut short: it names no paper",
        advice: "for example: shelf add https://arxiv.org/abs/2509.26507")
    }
    throw Failure(
      .usage, "“\(link)” is no arXiv id, DOI or http(s) link",
      advice: "for example: shelf add 2509.26507")
  }

  private func facts(
    _ id: PaperID, _ now: Int64, _ known: LibraryReader.KnownPaper?
  ) -> [Fact] {
    var facts: [Fact] = known?.isListed == true ? [] : [.added(id, now)]
    if known?.isRemoved == true { facts.append(.removed(id, false)) }
    if let title {
      let line = Self.oneLine(title)
      facts.append(.givenTitle(id, line.isEmpty ? nil : line))
    }
    return facts
  }

  private static func oneLine(_ title: String) -> String {
    title.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
