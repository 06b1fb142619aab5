import TestSupport
import Testing

@testable import Digests

/// Our own check against the standard library's.
@Suite struct UTF8ValidationTests {
  private func compare(_ bytes: [UInt8], _ place: SourceLocation = #_sourceLocation) {
    let expected = !bytes.contains(0) && (try? UTF8Span(validating: bytes.span)) != nil
    if bytes.span.isText != expected {
      Issue.record("\(bytes) is \(expected ? "" : "no ")text", sourceLocation: place)
    }
  }

  /// Every two bytes, and every byte that may begin a scalar with every second and the edges of the
  /// third and fourth, alone, before and behind other text.
  @Test func everyBeginningOfAScalar() {
    let edges: [UInt8] = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xE4, 0xFF]
    let around: [(before: [UInt8], after: [UInt8])] = [
      ([], []), (Array("a Chinese 论文".utf8), Array("论文 and more".utf8)),
    ]
    for (before, after) in around {
      for first in UInt8.min...UInt8.max {
        compare(before + [first] + after)
        for second in UInt8.min...UInt8.max {
          compare(before + [first, second] + after)
          guard first >= 0xE0, first <= 0xF5 else { continue }
          for third in edges {
            compare(before + [first, second, third] + after)
            guard first >= 0xF0 else { continue }
            for fourth in edges { compare(before + [first, second, third, fourth] + after) }
          }
        }
      }
    }
  }

  @Test(arguments: 1...20)
  func damagedText(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let text = Array("本文提出 a method，名为 “KV 缓存” 🐣 — éß: 12345678 plain words".utf8)
    for _ in 0..<2_000 {
      let end = Int.random(in: 0...text.count, using: &generator)
      var bytes = Array(text[Int.random(in: 0...end, using: &generator)..<end])
      for _ in 0..<Int.random(in: 0...2, using: &generator) where !bytes.isEmpty {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] = .random(
          in: 0...255, using: &generator)
      }
      compare(bytes)
    }
  }

  /// Recognisers see bytes that nobody made text yet; a string of what is no UTF-8 ended the program.
  @Test(
    arguments: [[0xFF], [0x41, 0xE7, 0x80], [0xF3, 0x31], [0xC3], [0xED, 0xA0, 0x80]] as [[UInt8]])
  func textOfAnyBytesIsText(_ bytes: [UInt8]) {
    let text = bytes.span.text(0..<bytes.count)
    #expect(Array(text.utf8) == Array(String(decoding: bytes, as: UTF8.self).utf8))
  }
}
