import Papers

extension ExportFormat {
  static let tsv = ExportFormat(
    "tsv", explanation: "tab-separated values, tabs and line breaks as \\t and \\n",
    flag: "Tab-separated values with a header."
  ) { TSVExporter(fields: $0.columns) }
}

/// Tab-separated values with a header line: one line a paper, whatever its texts hold. In a cell a
/// backslash, tab, LF, CR and NUL are `\\`, `\t`, `\n`, `\r` and `\0`.
struct TSVExporter: Exporter {
  /// The columns.
  let fields: [PaperField]

  func begin(into out: inout [UInt8]) {
    Self.record(fields.map(\.name), into: &out)
  }

  func append(_ paper: Paper, into out: inout [UInt8]) {
    Self.record(fields.map { $0.text(paper) }, into: &out)
  }

  private static func record(_ cells: [String], into out: inout [UInt8]) {
    for (index, cell) in cells.enumerated() {
      if index > 0 { out.append(0x09) }
      for byte in cell.utf8 { append(byte, into: &out) }
    }
    out.append(0x0A)
  }

  private static func append(_ byte: UInt8, into out: inout [UInt8]) {
    switch byte {
    case 0x5C: out.append(contentsOf: "\\\\".utf8)
    case 0x09: out.append(contentsOf: "\\t".utf8)
    case 0x0A: out.append(contentsOf: "\\n".utf8)
    case 0x0D: out.append(contentsOf: "\\r".utf8)
    case 0x00: out.append(contentsOf: "\\0".utf8)
    default: out.append(byte)
    }
  }
}
