import Papers

/// A field of a paper as one text: a column of csv and tsv, and a `{name}` in a template.
enum PaperField: String, CaseIterable, Sendable {
  case id, title, url, pdf, status, starred, star, tags, keywords, tldr, summary, notes
  case date, source, added, updated, year

  /// The columns of csv and tsv, in order.
  static let columns: [PaperField] = [
    .id, .title, .url, .status, .starred, .tags, .keywords, .tldr, .summary, .notes, .date,
    .source, .added, .updated,
  ]

  /// The text; empty where the paper has none. Lists are joined by `, ` (notes by a blank line),
  /// moments are RFC 3339 UTC, `date` and `source` are those of the latest digest.
  func text(of paper: Paper) -> String {
    switch self {
    case .id: paper.id.rawValue
    case .title: paper.content.title
    case .url: paper.url
    case .pdf: paper.id.pdfURL ?? ""
    case .status: paper.status.rawValue
    case .starred: paper.starred ? "true" : "false"
    case .star: paper.starred ? "★" : ""
    case .tags: paper.tags.map(\.name).joined(separator: ", ")
    case .keywords: paper.content.keywords.joined(separator: ", ")
    case .tldr: paper.content.tldr ?? ""
    case .summary: paper.content.summary
    case .notes: paper.notes.map(\.text).joined(separator: "\n\n")
    case .date: paper.appearances.last?.date?.text ?? ""
    case .source: paper.appearances.last?.source ?? ""
    case .added: Timestamp.rfc3339(paper.added)
    case .updated: Timestamp.rfc3339(paper.updated)
    case .year: SubmissionMonth(paper.id).map { String($0.year) } ?? ""
    }
  }
}
