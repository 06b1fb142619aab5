/// The first bytes of a digest, by which its format is told. Skips white space but counts its
/// lines, and holds no more than a few words.
struct DigestHead {
  private static let limit = 16 << 10
  /// Beyond so many bytes the formats are asked only at the ends of lines and now and then, so that
  /// looking at a long head stays cheap.
  private static let closeLook = 64
  /// The bytes looked at, white space before them left out.
  private(set) var bytes: [UInt8] = []
  /// The line on which they begin.
  private(set) var line = 1
  private(set) var isAfterCarriageReturn = false

  /// Takes one byte.
  mutating func take(_ byte: UInt8) {
    if bytes.isEmpty, Byte.isSpace(byte) {
      if byte == Byte.carriageReturn || (byte == Byte.lineFeed && !isAfterCarriageReturn) {
        line += 1
      }
      isAfterCarriageReturn = byte == Byte.carriageReturn
    } else {
      isAfterCarriageReturn = false
      bytes.append(byte)
    }
  }

  /// The format as soon as it is known: the first that recognises the digest, or the last one.
  func format(among formats: [any DigestFormat], isWhole: Bool) -> (any DigestFormat)? {
    guard !bytes.isEmpty else { return isWhole ? formats.last : nil }
    guard isWhole || isTelling else { return nil }
    for format in formats.dropLast() {
      switch format.recognises(bytes.span, isWhole: isWhole) {
      case .yes: return format
      case .no: continue
      case .needsMore: if !isWhole, bytes.count < Self.limit { return nil }
      }
    }
    return formats.last
  }

  /// Whether it is worth a look.
  private var isTelling: Bool {
    bytes.count <= Self.closeLook || bytes.count % Self.closeLook == 0
      || bytes.last == Byte.lineFeed || bytes.last == Byte.carriageReturn
  }
}
