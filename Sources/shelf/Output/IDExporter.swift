import Papers

extension ExportFormat {
  static let ids = ExportFormat(
    "ids", explanation: "the identifiers, one a line", flag: "Only the ids, one a line."
  ) { _ in IDExporter() }
}

/// The identifiers, each ended by a line break, or by NUL for `xargs -0`.
struct IDExporter: Exporter {
  /// Yes.
  let needsOnlyIDs = true
  /// The byte after each identifier.
  var terminator = UInt8(ascii: "\n")

  func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: paper.id.rawValue.utf8)
    out.append(terminator)
  }
}
