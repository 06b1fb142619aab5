/// What went otherwise than a story tells it. Stops the story; its words stand in the matrix.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// Stops the story unless something is as it should be.
func check(_ isSo: Bool, _ words: @autoclosure () -> String) throws {
  if !isSo { throw Unexpected(words()) }
}

/// Stops the story unless two values are equal.
func equal<Value: Equatable>(_ found: Value, _ wanted: Value, _ words: String) throws {
  if found != wanted { throw Unexpected("\(words): found \(found), wanted \(wanted)") }
}
