import CCrypto
import Glibc

/// What sealing needs of cryptography, by OpenSSL's libcrypto (`CCrypto`), never by our own.
package enum Cryptography {
  /// Why libcrypto cannot be used; nil when it can. Opened once.
  package static let trouble: String? = ccrypto_open().map { String(cString: $0) }

  /// SHA-256 (FIPS 180-4), 32 bytes; none where there is no libcrypto, which is no hash of
  /// anything: whoever syncs has asked ``trouble`` before.
  static func sha256(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.withUnsafeBufferPointer { bytes in
      made(32) { out in
        ccrypto_sha256(bytes.baseAddress, bytes.count, out)
        return 1
      } ?? []
    }
  }

  /// HMAC with SHA-256 (RFC 2104), 32 bytes; nil when libcrypto gave up, and without a key.
  static func hmac(_ bytes: [UInt8], key: SecretKey) -> [UInt8]? {
    key.withBytes { key in
      guard !key.isEmpty else { return nil }
      return made(32) { ccrypto_hmac_sha256(key.baseAddress, key.count, bytes, bytes.count, $0) }
    }
  }

  /// HKDF with SHA-256, without salt (RFC 5869); nil when libcrypto gave up.
  static func hkdf(_ root: SecretKey, _ purpose: String, _ count: Int) -> SecretKey? {
    let info = Array(purpose.utf8)
    return root.withBytes { root in
      secret(count) { out in
        ccrypto_hkdf_sha256(root.baseAddress, root.count, info, info.count, out, count)
      }
    }
  }

  /// scrypt (RFC 7914); nil when libcrypto gave up: for want of memory, or because of the
  /// parameters.
  static func scrypt(
    _ passphrase: [UInt8], salt: [UInt8], n: Int, r: Int, p: Int, _ count: Int
  ) -> SecretKey? {
    secret(count) { out in
      ccrypto_scrypt(
        passphrase, passphrase.count, salt, salt.count, UInt64(n), UInt64(r), UInt64(p), out, count)
    }
  }

  /// What is sealed, and the tag after it; nil when the cipher refused the key.
  static func seal(
    _ plain: [UInt8], _ cipher: ccrypto_cipher, key: SecretKey, nonce: [UInt8], head: [UInt8]
  ) -> [UInt8]? {
    key.withBytes { key in
      guard key.count == 32, nonce.count == 12, let key = key.baseAddress else { return nil }
      return made(plain.count + 16) {
        ccrypto_seal(cipher, key, nonce, head, head.count, plain, plain.count, $0)
      }
    }
  }

  /// What was sealed, of bytes and the tag after them; nil where they are not what was sealed.
  static func open(
    _ sealed: ArraySlice<UInt8>, _ cipher: ccrypto_cipher, key: SecretKey, nonce: [UInt8],
    head: ArraySlice<UInt8>
  ) -> [UInt8]? {
    let count = sealed.count - 16
    return key.withBytes { key in
      guard key.count == 32, nonce.count == 12, count >= 0, let key = key.baseAddress else {
        return nil
      }
      return head.withUnsafeBufferPointer { head in
        sealed.withUnsafeBufferPointer { sealed in
          made(count) {
            ccrypto_open_sealed(
              cipher, key, nonce, head.baseAddress, head.count, sealed.baseAddress, count, $0)
          }
        }
      }
    }
  }

  /// So many bytes that `body` writes; nil where it says 0.
  private static func made(
    _ count: Int, _ body: (UnsafeMutablePointer<UInt8>?) -> Int32
  ) -> [UInt8]? {
    guard trouble == nil else { return nil }
    var isDone = false
    // One byte more, for an array of none has no address.
    let bytes = [UInt8](unsafeUninitializedCapacity: count + 1) { buffer, initialized in
      isDone = body(buffer.baseAddress) == 1
      initialized = isDone ? count : 0
    }
    return isDone ? bytes : nil
  }

  private static func secret(
    _ count: Int, _ body: (UnsafeMutablePointer<UInt8>?) -> Int32
  ) -> SecretKey? {
    guard var bytes = made(count, body) else { return nil }
    defer {
      bytes.withUnsafeMutableBytes { bytes in
        if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
      }
    }
    return SecretKey(bytes)
  }
}

/// A key, whose memory is zeroed when nobody needs it any more.
final class SecretKey: Sendable {
  nonisolated(unsafe) private let bytes: UnsafeMutableBufferPointer<UInt8>

  /// A copy of some bytes.
  init(_ bytes: some Collection<UInt8>) {
    self.bytes = .allocate(capacity: bytes.count)
    _ = self.bytes.initialize(from: bytes)
  }

  deinit {
    if let start = bytes.baseAddress { explicit_bzero(start, bytes.count) }
    bytes.deallocate()
  }

  func withBytes<Value>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Value) rethrows -> Value {
    try body(UnsafeBufferPointer(bytes))
  }
}
