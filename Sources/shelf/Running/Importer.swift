import Changes
import Digests
import Papers
import Store

/// What an import came to.
struct ImportReport {
  /// Entries read.
  var papers = 0
  /// Papers that came on the list.
  var new = 0
  /// Papers of which a digest now says something else, or an export something more.
  var updated = 0
  /// Papers that were there already.
  var seenAgain = 0
  /// What could not be read, bounded by the reader for each file.
  var problems: [Problem] = []
}

/// Records the entries of digests.
///
/// Invariants: one transaction a digest; what the person did to a paper is never changed by reading
/// a digest, and reading one twice changes nothing. Memory is bounded by one entry.
struct Importer {
  /// The moment papers come on the list.
  let now: Int64
  /// What was done so far.
  private(set) var report = ImportReport()

  private let formats: [any DigestFormat]

  /// - Parameter formats: the forms that digests may come in.
  init(now: Int64, formats: [any DigestFormat] = DigestFormats.standard) {
    self.now = now
    self.formats = formats
  }

  /// Reads one digest from an open file into the library.
  mutating func read(
    _ descriptor: Int32, name: String, source: String, into recorder: inout Recorder,
    progress: (Int) throws -> Void
  ) throws {
    var reader = DigestReader(
      name: name, source: source, object: recorder.reader.registers.paperObject, formats: formats)
    try Files.forEachChunk(of: descriptor, name) { chunk in
      try reader.feed(chunk) { try take($0, &recorder) }
      try progress(chunk.count)
    }
    try reader.finish { try take($0, &recorder) }
  }

  private mutating func take(_ event: DigestReader.Event, _ recorder: inout Recorder) throws {
    switch event {
    case .problem(let problem): report.problems.append(problem)
    case .entry(let entry):
      report.papers += 1
      switch try record(entry, &recorder) {
      case .new: report.new += 1
      case .updated: report.updated += 1
      case .seenAgain: report.seenAgain += 1
      }
    }
  }

  private enum Outcome { case new, updated, seenAgain }

  private func record(_ entry: DigestEntry, _ recorder: inout Recorder) throws -> Outcome {
    let known = try recorder.reader.known(entry.id)
    if let exported = entry.exported {
      return try record(exported, known, &recorder)
    }
    let isListed = known?.isListed ?? false
    let content = DigestContent(
      entry.content, date: entry.appearance.date, source: entry.appearance.source)
    let says = known?.content.map(content.supersedes) ?? true
    var facts: [Fact] = says ? [.content(entry.id, content)] : []
    if !isListed { facts.append(.added(entry.id, now)) }
    let seen = entry.appearance
    facts.append(.appearance(entry.id, seen.date, source: seen.source, index: seen.index))
    try recorder.write(facts, seeing: .thisTransaction)
    return isListed ? (says ? .updated : .seenAgain) : .new
  }

  // MARK: Our own exports

  private func record(
    _ paper: Paper, _ known: LibraryReader.KnownPaper?, _ recorder: inout Recorder
  ) throws -> Outcome {
    guard let known, known.isListed else {
      try restore(paper, knowing: known?.content, &recorder)
      return .new
    }
    return try complete(paper, known.content, &recorder) ? .updated : .seenAgain
  }

  /// A paper that is not on the list comes on it as it was when it was exported.
  private func restore(
    _ paper: Paper, knowing content: DigestContent?, _ recorder: inout Recorder
  ) throws {
    // Each note bears its own time; the paper is last, so that `updated` is what it was.
    for note in paper.notes {
      var noted = Paper(id: paper.id)
      noted.notes = [note]
      try recorder.write(Noted.facts(of: noted), seeing: .thisTransaction, at: note.updated)
    }
    let facts = recorder.reader.registers.facts(of: paper).filter { fact in
      !fact.isNote && !(fact.isContent && content?.content == paper.content)
    }
    try recorder.write(facts, seeing: .thisTransaction, at: paper.updated)
  }

  /// A paper that is on the list gets what it lacks. What the person said or took back since, be it
  /// a tag taken off, stays so: only what nothing was ever said of is written.
  private func complete(
    _ paper: Paper, _ known: DigestContent?, _ recorder: inout Recorder
  ) throws -> Bool {
    let said = try recorder.reader.fieldsSaid(of: paper.id)
    let facts = recorder.reader.registers.facts(of: paper).filter { fact in
      guard fact.isContent, let content = Content.value(fact.value) else {
        return !said.contains(ByteText(fact.field)) && fact.field != Added.field
      }
      return known.map { Self.isPoorer($0.content) && content.supersedes($0) } ?? true
    }
    return try recorder.write(facts, seeing: .thisTransaction)
  }

  private static func isPoorer(_ content: PaperContent) -> Bool {
    content.summary.isEmpty || content.title.isEmpty
  }
}

extension Fact {
  fileprivate var isContent: Bool { field == Content.field }
  fileprivate var isNote: Bool { field.utf8.starts(with: Noted.field.utf8) }
}
