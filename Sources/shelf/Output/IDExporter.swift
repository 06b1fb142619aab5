import Papers
import URLText

extension ExportFormat {
  static let ids = ExportFormat(
    "ids", explanation: "the identifiers, one a line", flag: "Only the ids, one a line."
  ) { _ in IDExporter() }
}

/// The identifiers, each ended by a line break, or by NUL for `xargs -0`. White space and control
/// characters, which no id of ours has, are percent-encoded: a line is one id whatever it holds.
struct IDExporter: Exporter {
  /// Yes.
  let needsOnlyIDs = true
  /// The byte after each identifier.
  var terminator = UInt8(ascii: "\n")

  private static let visible = PercentEncoding(
    marks: String(decoding: 0x21...0x7E as ClosedRange<UInt8>, as: UTF8.self))

  func append(_ paper: Paper, into out: inout [UInt8]) {
    let id = paper.id.rawValue
    let isPlain = id.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    out.append(contentsOf: (isPlain ? id : Self.visible.encode(id)).utf8)
    out.append(terminator)
  }
}
