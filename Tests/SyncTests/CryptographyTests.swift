import CCrypto
import Changes
import Testing

@testable import Sealing

/// What libcrypto answers, against the examples of the standards.
@Suite struct CryptographyTests {
  private static func bytes(_ hex: String) throws -> [UInt8] {
    try #require(Hex.bytes(hex.filter { !$0.isWhitespace }))
  }

  private static func text(_ key: SecretKey?) -> String? {
    key.map { $0.withBytes { Hex.text(Array($0)) } }
  }

  /// FIPS 180-4, and RFC 4231, 4.3.
  @Test func hashes() throws {
    #expect(Cryptography.trouble == nil)
    #expect(
      Hex.text(Cryptography.sha256(Array("abc".utf8)[...]))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Hex.text(Cryptography.sha256([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(
      Cryptography.hmac([1], key: SecretKey([])) == nil, "a key that could not be made is none")
    let code = Cryptography.hmac(
      Array("what do ya want for nothing?".utf8), key: SecretKey(Array("Jefe".utf8)))
    #expect(
      code.map(Hex.text)
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  /// RFC 5869, A.3, and RFC 7914, 12.
  @Test func derivations() throws {
    let root = SecretKey([UInt8](repeating: 0x0B, count: 22))
    #expect(
      Self.text(Cryptography.hkdf(root, "", 42))
        == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
    let password = Array("password".utf8)
    let salt = Array("NaCl".utf8)
    #expect(
      Self.text(Cryptography.scrypt(password, salt: salt, n: 1024, r: 8, p: 16, 64))
        == "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
        + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640")
    #expect(Cryptography.scrypt(password, salt: salt, n: 1000, r: 8, p: 1, 32) == nil)
    // The largest that a header may ask for: 256 MiB.
    #expect(Cryptography.scrypt(password, salt: salt, n: 1 << 17, r: 16, p: 1, 32) != nil)
  }

  /// RFC 8439, 2.8.2.
  @Test func chaChaPoly() throws {
    let plain = Array(
      """
      Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, \
      sunscreen would be it.
      """.utf8)
    let key = SecretKey(Array(0x80...0x9F))
    let nonce = try Self.bytes("070000004041424344454647")
    let head = try Self.bytes("50515253c0c1c2c3c4c5c6c7")
    let sealed = try #require(
      Cryptography.seal(plain, ccrypto_chacha20_poly1305, key: key, nonce: nonce, head: head))
    #expect(Hex.text(Array(sealed.prefix(16))) == "d31a8d34648e60db7b86afbc53ef7ec2")
    #expect(Hex.text(Array(sealed.suffix(16))) == "1ae10b594f09e26a7e902ecbd0600691")
    #expect(
      Cryptography.open(
        sealed[...], ccrypto_chacha20_poly1305, key: key, nonce: nonce, head: head[...])
        == plain)
  }

  /// McGrew and Viega, The Galois/Counter Mode of Operation, test cases 13 and 14.
  @Test func galoisCounterMode() throws {
    let key = SecretKey([UInt8](repeating: 0, count: 32))
    let nonce = [UInt8](repeating: 0, count: 12)
    for (plain, wanted) in [
      ([UInt8](), "530f8afbc74536b9a963b4f1c4cb738b"),
      (
        [UInt8](repeating: 0, count: 16),
        "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"
      ),
    ] {
      let sealed = try #require(
        Cryptography.seal(plain, ccrypto_aes_256_gcm, key: key, nonce: nonce, head: []))
      #expect(Hex.text(sealed) == wanted)
      #expect(
        Cryptography.open(sealed[...], ccrypto_aes_256_gcm, key: key, nonce: nonce, head: [])
          == plain)
    }
  }
}
