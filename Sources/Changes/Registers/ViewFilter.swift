import JSONText

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
}

extension Fact {
  /// The filter saved under a name; nil forgets it.
  package static func view(_ name: String, _ filter: String?) -> Fact {
    ViewFilter.fact(name, filter)
  }
}
