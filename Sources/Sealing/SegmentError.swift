/// Why bytes of a remote folder cannot be used. Facts only; words are made in `shelf`.
package enum SegmentError: Error, Hashable, Sendable {
  /// Short, cut, mixed, or changed: it may be whole the next time.
  case damaged
  /// Nothing Papershelf ever wrote: a login page, another program's file.
  case notPapershelf
  /// The passphrase does not fit the folder's header.
  case wrongPassphrase
  /// The folder is sealed with a passphrase and none was given.
  case passphraseNeeded
  /// The folder is not sealed, but a passphrase was given.
  case notEncrypted
  /// Sealed under another key than the header's: before a change of the passphrase.
  case otherKey
  /// A file of another library's folder.
  case otherLibrary
  /// Whole, but under a name that is not its own.
  case misplaced
  /// Written by a newer Papershelf, in a format this one cannot read.
  case newerFormat(Int)
  /// The header is not as those who hold the key wrote it.
  case forged
  /// The header asks for a key derivation that is too weak or too costly to be ours.
  case unsafeParameters
}
