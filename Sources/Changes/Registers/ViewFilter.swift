import JSONText

/// `filter` of a view: a saved filter, or null.
public enum ViewFilter: ValueRegister {
  /// A saved view.
  public static let kind = EntityKind.savedView
  /// `filter`
  public static let field = "filter"
  /// What the person decided is kept when it loses.
  public static let merge = MergeRule.lastWriter(journalled: true)
  /// There is none.
  public static let unsaid: String? = "null"

  /// A text, or null.
  public static func write(_ value: String?, to json: inout JSONTextWriter) { json.value(value) }

  /// A text, or null.
  public static func read(_ reader: inout JSONTextReader) throws -> String? {
    try reader.optionalString()
  }
}

extension Fact {
  /// The filter saved under a name; nil forgets it.
  public static func view(_ name: String, _ filter: String?) -> Fact {
    ViewFilter.fact(name, filter)
  }
}
