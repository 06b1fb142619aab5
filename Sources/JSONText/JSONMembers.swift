import Papers

/// Values and members in the forms that the objects of `shelf` have.
extension JSONTextWriter {
  /// A writer for what a person may look at.
  package static var printed: JSONTextWriter { JSONTextWriter(style: .printed) }

  /// Writes an array with one element for each of `values`.
  package mutating func array<Value>(
    _ values: some Sequence<Value>, _ element: (inout JSONTextWriter, Value) -> Void
  ) {
    array { for value in values { element(&$0, value) } }
  }

  /// Writes a string; nil is `null`.
  package mutating func value(_ text: String?) {
    if let text { string(text) } else { null() }
  }

  /// Writes a whole number.
  package mutating func value(_ number: Int) { self.number(number) }

  /// Writes `true` or `false`.
  package mutating func value(_ truth: Bool) { bool(truth) }

  /// Writes a moment as an RFC 3339 string.
  package mutating func value(milliseconds: Int64) { string(Timestamp.rfc3339(milliseconds)) }

  /// Writes a member of a string, or `null`.
  package mutating func member(_ name: StaticString, _ text: String?) {
    key(name)
    value(text)
  }

  /// Writes a member of a whole number.
  package mutating func member(_ name: StaticString, _ number: Int) {
    key(name)
    value(number)
  }

  /// Writes a member of a truth value.
  package mutating func member(_ name: StaticString, _ truth: Bool) {
    key(name)
    value(truth)
  }

  /// Writes a member of an array of strings.
  package mutating func member(_ name: StaticString, _ texts: [String]) {
    key(name)
    array(texts) { $0.value($1) }
  }

  /// Writes a member that is a moment.
  package mutating func member(_ name: StaticString, milliseconds: Int64) {
    key(name)
    value(milliseconds: milliseconds)
  }
}
