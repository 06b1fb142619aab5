/// A password, token or key that cannot be printed by accident: description, debug description and
/// mirror say only that it is there. Only `Transport` can read it, on the way into libcurl.
package struct Secret: Hashable, Sendable {
  let revealed: String

  /// Takes the text as it is; the caller has cut the newline of a file.
  package init(_ text: String) { revealed = text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the same words.
  package var description: String { "(secret)" }
  /// Always the same words.
  package var debugDescription: String { "(secret)" }
  /// Without children.
  package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
