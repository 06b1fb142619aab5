/// A value of a field of a paper, whatever the field: how registers, columns, filters and outputs
/// hand it on without knowing each other.
package enum FieldValue: Hashable, Sendable {
  /// None was given.
  case none
  case truth(Bool)
  case integer(Int64)
  case text(String)

  /// By bytes, where it is a text.
  package static func == (a: FieldValue, b: FieldValue) -> Bool {
    switch (a, b) {
    case (.none, .none): true
    case (.truth(let a), .truth(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.text(let a), .text(let b)): a.hasBytes(of: b)
    default: false
    }
  }

  /// By bytes, where it is a text.
  package func hash(into hasher: inout Hasher) {
    switch self {
    case .none: hasher.combine(0)
    case .truth(let on): hasher.combine(on)
    case .integer(let number): hasher.combine(number)
    case .text(let text): text.hashBytes(into: &hasher)
    }
  }

  /// As a cell of a table or a template has it; empty for none.
  package var words: String {
    switch self {
    case .none: ""
    case .truth(let on): on ? "true" : "false"
    case .integer(let number): String(number)
    case .text(let text): text
    }
  }
}
