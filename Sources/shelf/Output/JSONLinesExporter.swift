import Changes
import JSONText
import Papers

extension ExportFormat {
  static let jsonl = ExportFormat(
    "jsonl", explanation: "one JSON object a line; import reads it back without loss",
    flag: "One JSON object a line.", isLossless: true
  ) { JSONLinesExporter(object: $0.paperObject) }
}

/// One paper object a line (JSON Lines).
struct JSONLinesExporter: Exporter {
  /// How a paper is written.
  let object: PaperObject

  func append(_ paper: Paper, into out: inout [UInt8]) {
    object.append(paper, to: &out)
    out.append(UInt8(ascii: "\n"))
  }
}
