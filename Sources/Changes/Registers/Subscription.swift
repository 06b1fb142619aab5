import JSONText
import Papers

/// `subscription` of a source: what is asked for, as `shelf source add` takes it, or null.
package enum Subscription: ValueRegister {
  /// Where digests come from.
  package static let kind = EntityKind.source
  /// `subscription`
  package static let field = "subscription"
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// There is none.
  package static let unsaid: String? = "null"
  /// What is asked for has no more bytes.
  package static let longest = 4096

  /// A text, or null.
  package static func write(_ value: String?, to json: inout JSONTextWriter) { json.value(value) }

  /// A text, or null.
  package static func read(_ reader: inout JSONTextReader) throws -> String? {
    try reader.optionalString()
  }

  /// Names and what is asked for are shown in a line, and a word names a source; one of any name
  /// can be forgotten. What no build asks for yet is kept: a newer one may know it.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    switch self.value(value) {
    case nil: false
    case .some(nil): true
    case .some(let what?):
      !entityKey.isEmpty && !entityKey.utf8.contains(0x20)
        && ReadableLine.isOne(entityKey, longest: Tag.maximumLength)
        && !what.isEmpty && ReadableLine.isOne(what, longest: longest)
    }
  }
}

extension Fact {
  /// What is asked for under a name; nil forgets it.
  package static func subscription(_ name: String, _ what: String?) -> Fact {
    Subscription.fact(name, what)
  }
}
