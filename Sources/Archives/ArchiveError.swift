/// Why an archive is not read.
package enum ArchiveError: Error, Hashable, Sendable {
  /// It ends before it is complete.
  case cutOff(ArchiveKind)
  /// It holds what no such archive holds, or its check sum is of other bytes.
  case damaged(ArchiveKind)
  /// So much comes out of so little that it is no text.
  case bomb(ArchiveKind)
  /// Its parts are encrypted.
  case encrypted
  /// A way of packing that is not known.
  case unknownMethod
  /// More parts, or a longer list of them, than is read.
  case tooLarge
  /// None of its parts is called as lists are.
  case withoutLists
  /// The library that unpacks it is not on this machine.
  case noLibrary(detail: String)
  /// Unpacking takes more memory than there is, or than is allowed.
  case noMemory
  /// Reading the file failed.
  case unreadable(code: Int32)
}

/// What is opened before it is read, told by the first bytes.
package enum ArchiveKind: Hashable, Sendable {
  case gzip, xz, zip

  /// So many bytes tell.
  package static let markLength = 6

  /// The kind of a file that begins so; nil for any other.
  package init?(mark: some Collection<UInt8>) {
    if mark.starts(with: [0x1F, 0x8B, 0x08]) {
      self = .gzip
    } else if mark.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]) {
      self = .xz
    } else if mark.starts(with: [0x50, 0x4B, 0x03, 0x04])
      || mark.starts(with: [0x50, 0x4B, 0x05, 0x06])
    {
      self = .zip
    } else {
      return nil
    }
  }
}
