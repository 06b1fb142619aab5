/// A password, token or key that cannot be printed by accident: description, debug description and
/// mirror say only that it is there. Only `Transport` can read it, on the way into libcurl.
///
/// Bytes, because a password need be no UTF-8: a server that keeps it in Latin-1 wants those.
package struct Secret: Hashable, Sendable {
  let revealed: [UInt8]

  /// Takes the bytes as they are; the caller has cut the newline of a file.
  package init(bytes: [UInt8]) { revealed = bytes }

  /// Takes the text as it is.
  package init(_ text: String) { revealed = Array(text.utf8) }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Always the same words.
  package var description: String { "(secret)" }
  /// Always the same words.
  package var debugDescription: String { "(secret)" }
  /// Without children.
  package var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
