import Arrivals
import Changes
import Digests
import JSONText
import Papers
import Store
import Transport

/// Asks arXiv for title, authors and abstract of papers that were added by their ids alone, a
/// hundred in one request.
struct TitleLookup {
  /// What arXiv said of papers.
  struct Found {
    var entries: [PaperID: DigestEntry] = [:]
    /// Why it said nothing; nil where it answered.
    var failure: Failure?
  }

  private let session: Session
  private let courier: Courier

  init(_ session: Session, _ courier: Courier) {
    self.session = session
    self.courier = courier
  }

  /// Asks for papers.
  func ask(_ ids: [PaperID]) -> Found {
    var found = Found()
    let address = ArXivPapers.address(ids)
    switch courier.ask(address) {
    case .failed(let failure): found.failure = failure
    case .leftAlone(let until):
      let time = SourceWords.time(until, session.world)
      found.failure = Failure(.unreachable, "arXiv wants to be left alone until \(time)")
    case .answer(let answer):
      if answer.isBusy { _ = courier.leaveAlone(address, answer, failures: 0) }
      guard answer.status == 200 else {
        found.failure = SourceWords.status(answer)
        break
      }
      found.entries = entries(answer.body, of: ids)
    }
    return found
  }

  private func entries(_ answer: [UInt8], of ids: [PaperID]) -> [PaperID: DigestEntry] {
    var entries: [PaperID: DigestEntry] = [:]
    var reader = DigestReader(
      name: "arXiv", source: Self.series, object: session.registers.paperObject)
    func take(_ event: DigestReader.Event) {
      guard case .entry(let entry) = event, ids.contains(entry.id),
        !entry.content.title.isEmpty
      else { return }
      entries[entry.id] = entry
    }
    try? answer.withUnsafeBytes { try reader.feed($0, emit: take) }
    try? reader.finish(emit: take)
    return entries
  }

  private static let series = "arXiv"

  /// What an entry says of its paper: no digest was seen, so it is in none, and the first digest
  /// that has the paper says it better.
  static func facts(
    _ entry: DigestEntry, beside held: Bibliography, _ registers: Registers
  ) -> [Fact] {
    let content = DigestContent(entry.content, date: nil, source: series)
    return [.content(entry.id, content)]
      + registers.facts(entry.id, entry.bibliography, beside: held)
  }

  // MARK: Of papers that lack them

  /// Fills in what papers lack, in one operation.
  /// - Returns: those that have a title since.
  func fill(_ library: Library) throws -> ChangedPapers {
    let now = session.world.now()
    var refused = AskedInVain(
      kept: try library.read { try $0.remembered(AskedInVain.key) }, at: now)
    let ids = try library.read { try $0.untitledOfArXiv(limit: AskedInVain.most) }
      .filter { PaperID(link: $0.rawValue) == $0 && !refused.holds($0) }
      .prefix(ArXivPapers.most)
    guard !ids.isEmpty else { return ChangedPapers() }
    let found = ask(Array(ids))
    if found.failure == nil {
      for id in ids where found.entries[id] == nil { refused.add(id, at: now) }
    }
    var titled = ChangedPapers()
    let entries = ids.compactMap { found.entries[$0] }
    for entry in entries { titled.add(entry.id, entry.content.title) }
    let recorded = try library.record(titled.words("fetch title of")) { recorder in
      for entry in entries {
        let held = try recorder.reader.known(entry.id)?.bibliography ?? Bibliography()
        try recorder.write(
          Self.facts(entry, beside: held, recorder.reader.registers), seeing: .thisTransaction)
      }
    }
    try library.remember { memory in
      try memory.set(AskedInVain.key, refused.json)
      try courier.keepHosts(in: memory)
    }
    return recorded.operation == nil ? ChangedPapers() : titled
  }
}

/// Papers that arXiv was asked for and does not know: asked again after a week.
private struct AskedInVain {
  static let key = "untitled"
  static let most = 5000
  private static let pause: Int64 = 7 * 86_400_000
  private var times: [String: Int64] = [:]

  init(kept text: String?, at now: Int64) {
    guard let text else { return }
    try? JSONTextReader.read(text) { reader in
      try reader.object { id, reader in
        let time = try reader.integer()
        if (now - Self.pause...now).contains(time) { times[id] = time }
      }
    }
  }

  func holds(_ id: PaperID) -> Bool { times[id.rawValue] != nil }

  mutating func add(_ id: PaperID, at now: Int64) {
    if times.count < Self.most { times[id.rawValue] = now }
  }

  var json: String {
    var json = JSONTextWriter()
    json.object { json in
      for (id, time) in times.sorted(by: { $0.key < $1.key }) {
        json.key(text: id)
        json.number(time)
      }
    }
    return json.text
  }
}
