import Changes
import Filters
import Papers
import Store
import TestSupport
import Testing

@Suite struct FilterParserTests {
  static let today = PaperDate(trusted: "2025-10-09")

  static func parse(_ text: String) throws(FilterError) -> Filter {
    try FilterParser.parse(text, today: today)
  }

  @Test func emptyIsAll() throws {
    #expect(try Self.parse("  ") == .all)
    #expect(try Self.parse("all") == .all)
  }

  @Test func precedence() throws {
    #expect(
      try Self.parse("kv cache or not survey and +ml")
        == .or([
          .and([.text("kv"), .text("cache")]),
          .and([.not(.text("survey")), .tag(Tag(trusted: "ml"))]),
        ]))
    #expect(
      try Self.parse("(kv | cache) not not 缓存")
        == .and([.or([.text("kv"), .text("cache")]), .text("缓存")]))
  }

  @Test func fields() throws {
    #expect(
      try Self.parse("status:read,skipped")
        == .field(
          .status, .matches,
          [.number(ReadingStatus.read.number), .number(ReadingStatus.skipped.number)]))
    #expect(try Self.parse("tag=ml/a") == .field(.tag, .equals, [.text("ml/a")]))
    #expect(try Self.parse("tag:none") == .field(.tag, .matches, [.none]))
    #expect(try Self.parse("title:\"KV cache\"") == .field(.title, .matches, [.text("KV cache")]))
    #expect(
      try Self.parse("status>=reading")
        == .field(.status, .atLeast, [.number(ReadingStatus.reading.number)]))
    #expect(try Self.parse("title:\"a,b\"") == .field(.title, .matches, [.text("a,b")]))
  }

  @Test(arguments: [
    ("date:today", "2025-10-09", "2025-10-09"), ("date:yesterday", "2025-10-08", "2025-10-08"),
    ("date:7d", "2025-10-02", "2025-10-09"), ("date:2w", "2025-09-25", "2025-10-09"),
    ("date:3mo", "2025-07-09", "2025-10-09"), ("date:2025-02", "2025-02-01", "2025-02-28"),
    ("date:2024-02", "2024-02-01", "2024-02-29"), ("date:2025", "2025-01-01", "2025-12-31"),
    ("date:2025-09-20..2025-10-02", "2025-09-20", "2025-10-02"),
    ("date:..2025-10", "-", "2025-10-31"), ("date:2025-10..", "2025-10-01", "-"),
  ])
  func dates(_ text: String, _ first: String, _ last: String) throws {
    guard case .field(.date, .matches, let values) = try Self.parse(text),
      case .days(let span)? = values.first
    else {
      Issue.record("no span")
      return
    }
    #expect(span.first?.text ?? "-" == first)
    #expect(span.last?.text ?? "-" == last)
  }

  @Test(arguments: [
    ("statsu:read", 0, 11, "status"), ("is:unred", 0, 8, "unread"),
    ("x date:yesteday", 2, 13, "yesterday"),
    ("status:raed", 0, 11, "read"),
  ])
  func suggests(_ text: String, _ start: Int, _ length: Int, _ suggestion: String) {
    do {
      _ = try Self.parse(text)
      Issue.record("parsed")
    } catch {
      #expect(error.range == FilterRange(start: start, length: length))
      #expect(error.suggestion == suggestion)
    }
  }

  @Test(arguments: [
    "(", ")", "(a", "a)", "not", "and", "a and", "a or", "or a", "| a", "\"open", "+", "+a,b",
    "status:", "status:,", "is:none", "date:2025-13", "date:..", "date:abc", "title<3", "!!!",
    "foo:bar", "title:++", "not and", "()",
  ])
  func refuses(_ text: String) {
    #expect(throws: FilterError.self) { _ = try Self.parse(text) }
  }

  @Test func joinsShellWords() {
    #expect(FilterParser.join(arguments: ["KV cache", "is:unread"]) == "\"KV cache\" is:unread")
    #expect(FilterParser.join(arguments: ["title:KV cache"]) == "title:\"KV cache\"")
    #expect(FilterParser.join(arguments: ["is:unread and +kv"]) == "is:unread and +kv")
  }

  @Test func idsAreSeen() throws {
    for word in ["%3", "2509.26507", "26507", "https://arxiv.org/abs/2509.26507", "10.1000/x"] {
      #expect(try Self.parse(word) == .id(word, FilterRange(start: 0, length: word.count)))
    }
    #expect(try Self.parse("1234") == .text("1234"))
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "(", count: 5000) + "a" + String(repeating: ")", count: 5000)
    #expect(throws: FilterError.self) { _ = try Self.parse(deep) }
    #expect(throws: Never.self) { _ = try Self.parse(String(repeating: "a ", count: 9999)) }
  }

  /// Whatever is typed, the parser answers; what it refuses it places inside the text.
  @Test func anythingIsAnswered() {
    let seed: UInt64 = 20_251_002
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "(", ")", "|", "or", "and", "not", "+", "@", "\"", "\\", ":", "=", "!=", "<", "..", ",", "%",
      "status", "date", "is", "tag", "title", "read", "7d", "2025-10", "缓存", "👩‍👩‍👧", "e\u{301}", " ",
      " ",
    ]
    for _ in 0..<5000 {
      let text = (0..<Int.random(in: 0...12, using: &generator))
        .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
      do {
        _ = try Self.parse(text)
      } catch {
        #expect(error.range.start >= 0 && error.range.length >= 0, "seed \(seed): \(text)")
        #expect(
          error.range.start + error.range.length <= max(1, error.text.count),
          "seed \(seed): \(text)")
      }
    }
  }
}
