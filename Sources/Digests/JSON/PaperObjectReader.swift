import JSONText
import Papers

/// Turns one object of a JSON digest or of our own exports into an entry.
struct PaperObjectReader {
  private let source: String
  private let date: PaperDate?
  private let object: PaperObject
  private var nextIndex = 0

  init(_ opening: DigestOpening) {
    source = opening.source
    date = opening.date
    object = opening.object
  }

  /// Reads the bytes of one object.
  mutating func take(_ bytes: [UInt8], line: Int, _ findings: inout Findings) {
    var bytes = bytes
    let isText = String(validating: bytes, as: UTF8.self) != nil
    if !isText { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    let index = nextIndex
    do {
      try bytes.withUnsafeBufferPointer { utf8 in
        let head = try Head(utf8)
        if !isText { findings.report("bytes that are no UTF-8 were replaced", line: line) }
        nextIndex += 1
        guard let id = head.id else {
          findings.report("an object without the id of a paper; left out", line: line)
          return
        }
        if head.isExport {
          try addExported(utf8, id, index, line, &findings)
        } else {
          add(head, id, index, line, &findings)
        }
      }
    } catch {
      findings.report("not valid JSON; this object is left out", line: line)
    }
  }

  /// A paper as another maker tells it: Hugging Face's daily papers, or a flat object.
  private func add(
    _ head: Head, _ id: PaperID, _ index: Int, _ line: Int, _ findings: inout Findings
  ) {
    let content = PaperContent(
      title: head.wrapped.title ?? head.title ?? "",
      described: head.wrapped.summary ?? head.summary ?? "")
    let day = head.wrapped.day.flatMap { PaperDate(String($0.prefix(10))) }
    findings.add(
      DigestEntry(
        id: id, content: content,
        appearance: Appearance(date: day ?? date, index: index, source: source), line: line))
  }

  /// A paper of our own export, with all the person did.
  private func addExported(
    _ utf8: UnsafeBufferPointer<UInt8>, _ id: PaperID, _ index: Int, _ line: Int,
    _ findings: inout Findings
  ) throws {
    var paper = Paper(id: id, updated: Note.unknownTime)
    for problem in try object.read(utf8, into: &paper) {
      findings.report("\(id): \(problem)", line: line)
    }
    if paper.updated == Note.unknownTime { paper.updated = paper.added }
    for place in paper.notes.indices {
      if paper.notes[place].created == Note.unknownTime { paper.notes[place].created = paper.added }
      if paper.notes[place].updated == Note.unknownTime {
        paper.notes[place].updated = paper.notes[place].created
      }
    }
    let first = paper.appearances.first ?? Appearance(date: date, index: index, source: source)
    findings.add(
      DigestEntry(id: id, content: paper.content, appearance: first, line: line, exported: paper))
  }

  /// What an object must tell before it is known whose it is, and all that other makers tell: every
  /// key may be missing, or be of another type, without harm to the rest.
  private struct Head {
    /// Whose paper it is.
    private(set) var id: PaperID?
    private(set) var title: String?
    private(set) var summary: String?
    /// Hugging Face's daily papers wrap the paper.
    private(set) var wrapped = Wrapped()
    /// Whether this is an object of ours: no other maker has both keys.
    var isExport: Bool { hasStatus && hasDigests }
    private var hasStatus = false
    private var hasDigests = false

    struct Wrapped {
      var id: String?
      var title: String?
      var summary: String?
      var day: String?
    }

    init(_ utf8: UnsafeBufferPointer<UInt8>) throws {
      var (name, url, abstract) = (String?.none, String?.none, String?.none)
      try JSONTextReader.read(utf8) { reader in
        try reader.object { key, reader in
          switch key {
          case "id", "arxiv_id": name = try Self.text(&reader) ?? name
          case "url", "link": url = try Self.text(&reader) ?? url
          case "title": title = try Self.text(&reader)
          case "summary": summary = try Self.text(&reader)
          case "abstract": abstract = try Self.text(&reader)
          case "paper" where reader.peek() == UInt8(ascii: "{"): try readWrapped(&reader)
          case "status":
            hasStatus = true
            try reader.skip()
          case "digests":
            hasDigests = true
            try reader.skip()
          default: try reader.skip()
          }
        }
      }
      summary = summary ?? abstract
      id = PaperID(link: wrapped.id ?? name ?? url ?? "") ?? url.flatMap { PaperID(link: $0) }
    }

    private mutating func readWrapped(_ reader: inout JSONTextReader) throws {
      try reader.object { key, reader in
        switch key {
        case "id": wrapped.id = try Self.text(&reader)
        case "title": wrapped.title = try Self.text(&reader)
        case "summary": wrapped.summary = try Self.text(&reader)
        case "submittedOnDailyAt": wrapped.day = try Self.text(&reader)
        default: try reader.skip()
        }
      }
    }

    /// The string that comes next; nil for anything else.
    private static func text(_ reader: inout JSONTextReader) throws -> String? {
      guard reader.peek() == UInt8(ascii: "\"") else {
        try reader.skip()
        return nil
      }
      return try reader.string()
    }
  }
}

extension PaperContent {
  /// Content with a title of any layout and a summary that may or may not be structured. A summary
  /// without labels or keywords is left as it is: one section with the same text says nothing new.
  /// Lines broken to a width are put together.
  init(title: String, described summary: String) {
    let name = Array(title.utf8)
    let summary = HardWrap.joined(summary)
    let text = Array(summary.utf8)
    let parts = Summary(text.span, seeksPlainKeywords: false)
    self.init(
      title: name.span.title(0..<name.count), summary: summary, keywords: parts.keywords,
      tldr: parts.tldr, sections: parts.isStructured ? parts.sections : [])
  }
}
