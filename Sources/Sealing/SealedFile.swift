import CCrypto
import Changes

/// How the content of a remote folder is sealed.
package enum RemoteCipher: String, Sendable, CaseIterable {
  /// In clear, with a SHA-256 against damage.
  case none
  /// AES-256 in Galois/counter mode (NIST SP 800-38D).
  case aesGCM = "aes-256-gcm"
  /// ChaCha20 and Poly1305 (RFC 8439).
  case chaChaPoly = "chacha20-poly1305"

  var code: UInt8 {
    switch self {
    case .none: 0
    case .aesGCM: 1
    case .chaChaPoly: 2
    }
  }

  var trailerLength: Int { self == .none ? 32 : 16 }

  /// Its name in libcrypto; nil without one.
  var algorithm: ccrypto_cipher? {
    switch self {
    case .none: nil
    case .aesGCM: ccrypto_aes_256_gcm
    case .chaChaPoly: ccrypto_chacha20_poly1305
    }
  }
}

/// What seals and opens the files of one remote folder. Made by ``RemoteHeader``.
///
/// Nonces are not drawn but derived from all that is sealed (as in SIV, RFC 5297), so the same
/// content under the same name always gives the same bytes, and no nonce serves two contents.
package struct RemoteKeys: Sendable {
  /// How content is sealed.
  package let cipher: RemoteCipher
  /// The library all files of the folder belong to.
  package let library: UInt64
  let sealing: SecretKey
  let nonces: SecretKey
  /// Tells one key from another without telling anything of either; zeros without a cipher.
  let identity: [UInt8]

  init(cipher: RemoteCipher, library: UInt64, root: SecretKey?) {
    self.cipher = cipher
    self.library = library
    guard cipher != .none, let root else {
      // To derive keys for nothing costs more than all else of a quiet sync.
      (sealing, nonces) = (SecretKey([]), SecretKey([]))
      identity = [UInt8](repeating: 0, count: 8)
      return
    }
    // The ciphers name of a build before is left out, as it was.
    let name = cipher == .aesGCM ? "" : " " + cipher.rawValue
    sealing = Self.derive(root, "papershelf seal" + name, 32)
    nonces = Self.derive(root, "papershelf nonce", 32)
    identity = Self.bytes(Self.derive(root, "papershelf key id", 8))
  }

  /// Keys of which the one that seals is given, for tests: no root makes one that a cipher refuses.
  package init(cipher: RemoteCipher, library: UInt64, sealingKey: [UInt8]) {
    self.cipher = cipher
    self.library = library
    sealing = SecretKey(sealingKey)
    nonces = sealing
    identity = [UInt8](repeating: 0, count: 8)
  }

  /// A key for one purpose; one of no bytes, which every cipher refuses, where there is none.
  static func derive(_ root: SecretKey, _ purpose: String, _ count: Int) -> SecretKey {
    Cryptography.hkdf(root, purpose, count) ?? SecretKey([])
  }

  static func bytes(_ key: SecretKey) -> [UInt8] { key.withBytes { Array($0) } }
}

/// One sealed file: 96 bytes that say what and whose it is, the payload, and what proves both
/// (Sources/Sync/FORMAT.md). With a cipher nothing of it can be changed, renamed, or moved to
/// another place, device, or library without the tag failing.
package struct SealedFile: Hashable, Sendable {
  /// What kind of file it is.
  package enum Kind: UInt8, Sendable {
    case segment = 0x73
    case head = 0x68
  }

  /// Where a file belongs: what its name says, and more.
  package struct Place: Hashable, Sendable {
    /// The kind.
    package var kind: Kind
    /// The device whose file it is.
    package var device: DeviceID
    /// Number of the segment; of a head, the newest segment's.
    package var number: UInt64
    /// Which part of a run this is, from 0.
    package var part: UInt16 = 0
    /// Of how many.
    package var parts: UInt16 = 1
    /// Hash of the file before.
    package var previous = SealedFile.noHash

    /// A place with everything said.
    package init(
      kind: Kind, device: DeviceID, number: UInt64, part: UInt16 = 0, parts: UInt16 = 1,
      previous: [UInt8] = SealedFile.noHash
    ) {
      self.kind = kind
      self.device = device
      self.number = number
      self.part = part
      self.parts = parts
      self.previous = previous
    }
  }

  /// Where it belongs.
  package var place: Place
  /// What it holds, opened.
  package var payload: [UInt8]

  /// What stands for a hash before the first segment.
  package static let noHash = [UInt8](repeating: 0, count: 32)
  /// This build's format.
  package static let format = 1
  /// The length of what stands before the payload.
  package static let headerLength = 96
  /// No sealed file is longer.
  package static let maximumLength = 512 * 1024
  /// No payload is longer, whatever the cipher.
  package static let maximumPayload = maximumLength - headerLength - 32

  private static let magic = Array("PSHELF".utf8)

  /// A file at a place.
  package init(place: Place, payload: [UInt8]) {
    self.place = place
    self.payload = payload
  }

  /// The name of bytes in a chain: their SHA-256.
  package static func hash(_ bytes: [UInt8]) -> [UInt8] { Cryptography.sha256(bytes[...]) }

  // MARK: Sealing

  /// The bytes to store.
  package func sealed(with keys: RemoteKeys) throws(SealingError) -> [UInt8] {
    guard payload.count <= Self.maximumPayload else { throw .tooLong(payload.count) }
    guard place.previous.count == Self.noHash.count else { throw .noHash }
    var head = Self.magic
    head.reserveCapacity(Self.headerLength + payload.count + 32)
    head += [place.kind.rawValue, keys.cipher.code]
    head += bigEndian(UInt32(Self.format)) + bigEndian(keys.library)
    head += bigEndian(place.device.bits) + bigEndian(place.number)
    head += bigEndian(place.part) + bigEndian(place.parts)
    head += place.previous + bigEndian(UInt32(clamping: payload.count)) + keys.identity
    guard let cipher = keys.cipher.algorithm else {
      let body = head + [UInt8](repeating: 0, count: 12) + payload
      return body + Self.hash(body)
    }
    guard let code = Cryptography.hmac(head + payload, key: keys.nonces) else { throw .cipher }
    let nonce = Array(code.prefix(12))
    head += nonce
    let sealed = Cryptography.seal(payload, cipher, key: keys.sealing, nonce: nonce, head: head)
    guard let sealed else { throw .cipher }
    return head + sealed
  }

  // MARK: Opening

  /// Opens bytes from outside. A total function: any bytes give a file or a ``SegmentError``.
  package init(opening bytes: [UInt8], with keys: RemoteKeys) throws(SegmentError) {
    guard bytes.starts(with: Self.magic) else { throw .notPapershelf }
    guard bytes.count >= Self.headerLength, bytes.count <= Self.maximumLength else {
      throw .damaged
    }
    var reader = BigEndianReader(bytes, at: 6)
    let kind = reader.next(UInt8.self)
    let cipher = reader.next(UInt8.self)
    let format = reader.next(UInt32.self)
    let library = reader.next(UInt64.self)
    guard format == Self.format, library == keys.library, cipher == keys.cipher.code,
      Array(bytes[76..<84]) == keys.identity
    else {
      let isOurs =
        Self.isNear(bytes, library, keys) && !Self.isWhole(bytes) || Self.proves(bytes, keys)
        // No key serves two ciphers.
        || format == Self.format && Self.isSame(bytes, library, keys)
      throw isOurs || format < Self.format
        ? .damaged
        : format > Self.format
          ? .newerFormat(Int(format)) : library != keys.library ? .otherLibrary : .otherKey
    }
    let device = DeviceID(bits: reader.next(UInt64.self))
    let number = reader.next(UInt64.self)
    let part = reader.next(UInt16.self)
    let parts = reader.next(UInt16.self)
    let previous = Array(bytes[40..<72])
    let length = Int(UInt32(bigEndianBytes: bytes[72..<76]))
    guard bytes.count == Self.headerLength + length + keys.cipher.trailerLength else {
      throw .damaged
    }
    guard let kind = Kind(rawValue: kind), part < parts else { throw .damaged }
    place = Place(
      kind: kind, device: device, number: number, part: part, parts: parts, previous: previous)
    guard let payload = Self.opened(bytes, length, keys) else { throw .damaged }
    self.payload = payload
  }

  /// Whether what names another library or another key differs from ours in so few bits that it is
  /// ours, and damaged: two names drawn at random differ in half of all 64, and in three or fewer
  /// once in 10^14 times.
  private static func isNear(_ bytes: [UInt8], _ library: UInt64, _ keys: RemoteKeys) -> Bool {
    guard !isSame(bytes, library, keys) else { return false }
    let key = zip(bytes[76..<84], keys.identity).reduce(0) { $0 + ($1.0 ^ $1.1).nonzeroBitCount }
    return key <= 3 && (library ^ keys.library).nonzeroBitCount <= 3
  }

  /// Whether a file names our library and our key.
  private static func isSame(_ bytes: [UInt8], _ library: UInt64, _ keys: RemoteKeys) -> Bool {
    library == keys.library && keys.identity.elementsEqual(bytes[76..<84])
  }

  /// Whether a file without a cipher is as it was written, by whomever: nothing in it flipped.
  private static func isWhole(_ bytes: [UInt8]) -> Bool {
    let trailer = RemoteCipher.none.trailerLength
    return bytes[7] == RemoteCipher.none.code
      && Cryptography.sha256(bytes[..<(bytes.count - trailer)])
        .elementsEqual(bytes.suffix(trailer))
  }

  /// Whether a file is whole but for what it says of its format, its cipher, its library or its
  /// key.
  private static func proves(_ bytes: [UInt8], _ keys: RemoteKeys) -> Bool {
    let length = Int(UInt32(bigEndianBytes: bytes[72..<76]))
    guard bytes.count == headerLength + length + keys.cipher.trailerLength else { return false }
    var mended = bytes
    mended[7] = keys.cipher.code
    mended.replaceSubrange(8..<20, with: bigEndian(UInt32(format)) + bigEndian(keys.library))
    mended.replaceSubrange(76..<84, with: keys.identity)
    return opened(mended, length, keys) != nil
  }

  private static func opened(_ bytes: [UInt8], _ length: Int, _ keys: RemoteKeys) -> [UInt8]? {
    let end = headerLength + length
    guard let cipher = keys.cipher.algorithm else {
      let hash = Cryptography.sha256(bytes[..<end])
      return hash.elementsEqual(bytes[end...]) ? Array(bytes[headerLength..<end]) : nil
    }
    return Cryptography.open(
      bytes[headerLength...], cipher, key: keys.sealing, nonce: Array(bytes[84..<96]),
      head: bytes[..<headerLength])
  }
}

private func bigEndian(_ value: some FixedWidthInteger) -> [UInt8] {
  withUnsafeBytes(of: value.bigEndian) { Array($0) }
}

/// Reads integers from bytes whose length was checked; beyond the end it reads zeros.
private struct BigEndianReader {
  let bytes: [UInt8]
  var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  mutating func next<Value: FixedWidthInteger & UnsignedInteger>(_ type: Value.Type) -> Value {
    let width = Value.bitWidth / 8
    let end = min(bytes.count, position + width)
    let value = Value(bigEndianBytes: bytes[min(position, end)..<end])
    position += width
    return value
  }
}

extension FixedWidthInteger {
  fileprivate init(bigEndianBytes bytes: some Collection<UInt8>) {
    self = bytes.reduce(0) { $0 << 8 | Self(truncatingIfNeeded: $1) }
  }
}
