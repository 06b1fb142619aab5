import Papers

extension ExportFormat {
  static let ris = ExportFormat(
    "ris", explanation: "RIS, for reference managers"
  ) { _ in RISExporter() }
}

/// RIS (the tagged format of Research Information Systems), CR LF.
///
/// Invariant: a value is one line without control characters, so none can be taken for a tag.
struct RISExporter: Exporter {
  func append(_ paper: Paper, into out: inout [UInt8]) {
    let isArXiv = paper.id.kind == .arXiv
    Self.line("TY", isArXiv ? "UNPB" : "GEN", &out)
    Self.line("TI", paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title, &out)
    for name in paper.bibliography.authors.compactMap({ AuthorName($0) }) {
      Self.line("AU", name.inverted, &out)
    }
    if let date = paper.publication {
      Self.line("PY", String(date.year), &out)
      Self.line("DA", Self.parts(date), &out)
    }
    if isArXiv { Self.line("AN", "arXiv:" + paper.id.rawValue, &out) }
    if paper.id.kind == .doi { Self.line("DO", String(paper.id.rawValue.dropFirst(4)), &out) }
    Self.line("UR", paper.url, &out)
    let abstract = paper.bibliography.abstract ?? paper.content.tldr ?? paper.content.summary
    Self.line("AB", abstract, &out)
    for word in Keywords.all(of: paper) { Self.line("KW", word, &out) }
    for note in paper.notes { Self.line("N1", note.text, &out) }
    out.append(contentsOf: "ER  - \r\n\r\n".utf8)
  }

  /// `YYYY/MM/DD/other`, where what is not known is left out between its slashes.
  private static func parts(_ date: PublicationDate) -> String {
    let known = date.text.split(separator: "-")
    return known.joined(separator: "/") + String(repeating: "/", count: 4 - known.count)
  }

  private static func line(_ tag: String, _ value: String, _ out: inout [UInt8]) {
    let flat = OneLine.flat(value)
    if !flat.isEmpty { out.append(contentsOf: "\(tag)  - \(flat)\r\n".utf8) }
  }
}
