import Papers

/// Each paper as a template says, ended by a line break, or by NUL for `-0`.
struct TemplateExporter: Exporter {
  /// What is written of each paper.
  let template: Template
  /// The byte after each paper.
  var terminator = UInt8(ascii: "\n")

  func append(_ paper: Paper, into out: inout [UInt8]) {
    template.append(paper, to: &out)
    out.append(terminator)
  }
}
