import Changes
import JSONText

/// What is written of a paper.
struct PaperForm: Sendable {
  /// Everything that these builds know, and nothing of taste.
  static let standard = PaperForm(.standard)

  /// The registers that are known.
  let registers: Registers
  /// Whether what the order by taste says is written, too.
  let isJudged: Bool
  /// What the papers were asked for by, and when, where a format tells it.
  let origin: ExportOrigin?

  /// A form with everything said.
  init(_ registers: Registers, isJudged: Bool = false, origin: ExportOrigin? = nil) {
    self.registers = registers
    self.isJudged = isJudged
    self.origin = origin
  }

  /// The JSON object.
  var paperObject: PaperObject {
    isJudged ? registers.paperObject.judged : registers.paperObject
  }
  /// What a template may name.
  var fields: [PaperField] {
    PaperField.all(of: registers) + (isJudged ? PaperField.judgement : [])
  }
  /// The columns of csv and tsv.
  var columns: [PaperField] { fields.filter(\.isColumn) }
}

/// A format that papers can be written in. The file of its ``Exporter`` declares it, and one line
/// of ``standard`` names it; help, completion and the manual page are made from that.
struct ExportFormat: Sendable {
  /// Its name on the command line.
  let name: String
  /// One line for `shelf help formats`.
  let explanation: String
  /// What `list`, `search` and `show` say of the flag of its name; nil where they have none.
  let flag: String?
  /// True for what `import` reads back to an equal library.
  let isLossless: Bool
  /// A fresh exporter for papers of this form.
  let exporter: @Sendable (PaperForm) -> any Exporter
  /// Where, in the first bytes of a file of it, ``ExportOrigin/moment`` stands: two files that
  /// differ there only tell the same. Nil where it does not.
  let moment: @Sendable ([UInt8]) -> Range<Int>?

  /// A format with everything said.
  init(
    _ name: String, explanation: String, flag: String? = nil, isLossless: Bool = false,
    moment: @escaping @Sendable ([UInt8]) -> Range<Int>? = { _ in nil },
    exporter: @escaping @Sendable (PaperForm) -> any Exporter
  ) {
    self.name = name
    self.explanation = explanation
    self.flag = flag
    self.isLossless = isLossless
    self.moment = moment
    self.exporter = exporter
  }

  /// Those of this build, in the order of help. A new one is a line here.
  static let standard: [ExportFormat] = [
    .bibtex,
    .ris,
    .cslJSON,
    .markdown,
    .html,
    .atom,
    .json,
    .jsonl,
    .csv,
    .tsv,
    .ids,
  ]
}

extension ExportFormat: Equatable {
  /// By name.
  static func == (a: ExportFormat, b: ExportFormat) -> Bool { a.name == b.name }
}
