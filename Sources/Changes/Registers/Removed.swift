import JSONText
import Papers

/// `removed`: whether the person took a paper off the list for good. A digest that names it again
/// does not bring it back, `add` does.
///
/// Taking off also takes back what was on the paper. So what another machine wrote on it meanwhile,
/// a note or a tag, keeps it on the list there and everywhere: nothing is hidden that nobody saw.
package enum Removed: PaperRegister, ValueRegister {
  /// `removed`
  package static let field = "removed"
  /// As with `added`, neither is worth a question.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// Not.
  package static let unsaid: String? = "false"

  /// A truth.
  package static func write(_ value: Bool, to json: inout JSONTextWriter) { json.bool(value) }
  /// A truth.
  package static func read(_ reader: inout JSONTextReader) throws -> Bool { try reader.bool() }

  /// Whether it was taken off.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let isRemoved: Bool = fold.take(changes, merge, value) else { return false }
    fold.isRemoved = isRemoved
    return true
  }

  /// Nothing: no paper that is exported is off the list.
  package static func facts(of paper: Paper) -> [Fact] { [] }
}

extension Fact {
  /// Whether the person took a paper off the list for good.
  package static func removed(_ id: PaperID, _ on: Bool) -> Fact { Removed.fact(id.rawValue, on) }
}
