import Changes
import Crypto

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
  let sealing: SymmetricKey
  let nonces: SymmetricKey
  /// Tells one key from another without telling anything of either; zeros without a cipher.
  let identity: [UInt8]

  init(cipher: RemoteCipher, library: UInt64, root: SymmetricKey?) {
    self.cipher = cipher
    self.library = library
    let root = root ?? SymmetricKey(data: [UInt8](repeating: 0, count: 32))
    sealing = Self.derive(root, "papershelf seal", 32)
    nonces = Self.derive(root, "papershelf nonce", 32)
    identity =
      cipher == .none
      ? [UInt8](repeating: 0, count: 8) : Self.bytes(Self.derive(root, "papershelf key id", 8))
  }

  /// Keys of which the one that seals is given, for tests: no root makes one that a cipher refuses.
  package init(cipher: RemoteCipher, library: UInt64, sealingKey: [UInt8]) {
    self.cipher = cipher
    self.library = library
    sealing = SymmetricKey(data: sealingKey)
    nonces = sealing
    identity = [UInt8](repeating: 0, count: 8)
  }

  static func derive(_ root: SymmetricKey, _ purpose: String, _ count: Int) -> SymmetricKey {
    HKDF<SHA256>.deriveKey(
      inputKeyMaterial: root, salt: [UInt8](), info: Array(purpose.utf8), outputByteCount: count)
  }

  static func bytes(_ key: SymmetricKey) -> [UInt8] { key.withUnsafeBytes { Array($0) } }
}

/// One sealed file: 96 bytes that say what and whose it is, the payload, and what proves both.
///
///     0   6  "PSHELF"
///     6   1  kind: "s" segment, "h" head
///     7   1  cipher: 0 none, 1 AES-256-GCM, 2 ChaCha20-Poly1305
///     8   4  format, 1
///     12  8  library id
///     20  8  device id
///     28  8  number
///     36  2  part, from 0       } a run of changes too long for one file lies in several
///     38  2  number of parts    } files with consecutive numbers
///     40 32  SHA-256 of the whole file before it in the device's log; zeros before the first
///     72  4  length of the payload
///     76  8  key id; zeros without a cipher
///     84 12  nonce; zeros without a cipher
///     96     payload, encrypted where there is a cipher; the 96 bytes are the associated data
///         16 tag; or, without a cipher, 32 bytes SHA-256 of everything before
///
/// All integers are big-endian. With a cipher nothing of it can be changed, renamed, or moved to
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
  package static func hash(_ bytes: [UInt8]) -> [UInt8] { Array(SHA256.hash(data: bytes)) }

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
    let nonce = keys.cipher == .none ? [UInt8](repeating: 0, count: 12) : nonce(head, keys)
    head += nonce
    do {
      return try Self.encrypt(payload, nonce, head, keys)
    } catch {
      throw .cipher
    }
  }

  private func nonce(_ head: [UInt8], _ keys: RemoteKeys) -> [UInt8] {
    var code = HMAC<SHA256>(key: keys.nonces)
    code.update(data: head)
    code.update(data: payload)
    return Array(Array(code.finalize()).prefix(12))
  }

  private static func encrypt(
    _ payload: [UInt8], _ nonce: [UInt8], _ head: [UInt8], _ keys: RemoteKeys
  ) throws -> [UInt8] {
    switch keys.cipher {
    case .none:
      let body = head + payload
      return body + hash(body)
    case .aesGCM:
      let box = try AES.GCM.seal(
        payload, using: keys.sealing, nonce: .init(data: nonce), authenticating: head)
      return head + Array(box.ciphertext) + Array(box.tag)
    case .chaChaPoly:
      let box = try ChaChaPoly.seal(
        payload, using: keys.sealing, nonce: .init(data: nonce), authenticating: head)
      return head + Array(box.ciphertext) + Array(box.tag)
    }
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
    let device = DeviceID(bits: reader.next(UInt64.self))
    let number = reader.next(UInt64.self)
    let part = reader.next(UInt16.self)
    let parts = reader.next(UInt16.self)
    let previous = Array(bytes[40..<72])
    let length = Int(UInt32(bigEndianBytes: bytes[72..<76]))
    guard format == Self.format else {
      throw format > Self.format ? .newerFormat(Int(format)) : .damaged
    }
    guard bytes.count == Self.headerLength + length + keys.cipher.trailerLength else {
      // Whose length does not fit this cipher may be whole under another.
      throw cipher == keys.cipher.code ? .damaged : .otherKey
    }
    guard library == keys.library else { throw .otherLibrary }
    guard cipher == keys.cipher.code, Array(bytes[76..<84]) == keys.identity else {
      throw .otherKey
    }
    guard let kind = Kind(rawValue: kind), part < parts else { throw .damaged }
    place = Place(
      kind: kind, device: device, number: number, part: part, parts: parts, previous: previous)
    guard let payload = try? Self.decrypt(bytes, length, keys) else { throw .damaged }
    self.payload = payload
  }

  private static func decrypt(
    _ bytes: [UInt8], _ length: Int, _ keys: RemoteKeys
  ) throws -> [UInt8] {
    let body = headerLength..<(headerLength + length)
    let head = bytes[..<headerLength]
    let trailer = bytes[body.upperBound...]
    let nonce = Array(bytes[84..<96])
    switch keys.cipher {
    case .none:
      guard SHA256.hash(data: bytes[..<body.upperBound]).elementsEqual(trailer) else {
        throw SegmentError.damaged
      }
      return Array(bytes[body])
    case .aesGCM:
      let box = try AES.GCM.SealedBox(
        nonce: .init(data: nonce), ciphertext: bytes[body], tag: trailer)
      return Array(try AES.GCM.open(box, using: keys.sealing, authenticating: head))
    case .chaChaPoly:
      let box = try ChaChaPoly.SealedBox(
        nonce: .init(data: nonce), ciphertext: bytes[body], tag: trailer)
      return Array(try ChaChaPoly.open(box, using: keys.sealing, authenticating: head))
    }
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
