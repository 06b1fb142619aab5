import Papers
import XMLText

/// Zotero's own export, RDF in XML: papers, notes and collections that name each other.
struct ZoteroRDFFormat: DigestFormat {
  let explanation = "Zotero RDF"
  let name = "zotero-rdf"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    guard head[0] == Byte.less else { return .no }
    guard let start = Self.root(head) else { return .needsMore }
    let mark: StaticString = "<rdf:rdf"
    for offset in 0..<min(mark.utf8CodeUnitCount, head.count - start)
    where Byte.lower(head[start + offset]) != mark.utf8Start[offset] { return .no }
    guard let end = head.first(Byte.greater, in: start..<head.count) else { return .needsMore }
    for index in start..<end where head.matches("zotero.org/namespaces", at: index) { return .yes }
    return .no
  }

  /// Where the element begins, behind a declaration.
  private static func root(_ head: borrowing Span<UInt8>) -> Int? {
    guard head.count > 1 else { return nil }
    guard head[1] == UInt8(ascii: "?") else { return 0 }
    guard let end = head.first(Byte.greater, in: 0..<head.count) else { return nil }
    let start = head.skippingSpace(from: end + 1, to: head.count)
    return start < head.count ? start : nil
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { ZoteroRDF(opening) }
}

/// Reads the RDF element by element. Collections stand behind the papers and name them, and so do
/// notes, so papers are held back until the end, or until they are more than the limit: what comes
/// then is handed out without them, and that is told.
struct ZoteroRDF: DigestFormatReader {
  private let opening: DigestOpening
  private let document = XMLDocument()
  private var hasTrouble = false
  private var references: References
  private var path: [String] = []
  private var text: [UInt8] = []
  private var size = 0
  private var isFull = false

  private var about = ""
  private var open: Reference?
  private var names: [String] = []
  private var person = (given: "", family: "")
  private var isAutomatic = false

  private var held: [(about: String, notes: [String], reference: Reference)] = []
  private var noteLinks: [String] = []
  private var notes: [String: String] = [:]
  /// The collections by their ids: the name, and what they hold.
  private var collections: [String: (name: String, parts: [String])] = [:]

  init(_ opening: DigestOpening) {
    self.opening = opening
    references = References(opening)
  }

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    guard !hasTrouble else { return }
    take(document.feed(bytes, isLast: false), &findings)
  }

  mutating func finish(into findings: inout Findings) {
    let none: [UInt8] = []
    if !hasTrouble { take(document.feed(none.span, isLast: true), &findings) }
    handOut(&findings)
    references.finish(&findings)
  }

  private mutating func take(
    _ found: (events: [XMLEvent], trouble: String?), _ findings: inout Findings
  ) {
    for event in found.events {
      switch event {
      case .start(let name, let attributes, let line): start(name, attributes, line)
      case .text(let piece):
        text.append(contentsOf: piece.utf8.prefix(max(0, opening.limits.line - text.count)))
      case .end(let name): end(name, &findings)
      }
    }
    guard let trouble = found.trouble else { return }
    hasTrouble = true
    findings.report(
      "the file cannot be read further: \(trouble)", line: opening.line + document.line - 1)
  }

  private mutating func start(_ name: String, _ attributes: [String: String], _ line: Int) {
    let resource = attributes["rdf:resource"] ?? ""
    if path.count == 1 {
      about = attributes["rdf:about"] ?? ""
      open = Reference(line: opening.line + line - 1)
      (names, noteLinks) = ([], [])
      if !about.hasPrefix("#") { open?.clues.add(link: about) }
    }
    if name == "foaf:person" { person = ("", "") }
    if name == "z:automatictag" { isAutomatic = true }
    if name == "dcterms:isreferencedby", noteLinks.count < RecordText.mostParts {
      noteLinks.append(resource)
    }
    if name == "dcterms:haspart", path.last == "z:collection", !isFull {
      collections[about, default: ("", [])].parts.append(resource)
      add(resource.utf8.count)
    }
    path.append(name)
    text = []
  }

  private mutating func end(_ name: String, _ findings: inout Findings) {
    path.removeLast()
    let value = RecordText.trimmed(String(decoding: text, as: UTF8.self))
    text = []
    findings.isRecognised = true
    if path.count == 1 { return endResource(name, &findings) }
    guard !value.isEmpty || name == "foaf:person" else { return }
    let parent = path.last ?? ""
    switch (name, path.count) {
    case ("dc:title", 2) where parent == "z:collection":
      if !isFull { collections[about, default: ("", [])].name = value }
    case ("dc:title", 2): open?.title = value
    case ("dcterms:abstract", 2): open?.take(abstract: value)
    case ("dc:date", 2): open?.bibliography.published = PublicationDate(loose: value)
    case ("dc:description", 2):
      if var record = open {
        ListWords.read(extra: value, into: &record)
        open = record
      }
    case ("z:citationkey", 2): open?.bibliography.citekey = value
    case ("rdf:value", 2) where parent == "bib:memo":
      if !isFull {
        notes[about] = value
        add(value.utf8.count)
      }
    case ("foaf:surname", _): person.family = value
    case ("foaf:givenname", _): person.given = value
    case ("foaf:person", _) where path.contains("bib:authors"):
      let parts = [person.family, person.given].filter { !$0.isEmpty }
      if !parts.isEmpty { names.append(parts.joined(separator: ", ")) }
    case ("dc:subject", 2): open?.tags.append(value)
    case ("rdf:value", _) where path.contains("dc:subject"):
      if isAutomatic { open?.keywords.append(value) } else { open?.tags.append(value) }
      isAutomatic = false
    case ("rdf:value", _) where path.contains("dc:identifier"): open?.clues.add(link: value)
    case ("dc:identifier", _):
      // `DOI 10.1038/nature14539`, also of the journal it is part of; ISSN and ISBN are none.
      if value.hasPrefix("DOI ") { open?.clues.add(doi: String(value.dropFirst(4))) }
    case ("prism:number", _), ("dc:publisher", _): open?.clues.add(text: value)
    default: break
    }
  }

  private mutating func add(_ bytes: Int) {
    size += bytes + 100
    if size > opening.limits.element { isFull = true }
  }

  /// A resource ends: a paper, or what belongs to one.
  private mutating func endResource(_ name: String, _ findings: inout Findings) {
    guard var record = open else { return }
    open = nil
    guard
      !["bib:memo", "z:attachment", "z:collection", "bib:journal", "bib:book-series"]
        .contains(name)
    else { return }
    guard !record.title.isEmpty || record.clues.paper != nil else { return }
    record.bibliography.authors = PersonNames.names(names)
    if isFull {
      handOut(&findings)
      references.take(record, &findings)
      return
    }
    held.append((about, noteLinks, record))
    add(record.title.utf8.count + record.abstract.utf8.count + 500)
    if isFull {
      findings.report(
        "too large to know the notes and collections of all; those from here on have none",
        line: record.line)
    }
  }

  /// Hands out what is held, with its notes and the paths of its collections.
  private mutating func handOut(_ findings: inout Findings) {
    guard !held.isEmpty else { return }
    var folders: [String: [String]] = [:]
    let inner = Set(collections.values.flatMap(\.parts))
    var seen: Set<String> = []
    for id in collections.keys.sorted() where !inner.contains(id) {
      collect(id, [], &seen, &folders)
    }
    for (about, links, record) in held {
      var record = record
      record.tags += folders[about] ?? []
      for link in links { if let note = notes[link] { record.take(note: note) } }
      references.take(record, &findings)
    }
    held = []
  }

  /// The paths of what a collection holds and of those in it; each collection is in one other.
  private func collect(
    _ id: String, _ above: [String], _ seen: inout Set<String>,
    _ folders: inout [String: [String]]
  ) {
    guard above.count < 16, let collection = collections[id], seen.insert(id).inserted else {
      return
    }
    let path = above + [collection.name.replacing("/", with: "-")]
    for part in collection.parts {
      if collections[part] != nil {
        collect(part, path, &seen, &folders)
      } else {
        folders[part, default: []].append(path.joined(separator: "/"))
      }
    }
  }
}
