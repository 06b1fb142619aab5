import Changes
import JSONText

/// The file `papershelf` of a remote folder: what library it is, and how it is sealed
/// (Sources/Sync/FORMAT.md).
package struct RemoteHeader: Hashable, Sendable {
  /// scrypt's parameters (RFC 7914).
  package struct Derivation: Hashable, Sendable {
    /// Cost: a power of two.
    package var n: Int
    /// Block size.
    package var r: Int
    /// Parallelism.
    package var p: Int
    /// 16 bytes.
    package var salt: [UInt8]

    /// Parameters with everything said.
    package init(n: Int, r: Int, p: Int, salt: [UInt8]) {
      self.n = n
      self.r = r
      self.p = p
      self.salt = salt
    }

    /// Below is too weak; above is an attack on the reader's memory (128·n·r bytes) or patience.
    var isAcceptable: Bool {
      n >= 1 << 14 && n <= 1 << 20 && n & (n - 1) == 0 && (8...16).contains(r)
        && (1...8).contains(p) && n * r <= 1 << 21 && salt.count == 16
    }

    /// What all keys of a folder are made from: a quarter of a second and 32 MiB.
    /// - Throws: ``SegmentError/unsafeParameters``
    package func root(of passphrase: [UInt8]) throws(SegmentError) -> RootKey {
      guard isAcceptable else { throw .unsafeParameters }
      guard let key = Cryptography.scrypt(passphrase, salt: salt, n: n, r: r, p: p, 32) else {
        throw .unsafeParameters
      }
      return RootKey(key: key)
    }
  }

  /// What a passphrase and its derivation make, so that it is made once.
  package struct RootKey: Sendable {
    let key: SecretKey
  }

  /// Names the library for good.
  package var library: UInt64
  /// Rises with every change of the passphrase.
  package var generation: Int
  /// How files are sealed.
  package var cipher: RemoteCipher
  /// How the key is made; nil without a cipher.
  package var derivation: Derivation?
  var check: [UInt8]
  /// What proves it to those who hold the key; empty in headers of builds before there was any.
  var proof: [UInt8] = []

  /// No passphrase is changed so often.
  package static let lastGeneration = 1 << 40
  /// What proves nothing is not believed to have been changed more often.
  package static let lastUnprovenGeneration = 1 << 20

  /// Whether those who hold the key wrote every field of it.
  package var isProven: Bool { !proof.isEmpty }

  /// Whether both are sealed with the same passphrase and salt, or with none: then the one is no
  /// change of passphrase after the other, whatever their other fields say.
  package func isSealedLike(_ other: RemoteHeader) -> Bool {
    derivation == other.derivation && check == other.check
      && (cipher == .none) == (other.cipher == .none)
  }

  /// Whether somebody without the key made this of another header: a library of its own has a salt
  /// of its own.
  package func isMadeOf(_ known: RemoteHeader) -> Bool {
    library != known.library && cipher != .none && isSealedLike(known) && known.isProven
      && !isProven
  }

  /// Whether these bytes are a header, but for a few: of two headers that say different things the
  /// sums alone differ in some sixty places.
  package static func isNearly(_ bytes: [UInt8], _ known: some Collection<UInt8>) -> Bool {
    bytes.count == known.count && zip(bytes, known).count { $0 != $1 } <= mostDamaged
  }

  /// More bytes of a header are not taken for damage.
  private static let mostDamaged = 16

  /// No header is longer.
  package static let maximumLength = 4096

  /// The cost of a new folder's key: 32 MiB, a quarter of a second.
  package static func newDerivation(salt: [UInt8]) -> Derivation {
    Derivation(n: 1 << 15, r: 8, p: 3, salt: salt)
  }

  /// A header in clear.
  package init(library: UInt64, generation: Int = 1) {
    self.library = library
    self.generation = generation
    cipher = .none
    check = []
  }

  /// A header for content sealed with a passphrase, and the keys.
  /// - Throws: ``SegmentError/unsafeParameters``
  package init(
    library: UInt64, generation: Int = 1, cipher: RemoteCipher, passphrase: [UInt8],
    derivation: Derivation
  ) throws(SegmentError) {
    self.init(
      library: library, generation: generation, cipher: cipher, derivation: derivation,
      root: try derivation.root(of: passphrase))
  }

  /// A header for content sealed with the keys of a root.
  package init(
    library: UInt64, generation: Int, cipher: RemoteCipher, derivation: Derivation, root: RootKey
  ) {
    self.library = library
    self.generation = generation
    self.cipher = cipher
    self.derivation = derivation
    check = RemoteKeys.bytes(RemoteKeys.derive(root.key, "papershelf check", 16))
    proof = proof(by: root)
  }

  private func proof(by root: RootKey) -> [UInt8] {
    Cryptography.hmac(proved, key: RemoteKeys.derive(root.key, "papershelf header", 32)) ?? []
  }

  // MARK: Keys

  /// The keys of the folder.
  /// - Throws: ``SegmentError/wrongPassphrase``, ``SegmentError/passphraseNeeded``,
  ///   ``SegmentError/notEncrypted``, ``SegmentError/unsafeParameters``.
  package func keys(passphrase: [UInt8]?) throws(SegmentError) -> RemoteKeys {
    try keys(passphrase: passphrase) { (derivation, passphrase) throws(SegmentError) in
      try derivation.root(of: passphrase)
    }
  }

  /// The keys of the folder.
  /// - Parameter root: makes the root, or knows it.
  package func keys(
    passphrase: [UInt8]?,
    root: (Derivation, [UInt8]) throws(SegmentError) -> RootKey
  ) throws(SegmentError) -> RemoteKeys {
    guard isProven || generation <= Self.lastUnprovenGeneration else { throw .forged }
    guard cipher != .none else {
      // Sending in clear what the person wanted sealed would be worse than not sending.
      guard passphrase == nil else { throw .notEncrypted }
      return RemoteKeys(cipher: .none, library: library, root: nil)
    }
    guard let passphrase else { throw .passphraseNeeded }
    guard let derivation else { throw .unsafeParameters }
    let root = try root(derivation, passphrase)
    guard RemoteKeys.bytes(RemoteKeys.derive(root.key, "papershelf check", 16)) == check else {
      throw .wrongPassphrase
    }
    guard !isProven || proof == proof(by: root) else { throw .forged }
    return RemoteKeys(cipher: cipher, library: library, root: root.key)
  }

  // MARK: Bytes

  /// The bytes to store.
  package var bytes: [UInt8] {
    var json = JSONTextWriter()
    json.object { json in
      json.key("papershelf"); json.string("remote")
      json.key("format"); json.number(SealedFile.format)
      json.key("library"); json.string(Hex.text(library))
      json.key("generation"); json.number(generation)
      json.key("cipher"); json.string(cipher.rawValue)
      if let derivation {
        json.key("kdf")
        json.object { json in
          json.key("name"); json.string("scrypt")
          json.key("n"); json.number(derivation.n)
          json.key("r"); json.number(derivation.r)
          json.key("p"); json.number(derivation.p)
          json.key("salt"); json.string(Hex.text(derivation.salt))
        }
        json.key("check"); json.string(Hex.text(check))
      }
      json.key("sum"); json.string(Hex.text(sum))
      if isProven { json.key("proof"); json.string(Hex.text(proof)) }
    }
    return json.bytes + [0x0A]
  }

  private var sum: [UInt8] { SealedFile.hash(proved) }

  /// All it says, as one text.
  private var proved: [UInt8] {
    let d = derivation
    let parts = [
      "papershelf", "\(SealedFile.format)", Hex.text(library), "\(generation)", cipher.rawValue,
      "\(d?.n ?? 0)", "\(d?.r ?? 0)", "\(d?.p ?? 0)", Hex.text(d?.salt ?? []), Hex.text(check),
    ]
    return Array(parts.joined(separator: "|").utf8)
  }

  /// Reads bytes from outside.
  /// - Throws: ``SegmentError``: `webPage` and `notPapershelf` for what is no header at all,
  ///   `damaged` for one that is not whole, `newerFormat`, `unsafeParameters`.
  package init(_ bytes: [UInt8]) throws(SegmentError) {
    guard bytes.starts(with: Array(#"{"papershelf":"#.utf8)) else {
      // Some pages have a byte order mark before their first tag.
      let isPage = bytes.first { $0 > 0x20 && $0 < 0x80 } == UInt8(ascii: "<")
      throw isPage ? .webPage : .notPapershelf
    }
    // Compared byte for byte with what is known, without its last byte it would be another one.
    guard bytes.count <= Self.maximumLength, bytes.last == 0x0A, bytes.allSatisfy({ $0 < 0x80 })
    else { throw .damaged }
    var raw = Raw()
    do {
      try JSONTextReader.read(String(decoding: bytes, as: UTF8.self)) { try raw.read(&$0) }
    } catch {
      throw .damaged
    }
    // One of another format proves itself in its own way: where it does so in ours, only the number
    // of its format is damaged.
    guard let library = UInt64(raw.library, radix: 16), raw.library.utf8.count == 16,
      let cipher = RemoteCipher(rawValue: raw.cipher), raw.generation >= 1,
      raw.generation <= Self.lastGeneration, let salt = Hex.bytes(raw.salt),
      let check = Hex.bytes(raw.check)
    else {
      throw raw.format > SealedFile.format ? .newerFormat(Int(clamping: raw.format)) : .damaged
    }
    self.library = library
    generation = Int(raw.generation)
    self.cipher = cipher
    self.check = check
    if cipher != .none {
      derivation = Derivation(
        n: Int(clamping: raw.n), r: Int(clamping: raw.r), p: Int(clamping: raw.p), salt: salt)
    }
    if raw.format > SealedFile.format, Hex.text(sum) != raw.sum {
      throw .newerFormat(Int(clamping: raw.format))
    }
    guard raw.format == SealedFile.format, Hex.text(sum) == raw.sum,
      let proof = Hex.bytes(raw.proof),
      proof.isEmpty || proof.count == 32 && cipher != .none
    else { throw .damaged }
    self.proof = proof
    // Another spelling of the same is none that anybody wrote: compared by bytes it would be
    // another header. Who says more than this build knows is of a later one, and proves what it
    // seals: else the name of the proof is damaged.
    guard raw.isFromLater ? isProven || cipher == .none : bytes == self.bytes
    else { throw .damaged }
    if let derivation, !derivation.isAcceptable { throw .unsafeParameters }
  }

  private struct Raw {
    var format: Int64 = 0
    var library = ""
    var generation: Int64 = 0
    var cipher = ""
    var (n, r, p): (Int64, Int64, Int64) = (0, 0, 0)
    var salt = ""
    var check = ""
    var sum = ""
    var proof = ""
    /// Whether it says what this build does not know.
    var isFromLater = false

    mutating func read(_ reader: inout JSONTextReader) throws {
      try reader.object { key, reader in
        switch key {
        case "format": format = try reader.integer()
        case "library": library = try reader.string()
        case "generation": generation = try reader.integer()
        case "cipher": cipher = try reader.string()
        case "kdf": try readDerivation(&reader)
        case "check": check = try reader.string()
        case "sum": sum = try reader.string()
        case "proof": proof = try reader.string()
        case "papershelf": try reader.skip()
        default:
          isFromLater = true
          try reader.skip()
        }
      }
    }

    mutating func readDerivation(_ reader: inout JSONTextReader) throws {
      try reader.object { key, reader in
        switch key {
        case "n": n = try reader.integer()
        case "r": r = try reader.integer()
        case "p": p = try reader.integer()
        case "salt": salt = try reader.string()
        default: try reader.skip()
        }
      }
    }
  }
}
