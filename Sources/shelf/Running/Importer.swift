import Changes
import Digests
import Papers
import Store

/// What was read in an import.
struct ImportReport {
  /// Digests read to their end.
  var digests = 0
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
  /// What came with them.
  var carried = CarriedCounts()
  /// The papers that came on the list, by name.
  var added = ChangedPapers()
}

/// Records the entries of digests.
///
/// Invariants: one transaction a digest; what the person did to a paper is never changed by reading
/// a digest, and reading one twice changes nothing, by whatever way and under whatever name it
/// comes. Memory is bounded by what ``HeldEntries`` holds.
struct Importer {
  /// The moment papers come on the list.
  let now: Int64
  /// What was done so far.
  private(set) var report = ImportReport()
  private var held = HeldEntries()
  private var names: [PaperDate: SeriesName] = [:]

  private let formats: [any DigestFormat]
  private let keepsAll: Bool
  private let keepsPlaces: Bool

  /// - Parameters:
  ///   - formats: the forms that digests may come in.
  ///   - keepsAll: whether entries of lists that are no papers come in, too, by their address.
  ///   - keepsPlaces: whether a paper keeps the place that it has in a digest: the older entries of
  ///     a feed move down with each new one, and that is no news of them.
  init(
    now: Int64, formats: [any DigestFormat] = DigestFormats.standard, keepsAll: Bool = false,
    keepsPlaces: Bool = false
  ) {
    self.now = now
    self.formats = formats
    self.keepsAll = keepsAll
    self.keepsPlaces = keepsPlaces
  }

  /// Reads one digest into the library.
  /// - Parameter source: the series that the person says it is of, which always holds; nil leaves
  ///   it to its path.
  mutating func read(
    _ input: DigestInput, source: String?, into recorder: inout Recorder,
    progress: (Int) throws -> Void
  ) throws {
    var reader = DigestReader(
      name: input.name,
      source: source ?? input.origin?.series ?? DigestSource.series(path: input.path),
      object: recorder.reader.registers.paperObject, formats: formats, keepsAll: keepsAll,
      date: input.origin?.day, contentType: input.contentType)
    (held, names) = (HeldEntries(), [:])
    func take(_ event: DigestReader.Event, _ importer: inout Importer) throws {
      switch event {
      case .problem(let problem): importer.report.problems.append(problem)
      case .entry(let entry):
        guard source == nil, entry.exported == nil, entry.appearance.date != nil else {
          return try importer.count(entry, nil, &recorder)
        }
        importer.held.append(entry)
        if importer.held.isFull { try importer.recordHeld(&recorder, isEnd: false) }
      }
    }
    try input.forEachChunk(progress: progress) { chunk in
      try reader.feed(chunk) { try take($0, &self) }
    }
    try reader.finish { try take($0, &self) }
    try recordHeld(&recorder, isEnd: true)
    report.digests += 1
  }

  private mutating func count(
    _ entry: DigestEntry, _ name: SeriesName?, _ recorder: inout Recorder
  ) throws {
    report.papers += 1
    switch try record(entry, name, &recorder) {
    case .new:
      report.new += 1
      report.added.add(entry.id, entry.content.title)
    case .updated: report.updated += 1
    case .seenAgain: report.seenAgain += 1
    }
  }

  // MARK: The same digest under another name

  /// The name under which the library has a digest, or shall have it.
  private struct SeriesName {
    var source: String
    /// The name under which it stood there so far, and which says nothing.
    var replaced: String?
  }

  private mutating func recordHeld(_ recorder: inout Recorder, isEnd: Bool) throws {
    let entries = held.take(all: isEnd)
    let days = Dictionary(grouping: entries) { $0.appearance.date }
    for case (let day?, let entries) in days where names[day] == nil {
      names[day] = try name(of: day, entries, isWhole: isEnd || day != held.lastDay, &recorder)
    }
    for entry in entries {
      try count(entry, entry.appearance.date.flatMap { names[$0] }, &recorder)
    }
  }

  /// The name of a day's digest: that of the path, unless the library has the same digest under
  /// another.
  private func name(
    of day: PaperDate, _ entries: [DigestEntry], isWhole: Bool, _ recorder: inout Recorder
  ) throws -> SeriesName {
    let inFile = entries[0].appearance.source
    let places = Dictionary(
      entries.map { ($0.id, $0.appearance.index) }, uniquingKeysWith: { first, _ in first })
    let digest = DigestPlaces(places)
    let same = try recorder.reader.digests(of: day, papers: places.count, isWhole: isWhole).filter {
      digest.isSame(as: isWhole ? $0.digest : $0.digest.beginning(asFarAs: digest))
    }
    if same.contains(where: { $0.source.hasBytes(of: inFile) }) {
      return SeriesName(source: inFile)
    }
    guard let known = same.first(where: { !Sighting.isNameless($0.source) }) ?? same.first else {
      return SeriesName(source: inFile)
    }
    guard Sighting.isNameless(known.source), !Sighting.isNameless(inFile) else {
      return SeriesName(source: known.source)
    }
    // It came by a pipe, and now by a path that says what it is. What the file has no more moves,
    // too.
    for (id, place) in known.digest.places where places[id] == nil {
      try recorder.write(
        [
          .appearance(id, day, source: known.source, index: nil),
          .appearance(id, day, source: inFile, index: place),
        ], seeing: .thisTransaction)
    }
    return SeriesName(source: inFile, replaced: known.source)
  }

  private enum Outcome { case new, updated, seenAgain }

  private mutating func record(
    _ entry: DigestEntry, _ name: SeriesName?, _ recorder: inout Recorder
  ) throws -> Outcome {
    var known = try recorder.reader.known(entry.id)
    if let exported = entry.exported {
      return try record(exported, known, &recorder)
    }
    let (isListed, isRemoved) = (known?.isListed ?? false, known?.isRemoved ?? false)
    let seen = entry.appearance
    let source = name?.source ?? seen.source
    // What came by a pipe may have been this very digest, which says something else now.
    if let source = known?.content?.source, Sighting.isNameless(source) {
      known?.content?.source = name?.source ?? seen.source
    }
    let content = DigestContent(entry.content, date: seen.date, source: source)
    let says = known?.content.map(content.supersedes) ?? true
    var bibliography = entry.bibliography
    // The key that we give a paper, come back from our own export, is none of the person's.
    if bibliography.citekey == BibTeXExporter.key(entry.id) { bibliography.citekey = nil }
    let told = recorder.reader.registers.facts(
      entry.id, bibliography, beside: known?.bibliography ?? Bibliography())
    var facts: [Fact] = (says ? [.content(entry.id, content)] : []) + told
    if !isListed, !isRemoved { facts.append(.added(entry.id, entry.carried?.added ?? now)) }
    if try !keepsPlaces || !recorder.reader.hasSighting(entry.id, seen.date, source) {
      facts.append(.appearance(entry.id, seen.date, source: source, index: seen.index))
    }
    if let replaced = name?.replaced {
      facts.append(.appearance(entry.id, seen.date, source: replaced, index: nil))
    }
    try recorder.write(facts, seeing: .thisTransaction)
    if isRemoved { return .seenAgain }
    if !entry.bibliography.authors.isEmpty, known?.bibliography.authors.isEmpty ?? true {
      report.carried.authored += 1
    }
    if !isListed, entry.id.kind == .url { report.carried.pages += 1 }
    let isMore = try carry(entry, isListed: isListed, &recorder)
    return isListed ? (says || !told.isEmpty || isMore ? .updated : .seenAgain) : .new
  }

  // MARK: Other programs' lists

  /// Takes over what the person did in another program, where nothing was ever said of it here:
  /// what the person said or took back since stays so. A paper that was not on the list, an import
  /// that was undone for example, comes on it with all of it.
  /// - Returns: whether anything was taken over.
  private mutating func carry(
    _ entry: DigestEntry, isListed: Bool, _ recorder: inout Recorder
  ) throws -> Bool {
    guard let marks = entry.carried, !marks.isEmpty else { return false }
    let id = entry.id
    var facts: [(fact: Fact, time: Int64?)] = marks.tags.map { (.tag(id, $0, true), nil) }
    if let status = marks.status { facts.append((.status(id, status), marks.statusTime)) }
    if marks.isStarred { facts.append((.starred(id, true), nil)) }
    let held = marks.notes.isEmpty ? nil : try recorder.reader.paper(id)?.notes
    for note in marks.notes where NoteVersion.isID(note.id) && !Self.holds(held ?? [], note) {
      let time = note.created == Note.unknownTime ? nil : note.created
      let version = NoteVersion(text: note.text, created: time ?? now)
      facts.append((.note(id, id: note.id, version), time))
    }
    let said = isListed ? try recorder.reader.fieldsSaid(of: id) : []
    let new = facts.filter { !said.contains(ByteText($0.fact.field)) }
    report.carried.add(new.map(\.fact))
    return try recorder.write(
      new.map(\.fact), seeing: .thisTransaction, times: new.map(\.time))
  }

  /// Whether a note is one of those that are there, or all of them, however they are laid out: our
  /// own csv and BibTeX write the notes of a paper as one.
  private static func holds(_ notes: [Note], _ note: Note) -> Bool {
    func flat(_ text: String) -> String {
      text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let texts = notes.map { flat($0.text) }
    return (texts + [texts.joined(separator: " ")]).contains { $0.hasBytes(of: flat(note.text)) }
  }

  // MARK: Our own exports

  private mutating func record(
    _ paper: Paper, _ known: LibraryReader.KnownPaper?, _ recorder: inout Recorder
  ) throws -> Outcome {
    if known?.isRemoved ?? false { return .seenAgain }
    guard let known, known.isListed else {
      report.carried.add(paper)
      try restore(paper, knowing: known?.content, &recorder)
      return .new
    }
    return try complete(paper, known, &recorder) ? .updated : .seenAgain
  }

  /// A paper that is not on the list comes on it as it was when it was exported.
  private func restore(
    _ paper: Paper, knowing content: DigestContent?, _ recorder: inout Recorder
  ) throws {
    // Each note bears its own time; the paper is last, so that `updated` is what it was. In one
    // call, for a paper's rows are written once a call, and a paper may have a thousand notes.
    var facts: [Fact] = []
    var times: [Int64?] = []
    for note in paper.notes {
      var noted = Paper(id: paper.id)
      noted.notes = [note]
      let more = Noted.facts(of: noted)
      facts += more
      times += more.map { _ in note.updated }
    }
    let rest = recorder.reader.registers.facts(of: paper).filter { fact in
      !fact.isNote && !(fact.isContent && content?.content == paper.content)
    }
    try recorder.write(
      facts + rest, seeing: .thisTransaction, times: times + rest.map { _ in paper.updated })
  }

  /// A paper that is on the list gets what it lacks. What the person said or took back since, be it
  /// a tag taken off, stays so: only what nothing was ever said of is written.
  private func complete(
    _ paper: Paper, _ known: LibraryReader.KnownPaper, _ recorder: inout Recorder
  ) throws -> Bool {
    let registers = recorder.reader.registers
    let said = try recorder.reader.fieldsSaid(of: paper.id)
    var rest = paper
    rest.bibliography = Bibliography()
    let facts = registers.facts(of: rest).filter { fact in
      guard fact.isContent, let content = Content.value(fact.value) else {
        return !said.contains(ByteText(fact.field)) && fact.field != Added.field
      }
      if content.content == known.shown { return false }
      return known.content.map { Self.isPoorer($0.content) && content.supersedes($0) } ?? true
    }
    let told = registers.facts(paper.id, paper.bibliography, beside: known.bibliography)
    return try recorder.write(facts + told, seeing: .thisTransaction)
  }

  private static func isPoorer(_ content: PaperContent) -> Bool {
    content.summary.isEmpty || content.title.isEmpty
  }
}

extension Fact {
  fileprivate var isContent: Bool { field == Content.field }
  fileprivate var isNote: Bool { field.utf8.starts(with: Noted.field.utf8) }
}

/// Entries of a digest that are held back until it is known whether the library has it under
/// another name: so many that all of a day are there.
private struct HeldEntries {
  private static let count = 2000
  private static let bytes = 8 << 20
  private var entries: [DigestEntry] = []
  private var size = 0

  /// Whether some of them must be taken.
  var isFull: Bool { entries.count >= Self.count || size >= Self.bytes }

  /// The day of the last one that was held.
  private(set) var lastDay: PaperDate?

  mutating func append(_ entry: DigestEntry) {
    entries.append(entry)
    lastDay = entry.appearance.date
    size += Self.size(entry)
  }

  /// Takes them out, all or, while more may come, all but those of the last day, unless that day
  /// alone is too large.
  mutating func take(all: Bool) -> [DigestEntry] {
    let last = entries.last?.appearance.date
    let isOneDay = entries.allSatisfy { $0.appearance.date == last }
    let left = all || isOneDay ? [] : entries.filter { $0.appearance.date == last }
    let taken = left.isEmpty ? entries : entries.filter { $0.appearance.date != last }
    entries = left
    size = left.reduce(0) { $0 + Self.size($1) }
    return taken
  }

  private static func size(_ entry: DigestEntry) -> Int {
    200 + entry.content.title.utf8.count + entry.content.summary.utf8.count
      + entry.bibliography.authors.reduce(0) { $0 + 16 + $1.utf8.count }
      + (entry.bibliography.abstract?.utf8.count ?? 0)
  }
}
