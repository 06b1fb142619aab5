import Changes
import Papers

/// A field of a paper as one text: a column of csv and tsv, and a `{name}` in a template.
struct PaperField: Sendable {
  /// Its name.
  let name: String
  /// Whether csv and tsv have it.
  let isColumn: Bool
  /// The text; empty where the paper has none.
  let text: @Sendable (Paper) -> String

  /// A field with everything said.
  init(_ name: String, isColumn: Bool = true, text: @escaping @Sendable (Paper) -> String) {
    self.name = name
    self.isColumn = isColumn
    self.text = text
  }

  /// All fields, those of csv and tsv in the order of their columns: what every paper has, what
  /// sources say of who wrote it, then a field for each register that `Paper` has no property for.
  static func all(of registers: Registers) -> [PaperField] {
    common
      + registers.bibliography.map { register in
        PaperField(register.field) { register.words(of: $0) }
      }
      + registers.otherFields.map { register in
        PaperField(register.field) { register.fieldValue(of: $0).words }
      }
  }

  /// What the order by taste says.
  static let judgement = [
    PaperField("taste") { $0.judgement?.shareText ?? "" },
    PaperField("because") { $0.judgement.map(JudgementWords.line) ?? "" },
  ]

  /// The columns of csv and tsv.
  static func columns(of registers: Registers) -> [PaperField] {
    all(of: registers).filter(\.isColumn)
  }

  /// Lists are joined by `, ` (authors by `; `, notes by a blank line), moments are RFC 3339 UTC,
  /// `date` and `source` are those of the latest digest.
  private static let common = [
    PaperField("id") { $0.id.rawValue },
    PaperField("title") { $0.content.title },
    PaperField("url") { $0.url },
    PaperField("pdf", isColumn: false) { $0.id.pdfURL ?? "" },
    PaperField("status") { $0.status.rawValue },
    PaperField("starred") { $0.starred ? "true" : "false" },
    PaperField("star", isColumn: false) { $0.starred ? "★" : "" },
    PaperField("tags") { $0.tags.map(\.name).joined(separator: ", ") },
    PaperField("keywords") { $0.content.keywords.joined(separator: ", ") },
    PaperField("tldr") { $0.content.tldr ?? "" },
    PaperField("lead", isColumn: false) { $0.lead ?? "" },
    PaperField("summary") { $0.content.summary },
    notes,
    PaperField("date") { $0.appearances.last?.date?.text ?? "" },
    PaperField("source") { $0.appearances.last?.source ?? "" },
    PaperField("added") { Timestamp.rfc3339($0.added) },
    PaperField("updated") { Timestamp.rfc3339($0.updated) },
    year,
  ]

  /// The notes, a blank line between.
  static let notes = PaperField("notes") { $0.notes.map(\.text).joined(separator: "\n\n") }
  /// The year it was published, as a source or its arXiv id tells.
  static let year = PaperField("year", isColumn: false) {
    $0.publication.map { String($0.year) } ?? ""
  }
}

extension PaperField: Equatable {
  /// By name.
  static func == (a: PaperField, b: PaperField) -> Bool { a.name == b.name }
}
