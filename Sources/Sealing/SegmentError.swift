/// Why bytes of a remote folder cannot be used. Facts only; words are made in `shelf`.
package enum SegmentError: Error, Hashable, Sendable {
  /// Short, cut, mixed, or changed: it may be whole the next time.
  case damaged
  /// Nothing Papershelf ever wrote: another program's file, a page in place of one of ours.
  case notPapershelf
  /// A web page where the header is looked for, by which all else is read: the network wants a
  /// login, or a web server stands there.
  case webPage
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
