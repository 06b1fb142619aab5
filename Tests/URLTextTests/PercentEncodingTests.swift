import Foundation
import TestSupport
import Testing
import URLText

@Suite struct PercentEncodingTests {
  private static let sets = [
    PercentEncoding.unreserved, PercentEncoding(marks: ""),
    PercentEncoding(marks: "-._~/:;@!$&'()*+,="),
    PercentEncoding(marks: "-._~/缓").without("/"),
  ]

  @Test func whatIsEncodedIsASCIIAndComesBackByteByByte() {
    for seed in 1...500 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      let bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
        UInt8.random(in: .min ... .max, using: &random)
      }
      for set in Self.sets {
        let text = set.encode(bytes)
        #expect(text.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "seed \(seed): \(text)")
        let encoded = Array(text.utf8)
        let back = PercentEncoding.decode(encoded.span, in: 0..<encoded.count)
        #expect(back == bytes, "seed \(seed): \(text)")
      }
    }
  }

  @Test func textComesBackAsItWas() {
    let alphabet = Array("aZ09-._~/%? 缓é\u{301}𝔸\u{0}\n".unicodeScalars)
    for seed in 1...500 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      var text = ""
      for _ in 0..<Int.random(in: 0...30, using: &random) {
        text.unicodeScalars.append(alphabet[Int.random(in: alphabet.indices, using: &random)])
      }
      for set in Self.sets {
        let back = PercentEncoding.decode(set.encode(text))
        #expect(back.map { Array($0.utf8) } == Array(text.utf8), "seed \(seed): \(text)")
      }
      // Foundation as the second opinion, for what it calls unreserved.
      let unreserved = CharacterSet(
        charactersIn: "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
      #expect(
        PercentEncoding.unreserved.encode(text)
          == text.addingPercentEncoding(withAllowedCharacters: unreserved), "seed \(seed)")
    }
  }

  @Test func anEscapeHasTwoDigitsInEitherCase() {
    #expect(PercentEncoding.decode("%e7%BC%93+%2b") == "缓++")
    for text in ["%", "%4", "a%4", "%4g", "%%41", "%FF"] {
      #expect(PercentEncoding.decode(text) == nil, "\(text)")
    }
    let bytes = Array("%4g%41%4".utf8)
    #expect(PercentEncoding.decode(bytes.span, in: 0..<bytes.count) == Array("%4gA%4".utf8))
    #expect(PercentEncoding.decode(bytes.span, in: 0..<5) == Array("%4g%4".utf8))
  }

  /// A URL holds its percent signs: encoded twice it is what it was.
  @Test func aSetWithThePercentSignEncodesOnce() {
    let set = PercentEncoding(marks: "%:/.")
    let once = set.encode("https://x.org/a b%20缓")
    #expect(once == "https://x.org/a%20b%20%E7%BC%93")
    #expect(set.encode(once) == once)
  }
}
