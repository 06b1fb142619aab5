/// Why content could not be sealed. Nothing of it may be written.
package enum SealingError: Error, Hashable, Sendable {
  /// zlib gave up.
  case compression
  /// A payload of so many bytes is longer than that of any file.
  case tooLong(Int)
  /// The hash of the file before has not the length of one.
  case noHash
  /// The cipher refused the key or the content.
  case cipher
}
