import Changes
import JSONText
import Papers

/// The paper object: one and the same wherever `shelf` writes JSON, made of the registers' keys.
enum PaperJSON {
  private static let object = Registers.standard.paperObject

  /// Appends one paper object to bytes.
  static func append(
    _ paper: Paper, to out: inout [UInt8], style: JSONTextWriter.Style = .printed
  ) {
    object.append(paper, to: &out, style: style)
  }
}
