import Changes
import JSONText
import Papers

extension ExportFormat {
  static let json = ExportFormat(
    "json", explanation: "one JSON array; import reads it back without loss",
    flag: "One JSON array.", isLossless: true
  ) { JSONArrayExporter(object: $0.paperObject) }
}

/// One JSON array of paper objects, one object a line; `[]` where there is none.
struct JSONArrayExporter: Exporter {
  private let object: PaperObject
  private var isFirst = true

  /// - Parameter object: how a paper is written.
  init(object: PaperObject) { self.object = object }

  mutating func begin(into out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    isFirst = true
  }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
    isFirst = false
    object.append(paper, to: &out)
  }

  mutating func end(into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "]\n" : "\n]\n").utf8)
  }
}
