import Changes
import Foundation
import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// Libraries of anything: whatever texts and times others wrote, each lossless export comes back
/// byte for byte.
@Suite struct LosslessTests {
  static let formats = ExportFormat.standard.filter(\.isLossless).map(\.name)

  @Test(arguments: 0..<40, formats)
  func anyLibraryComesBack(_ seed: Int, _ format: String) throws {
    let shelf = try ShelfWithFeatures(Features())
    var anything = Anything(seed: UInt64(seed))
    let count = Int.random(in: 1...6, using: &anything.generator)
    for number in 0..<count {
      let operations = anything.paper(number)
      for (facts, time) in operations {
        try shelf.library().record("anything") { try $0.write(facts, at: time) }
      }
    }
    #expect(try shelf.library().problems() == [])
    let written = try shelf.run("export", format, "--sort", "id")
    #expect(try shelf.run("count") == "\(count)\n", "seed \(seed)")
    let file = shelf.folder.path + "/exported"
    try shelf.run("export", format, "--sort", "id", "-o", file)

    let other = try ShelfWithFeatures(Features())
    try other.run("import", file)
    let again = try other.run("export", format, "--sort", "id")
    #expect(Self.difference(written, again) == nil)
    #expect(try other.run("import", file, "--json").contains(#""new":0,"updated":0"#))
    #expect(Self.difference(written, try other.run("export", format, "--sort", "id")) == nil)
    #expect(try other.library().problems() == [])
  }

  /// The first bytes in which two texts differ, with what stands around them.
  private static func difference(_ a: String, _ b: String) -> String? {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    let place = zip(a, b).prefix { $0 == $1 }.count
    guard place < max(a.count, b.count) else { return nil }
    func around(_ text: [UInt8]) -> String {
      let part = text[max(0, place - 60)..<min(text.count, place + 60)]
      return String(decoding: part, as: UTF8.self).debugDescription
    }
    return "\(around(a)) became \(around(b))"
  }
}

/// Papers such as no digest, person or machine should write.
private struct Anything {
  var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  private static let pieces = [
    "# heading", "## [link](https://arxiv.org/abs/2510.00001)", "```", "~~~\ncode\n~~~", "---",
    "---\ntitle: front\n---", "<b>bold</b>", "<!-- papershelf {\"id\":\"2510.00009\"} -->", "-->",
    "<!--", "</script><script>", "trailing  ", "\t", "\n", "\n\n", "\r\n", "\r", "  ", " ",
    "\u{301}", "e\u{301}", "é", "\u{0}", "\u{1}", "\u{7F}", "\u{85}", "\u{FEFF}", "\u{FFFE}",
    "\u{FFFD}", "\u{2028}", "\u{2029}", "\u{202E}右\u{202C}", "عربي", "👩‍👩‍👧‍👦", "🇩🇪", "𝕏", "缓存",
    "\\", "\\u003c", "\"", "'", "&lt;", "%20", "summary:", "**Keywords**: a, b", "> quote",
    "| a | b |",
    "- [ ] item", "$x<y$", "@misc{a,", "TY  - JOUR", "\u{10FFFF}", "a",
  ]

  mutating func text(_ lengths: ClosedRange<Int> = 0...6) -> String {
    let count = Int.random(in: lengths, using: &generator)
    return (0..<count).map { _ in Self.pieces.randomElement(using: &generator) ?? "" }.joined()
  }

  private mutating func texts() -> [String] {
    (0..<Int.random(in: 0...3, using: &generator)).map { _ in text(1...3) }
  }

  private static let times: [Int64] = [
    0, 1, -1, 999, .max, .min + 1, -62_135_596_800_000, -62_135_596_800_001, -100_000_000_000_000,
    253_402_300_799_999, 253_402_300_800_000, 400_000_000_000_000, 1_760_000_000_123,
  ]

  private mutating func time() -> Int64 {
    Self.times.randomElement(using: &generator) ?? 0
  }

  /// What is written of one paper, each with its time.
  mutating func paper(_ number: Int) -> [(facts: [Fact], time: Int64)] {
    let id =
      [
        PaperID(trusted: "2510.0000\(number)"), PaperID(trusted: "doi:10.1234/(\(number);x)"),
        PaperID(trusted: "url:https://a.example/\(number)/caf%C3%A9"),
      ].randomElement(using: &generator) ?? PaperID(trusted: "2510.0000\(number)")
    let said = PaperContent(
      title: text(), summary: text(), keywords: texts(),
      tldr: Bool.random(using: &generator) ? text() : nil,
      sections: texts().map { PaperContent.Section(label: text(0...2), text: $0) })
    let day = PaperDate(
      ["0001-01-01", "2025-10-02", "9999-12-31"].randomElement(using: &generator) ?? "")
    var facts: [Fact] = [
      .added(id, time()), .content(id, DigestContent(said, date: day, source: text(0...2))),
    ]
    if Bool.random(using: &generator) {
      facts.append(
        .appearance(id, day, source: text(1...2), index: Int.random(in: 0...99, using: &generator)))
    }
    if Bool.random(using: &generator) { facts.append(.starred(id, true)) }
    if let status = ReadingStatus.allCases.randomElement(using: &generator) {
      facts.append(.status(id, status))
    }
    for tag in ["kv", "ml/注意力", "cafe\u{301}", "café"] where Bool.random(using: &generator) {
      facts.append(.tag(id, Tag(trusted: tag), true))
    }
    let key = id.rawValue
    facts += [
      Authors.fact(key, texts()), Categories.fact(key, texts()), CodeLinks.fact(key, texts()),
      Abstract.fact(key, text()),
    ]
    var operations = [(facts, time())]
    for note in 0..<Int.random(in: 0...3, using: &generator) {
      let version = NoteVersion(text: text(), created: time())
      operations.append(([.note(id, id: "note\(note)", version)], time()))
    }
    return operations
  }
}
