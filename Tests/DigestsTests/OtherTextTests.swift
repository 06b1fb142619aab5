import Digests
import Foundation
import Papers
import TestSupport
import Testing

/// Text in other encodings and syntaxes, and what is no text.
@Suite struct OtherTextTests {
  private static let text = """
    # Papers for 2026-11-20

    ## 0.[A Good Title](https://arxiv.org/pdf/2401.00001)
    summary:**核心关键词**: 注意力, 序列  **一句话核心总结**: 只用注意力的网络，结果很好。
    """
  /// `注意力, 序列` in each.
  private static let encoded: [[UInt8]] = [
    [0xD7, 0xA2, 0xD2, 0xE2, 0xC1, 0xA6, 0x2C, 0x20, 0xD0, 0xF2, 0xC1, 0xD0],
    [0xAA, 0x60, 0xB7, 0x4E, 0xA4, 0x4F, 0x2C, 0x20, 0xA7, 0xC7, 0xA6, 0x43],
  ]

  @Test(arguments: encoded) func chineseOfOlderEncodings(_ words: [UInt8]) throws {
    let head = Array("# Papers for 2026-11-20\n\n## 0.[T](https://arxiv.org/pdf/2401.00001)\n".utf8)
    let isBig5 = words.first == 0xAA
    let bytes = head + Array("summary:**Core Keywords**: ".utf8) + words
    for chunks in [[], [1], [3, 7]] {
      let reading = try Reading(bytes, chunks: chunks)
      #expect(reading.problems.isEmpty)
      #expect(
        reading.entries.first?.content.keywords == (isBig5 ? ["注意力", "序列"] : ["注意力", "序列"]))
    }
  }

  @Test func aLongTextOfAnOlderEncodingIsReadInPieces() throws {
    let head = Array("## 0.[T](https://arxiv.org/pdf/2401.00001)\nsummary:".utf8)
    let words = Array(repeating: Self.encoded[0] + [0xA1, 0xA3], count: 2000).flatMap { $0 }
    let whole = try Reading(head + words)
    #expect(whole.problems.isEmpty)
    #expect(whole.entries.first?.content.summary.count == 2000 * 8)
    #expect(try Reading(head + words, chunks: [1, 2, 5, 4093]) == whole)
  }

  @Test func unicodeWithSomeDamageStaysUnicode() throws {
    var bytes = Array(Self.text.utf8)
    bytes.insert(contentsOf: [0xC4, 0xE3], at: bytes.count - 3)
    let reading = try Reading(bytes)
    #expect(reading.entries.first?.content.keywords == ["注意力", "序列"])
    #expect(reading.problems.count == 1)
  }

  @Test(arguments: [
    Array("%PDF-1.5\n1 0 obj\n<< /A << /URI (https://arxiv.org/abs/2301.10000) >> >>".utf8),
    [0x50, 0x4B, 0x03, 0x04, 0x14, 0x00, 0x06, 0x00], [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A],
    [0x7F, 0x45, 0x4C, 0x46, 0x02, 0x01], [0xFF, 0xD8, 0xFF, 0xE0, 0x00, 0x10],
    (0..<4000).map { UInt8(truncatingIfNeeded: $0 &* $0 &* 31 &+ $0 >> 3) },
  ])
  func whatIsNoTextIsOneLine(_ bytes: [UInt8]) throws {
    for chunks in [[], [1], [5, 300]] {
      let reading = try Reading(bytes, chunks: chunks)
      #expect(reading.entries.isEmpty)
      #expect(reading.problems.count == 1)
      #expect(reading.problems.first?.isRefusal == true)
    }
  }

  @Test func dictsOfPython() throws {
    let text = #"""
      {'arxiv_id': 'arXiv:2401.00001', 'title': 'It\'s "Good" \u00e9\U0001f642', 'n': None, 'ok': True}
      {'url': u'https://arxiv.org/abs/2401.00002', 'title': "It's B", 'at': datetime.date(2026, 1, 2)}
      """#
    for chunks in [[], [1], [7]] {
      let reading = try Reading(Array(text.utf8), name: "x.jsonl", chunks: chunks)
      #expect(reading.problems.isEmpty)
      #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
      #expect(reading.entries.map(\.content.title) == ["It's \"Good\" é🙂", "It's B"])
    }
    let list = try Reading("[{'id': '2401.00001', 'title': 'T'}, {'id': '2401.00002'}]")
    #expect(list.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
  }

  @Test func muchTextOfADayWithoutAPaperIsTold() throws {
    let text =
      "# Papers for 2026-01-05\n\n" + String(repeating: "No links here at all.\n", count: 2000)
    let reading = try Reading(text)
    #expect(reading.problems.count == 1)
    #expect(reading.problems.first?.message.contains("no papers found") == true)
    #expect(try Reading("# Papers for 2026-01-05\n\nNothing today.\n").problems.isEmpty)
  }
}
