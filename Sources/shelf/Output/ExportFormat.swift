/// The formats that papers can be written in; the raw value is the name on the command line.
///
/// A new format is one file with its ``Exporter``, and one line in each switch here.
enum ExportFormat: String, CaseIterable, Sendable {
  case bibtex, ris
  case cslJSON = "csl-json"
  case markdown, html, json, jsonl, csv, tsv, ids

  /// One line for `shelf help formats`.
  var about: String {
    switch self {
    case .bibtex: "BibTeX, one @misc a paper"
    case .ris: "RIS, for reference managers"
    case .cslJSON: "CSL-JSON, for pandoc and reference managers"
    case .markdown: "Markdown to read; import reads it back without loss"
    case .html: "one self-contained page that opens without a network"
    case .json: "one JSON array; import reads it back without loss"
    case .jsonl: "one JSON object a line; import reads it back without loss"
    case .csv: "comma-separated values (RFC 4180) with a guard against formulas"
    case .tsv: "tab-separated values, tabs and line breaks as \\t and \\n"
    case .ids: "the identifiers, one a line"
    }
  }

  /// True for what `import` reads back to an equal library.
  var isLossless: Bool { [.markdown, .json, .jsonl].contains(self) }

  /// A fresh exporter.
  func exporter() -> any Exporter {
    switch self {
    case .bibtex: BibTeXExporter()
    case .ris: RISExporter()
    case .cslJSON: CSLExporter()
    case .markdown: MarkdownExporter()
    case .html: HTMLExporter()
    case .json: JSONArrayExporter()
    case .jsonl: JSONLinesExporter()
    case .csv: CSVExporter()
    case .tsv: TSVExporter()
    case .ids: IDExporter()
    }
  }
}
