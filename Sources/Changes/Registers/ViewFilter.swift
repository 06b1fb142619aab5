import JSONText
import Papers

/// `filter` of a view: a saved filter, or null.
package enum ViewFilter: ValueRegister {
  /// A saved view.
  package static let kind = EntityKind.savedView
  /// `filter`
  package static let field = "filter"
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// There is none.
  package static let unsaid: String? = "null"

  /// A text, or null.
  package static func write(_ value: String?, to json: inout JSONTextWriter) { json.value(value) }

  /// A text, or null.
  package static func read(_ reader: inout JSONTextReader) throws -> String? {
    try reader.optionalString()
  }

  /// A view must have a name that can be one word of a filter, as far as any build made them; one
  /// of any name can be forgotten.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    switch self.value(value) {
    case nil: false
    case .some(nil): true
    case .some:
      !entityKey.isEmpty && !entityKey.utf8.contains(0x20)
        && ReadableLine.isOne(entityKey, longest: Tag.maximumLength)
    }
  }
}

extension Fact {
  /// The filter saved under a name; nil forgets it.
  package static func view(_ name: String, _ filter: String?) -> Fact {
    ViewFilter.fact(name, filter)
  }
}
