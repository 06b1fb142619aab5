import Papers

extension ExportFormat {
  static let csv = ExportFormat(
    "csv",
    explanation: "comma-separated values (RFC 4180) with a guard against formulas",
    flag: "Comma-separated values with a header."
  ) { CSVExporter(fields: $0.columns) }
}

/// Comma-separated values: RFC 4180, a header line, CR LF.
///
/// What a spreadsheet would run as a formula, whichever separator it takes, gets a leading `'`; see
/// ``FormulaGuard``.
struct CSVExporter: Exporter {
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
      if index > 0 { out.append(UInt8(ascii: ",")) }
      append(cell, into: &out)
    }
    out.append(contentsOf: "\r\n".utf8)
  }

  private static func append(_ cell: String, into out: inout [UInt8]) {
    let cell = FormulaGuard.guarded(cell)
    guard cell.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0D || $0 == 0x0A }) else {
      return out.append(contentsOf: cell.utf8)
    }
    out.append(0x22)
    for byte in cell.utf8 {
      if byte == 0x22 { out.append(byte) }
      out.append(byte)
    }
    out.append(0x22)
  }
}
