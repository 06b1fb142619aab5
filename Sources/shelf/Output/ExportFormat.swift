import Changes

/// A format that papers can be written in. The file of its ``Exporter`` declares it, and one line
/// of ``standard`` names it; help, completion and the manual page are made from that.
struct ExportFormat: Sendable {
  /// Its name on the command line.
  let name: String
  /// One line for `shelf help formats`.
  let explanation: String
  /// What `list`, `search` and `show` say of the flag of its name; nil where they have none.
  let flag: String?
  /// True for what `import` reads back to an equal library.
  let isLossless: Bool
  /// A fresh exporter for papers of these registers.
  let exporter: @Sendable (Registers) -> any Exporter

  /// A format with everything said.
  init(
    _ name: String, explanation: String, flag: String? = nil, isLossless: Bool = false,
    exporter: @escaping @Sendable (Registers) -> any Exporter
  ) {
    self.name = name
    self.explanation = explanation
    self.flag = flag
    self.isLossless = isLossless
    self.exporter = exporter
  }

  /// Those of this build, in the order of help. A new one is a line here.
  static let standard: [ExportFormat] = [
    .bibtex,
    .ris,
    .cslJSON,
    .markdown,
    .html,
    .json,
    .jsonl,
    .csv,
    .tsv,
    .ids,
  ]
}

extension ExportFormat: Equatable {
  /// By name.
  static func == (a: ExportFormat, b: ExportFormat) -> Bool { a.name == b.name }
}
