import JSONText
import Papers

/// Turns one object of a JSON digest or of our own exports into an entry, or an envelope into those
/// that it holds.
struct PaperObjectReader {
  private let source: String
  private let date: PaperDate?
  private let object: PaperObject
  private var nextIndex = 0
  private var envelope: JSONEnvelope

  init(_ opening: DigestOpening) {
    source = opening.source
    date = opening.date
    object = opening.object
    envelope = JSONEnvelope(opening)
  }

  /// Reads the bytes of one object.
  mutating func take(_ bytes: [UInt8], line: Int, _ findings: inout Findings) {
    var bytes = bytes
    let isText = String(validating: bytes, as: UTF8.self) != nil
    if !isText { bytes = Array(String(decoding: bytes, as: UTF8.self).utf8) }
    do {
      try bytes.withUnsafeBufferPointer { utf8 in
        let head = try Head(utf8)
        if !isText { findings.report("bytes that are no UTF-8 were replaced", line: line) }
        guard head.isExport, let id = head.id else {
          return try envelope.take(utf8, line: line, &findings)
        }
        try addExported(utf8, id, nextIndex, line, &findings)
        nextIndex += 1
      }
    } catch {
      findings.report("not valid JSON; this object is left out", line: line)
    }
  }

  /// Reads what an envelope holds that was cut off: the papers before the cut.
  mutating func salvage(_ bytes: [UInt8], line: Int, _ findings: inout Findings) {
    let bytes = Array(String(decoding: bytes, as: UTF8.self).utf8)
    bytes.withUnsafeBufferPointer { envelope.salvage($0, line: line, &findings) }
  }

  /// Tells what was left out.
  func finish(_ findings: inout Findings) { envelope.finish(&findings) }

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

  /// What tells an object of ours.
  private struct Head {
    /// Whose paper it is.
    private(set) var id: PaperID?
    /// Whether this is an object of ours: no other maker has both keys.
    var isExport: Bool { hasStatus && hasDigests }
    private var hasStatus = false
    private var hasDigests = false

    init(_ utf8: UnsafeBufferPointer<UInt8>) throws {
      try JSONTextReader.read(utf8) { reader in
        try reader.object { key, reader in
          if key == "id", reader.peek() == UInt8(ascii: "\"") {
            id = PaperID(link: try reader.string())
            return
          }
          if key == "status" { hasStatus = true }
          if key == "digests" { hasDigests = true }
          try reader.skip()
        }
      }
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
