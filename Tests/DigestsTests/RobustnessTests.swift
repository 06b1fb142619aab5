import Digests
import Foundation
import Papers
import TestSupport
import Testing

private let two = """
  # Papers for 2025-10-02

  ## 0.[A](https://arxiv.org/pdf/2401.00001)
  summary:**核心关键词**：甲，乙  **主要结果**：好

  ## 1.[B](https://arxiv.org/pdf/2401.00002)
  summary:丙
  """

@Suite struct RobustnessTests {
  @Test func everyKindOfLineEnd() throws {
    let wanted = try Reading(two)
    #expect(wanted.entries.count == 2)
    #expect(try Reading(two.replacing("\n", with: "\r\n")) == wanted)
    #expect(try Reading(two.replacing("\n", with: "\r")) == wanted)
    #expect(try Reading("\u{FEFF}" + two) == wanted)
    #expect(try Reading(two + "\n\n") == wanted)
  }

  @Test(arguments: [String.Encoding.utf16BigEndian, .utf16LittleEndian])
  func utf16(_ encoding: String.Encoding) throws {
    let text = two.replacing("[A]", with: "[A 🙂]")
    let data = try #require(("\u{FEFF}" + text).data(using: encoding))
    for chunks in [[], [1], [3]] {
      #expect(try Reading(Array(data), chunks: chunks) == (try Reading(text)))
    }
  }

  @Test func bytesThatAreNoTextAreRepairedAndTold() throws {
    var bytes = Array(two.utf8)
    let spot = try #require(bytes.firstIndex(of: UInt8(ascii: "A")))
    bytes.replaceSubrange(spot...spot, with: [0x41, 0xFF, 0x00, 0xE4, 0xB8])
    let reading = try Reading(bytes)
    #expect(reading.entries.map(\.content.title) == ["A\u{FFFD}\u{FFFD}", "B"])
    #expect(reading.problems.map(\.line) == [3])
    #expect(reading.entries.last == (try Reading(two)).entries.last)
  }

  @Test func aLongLineIsCutAndTold() throws {
    var limits = DigestReader.Limits()
    limits.line = 100
    let long = two.replacing("好", with: String(repeating: "好", count: 100))
    for chunks in [[], [1], [7, 50]] {
      let reading = try Reading(Array(long.utf8), chunks: chunks, limits: limits)
      #expect(reading.entries.count == 2)
      #expect(reading.problems.map(\.line) == [4])
      let summary = try #require(reading.entries.first?.content.summary)
      #expect(summary.hasSuffix("好"))
      #expect(summary.utf8.count <= 100)
    }
  }

  @Test func tenMegabytesInALine() throws {
    let long = two.replacing("好", with: String(repeating: "好 ** (", count: 1_250_000))
    var limits = DigestReader.Limits()
    limits.line = 1 << 16
    let reading = try Reading(long, limits: limits)
    #expect(reading.entries.count == 2)
    #expect(reading.problems.map(\.line) == [4])
    #expect((reading.entries.first?.content.summary.utf8.count ?? 0) <= 1 << 16)
  }

  @Test func moreThanTheLimitIsRefused() throws {
    var limits = DigestReader.Limits()
    limits.file = 10
    #expect(throws: DigestReader.ReadError.tooLarge(limit: 10)) {
      _ = try Reading("hello world", limits: limits)
    }
  }

  @Test func problemsAreBounded() throws {
    var limits = DigestReader.Limits()
    limits.problems = 10
    let bad = (0..<50).map { "## \($0).[x](nowhere)\nsummary:甲\n" }.joined()
    let reading = try Reading(two + "\n" + bad, limits: limits)
    #expect(reading.problems.count == 11)
    #expect(reading.problems.last?.message.hasPrefix("40 more") == true)
    #expect(reading.entries.count == 2)
  }

  /// Linear work: each of these took minutes if any step looked back over what it has seen. Ended
  /// by the test's own time limit, not by a measured time.
  @Test(
    .timeLimit(.minutes(2)),
    arguments: [
      "#", "[", "](", "**", "(", "**核心关键词**：(", "甲, ", "  1.  ", "|", "| a ", "http://", "![", "<",
      "https://arxiv.org/abs/2401.00001 ", "[x](https://arxiv.org/abs/2401.00001)", "`", "_", "。 ",
      "一句话核心总结：", " ", "\t", "\\", "ii) ", "**a**, ", "{\"a\":", "[{", "\"", "title:[", "summary:",
      "\u{FEFF}",
    ])
  func adversarialInputIsLinear(_ piece: String) throws {
    let storm = String(repeating: piece, count: (96 << 10) / piece.utf8.count)
    for text in [
      storm, "## 0.[\(storm)](https://arxiv.org/pdf/2401.00001)\nsummary:\(storm)",
      "[" + storm, "{\"" + storm, "|a|b|\n|--|--|\n|\(storm)|",
      "- " + storm + " https://arxiv.org/abs/2401.00002",
    ] {
      let reading = try Reading(text)
      #expect(reading.problems.count <= 1001)
    }
  }

  @Test func manyShortLinesOfEachKind() throws {
    for piece in ["#\n", "|\n", "> \n", "\r", "- x\n", "## 0.[\n", "summary:\n", "{\n", "**\n"] {
      let reading = try Reading(two + "\n" + String(repeating: piece, count: 20_000))
      #expect(reading.entries.count >= 2)
      #expect(reading.problems.count <= 1001)
    }
  }

  /// The same entries and problems whatever the sizes of the chunks.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func chunksDoNotMatter(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let bytes = RandomDigest.bytes(&random)
    let whole = try Reading(bytes)
    for _ in 0..<4 {
      let chunks = (0..<40).map { _ in Int.random(in: 1...30, using: &random) }
      #expect(try Reading(bytes, chunks: chunks) == whole, "seed \(seed)")
    }
  }

  /// A table reads the same each time and whatever the chunks, also where several of its columns
  /// tell one thing.
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func tablesOfAnyColumns(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let bytes = RandomDigest.table(&random)
    let whole = try Reading(bytes)
    #expect(!whole.entries.isEmpty, "seed \(seed)")
    for _ in 0..<4 {
      #expect(try Reading(bytes) == whole, "seed \(seed)")
      let chunks = (0..<40).map { _ in Int.random(in: 1...30, using: &random) }
      #expect(try Reading(bytes, chunks: chunks) == whole, "seed \(seed)")
    }
  }

  /// What was read, written in the main form again, reads the same.
  @Test(arguments: 1...20 as ClosedRange<UInt64>)
  func readingIsIdempotent(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var seen: Set<PaperID> = []
    let first = try Reading(RandomDigest.bytes(&random)).entries.filter {
      seen.insert($0.id).inserted && !$0.content.title.contains("]")
        && !$0.content.title.contains("[")
        && !$0.content.summary.isEmpty
    }
    let text = first.map { entry in
      "## \(entry.appearance.index).[\(entry.content.title)](\(entry.id.url))\nsummary:\(entry.content.summary)\n"
    }
    let again = try Reading(text.joined())
    #expect(again.entries.map(\.id) == first.map(\.id), "seed \(seed)")
    #expect(again.entries.map(\.content.summary) == first.map(\.content.summary), "seed \(seed)")
  }
}

/// Digests of random pieces, small enough that odd neighbours are common.
enum RandomDigest {
  private static let pieces = [
    "# Papers for 2025-10-02\n", "## 0.[A](https://arxiv.org/pdf/2401.00001)\n", "summary:", "\n",
    "\r\n",
    "\r", "**核心关键词**：", "甲, 乙", "  ", "**主要结果**：", "title:[T](https://arxiv.org/pdf/2401.00002\n",
    "| a | [b](https://arxiv.org/abs/2401.00003) |\n", "|---|---|\n",
    "- [C](https://hf.co/papers/2401.00004)\n",
    "> 引\n", "[", "](", "---\n", "{\"id\":\"2401.00005\"}\n",
    "## 1.[Z](https://arxiv.org/pdf/2401.00006)\nsummary:丁\n",
  ]

  private static let columns = [
    "Title", "Paper", "Link", "Summary", "摘要", "Authors", "作者", "Date", "日期", "Published",
    "Publish Date", "发表时间", "Categories", "领域", "Code", "GitHub", "Keywords", "关键词", "TL;DR",
    "一句话总结", "Votes", "点赞数", "Venue", "会议", "#",
  ]

  /// A table of papers under a head of any words.
  static func table(_ random: inout SeededGenerator) -> [UInt8] {
    let names = (0..<Int.random(in: 2...9, using: &random)).map { _ in
      columns.randomElement(using: &random) ?? ""
    }
    let linked = Int.random(in: names.indices, using: &random)
    let rows = (1...Int.random(in: 1...5, using: &random)).map { row in
      names.indices.map { column in
        let cell =
          [
            "words \(row) of \(column)", "2025-10-\(10 + row + column)", "甲\(row), 乙\(column)",
            "[code](https://github.com/a/\(row)-\(column))", "\(row * column)", "",
          ].randomElement(using: &random) ?? ""
        return column == linked ? "[\(cell)](https://arxiv.org/abs/2401.0000\(row))" : cell
      }
    }
    let lines = [names, names.map { _ in "---" }] + rows
    return Array(lines.map { "| \($0.joined(separator: " | ")) |\n" }.joined().utf8)
  }

  static func bytes(_ random: inout SeededGenerator) -> [UInt8] {
    var bytes: [UInt8] = []
    for _ in 0..<Int.random(in: 5...60, using: &random) {
      bytes += Array(pieces[Int.random(in: pieces.indices, using: &random)].utf8)
      if Int.random(in: 0..<12, using: &random) == 0 {
        bytes.append(UInt8.random(in: 0...255, using: &random))
      }
    }
    return bytes
  }
}
