import Papers

/// One paper object a line (JSON Lines).
struct JSONLinesExporter: Exporter {
  func append(_ paper: Paper, into out: inout [UInt8]) {
    PaperJSON.append(paper, to: &out)
    out.append(UInt8(ascii: "\n"))
  }
}
