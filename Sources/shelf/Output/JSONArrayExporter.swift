import Papers

/// One JSON array of paper objects, one object a line; `[]` where there is none.
struct JSONArrayExporter: Exporter {
  private var isFirst = true

  mutating func begin(into out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    isFirst = true
  }

  mutating func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "\n" : ",\n").utf8)
    isFirst = false
    PaperJSON.append(paper, to: &out)
  }

  mutating func end(into out: inout [UInt8]) {
    out.append(contentsOf: (isFirst ? "]\n" : "\n]\n").utf8)
  }
}
