import Changes
import Filters
import Foundation
import Papers
import Store
import TestSupport
import Testing

/// What a search takes for the same, by the one function that index, query and snippet share.
@Suite struct ForgivingSearchTests {
  static let same = [
    ("agents", "agent"), ("agent", "Agents"), ("Policies", "policy"), ("classes", "class"),
    ("training", "trained"), ("caching", "cache"), ("scaled", "scaling"),
    ("efficiently", "efficient"),
    ("boxes", "box"), ("modelling", "model"), ("calls", "calling"), ("GPT4", "GPT-4"),
    ("gpt 4", "GPT4"), ("GPT-4o", "gpt4o"), ("H100", "h 100"), ("機器學習", "机器学习"),
    ("缓存", "緩存"), ("臺灣", "台湾"), ("ﬁne", "fine"), ("eﬃcient", "efficient"),
    ("ｶﾞｯｺｳ", "ガッコウ"), ("ﾊﾟﾘ", "パリ"), ("カ\u{3099}", "ガ"), ("ＡＢＣ１", "abc1"), ("naïve", "naive"),
    ("e\u{301}tude", "étude"), ("𝐀𝐭𝐭𝐞𝐧𝐭𝐢𝐨𝐧", "attention"), ("x²", "x2"), ("straße", "Straße"),
    ("KV緩存", "kv 缓存"), ("Ⅷ", "viii"), ("½", "½"),
  ]
  static let apart = [
    ("university", "universe"), ("bus", "bu"), ("string", "str"), ("this", "thi"), ("need", "ne"),
    ("analysis", "analyse"), ("ガ", "カ"), ("GPT4", "GPT5"), ("only", "on"), ("class", "clas sic"),
  ]

  static func words(_ text: String) -> [String] { SearchWords.words(of: text).map(\.text) }

  @Test(arguments: same) func areTheSame(_ a: String, _ b: String) {
    #expect(Self.words(a) == Self.words(b))
    #expect(!Self.words(a).isEmpty)
  }

  @Test(arguments: apart) func areApart(_ a: String, _ b: String) {
    #expect(Self.words(a) != Self.words(b))
  }

  /// Through SQLite: what is written one way is found the other way, and marked.
  @Test func foundEitherWay() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    for (place, pair) in Self.same.enumerated() {
      try Self.add(library, "2510.1\(1000 + place)", "On \(pair.0) here")
      try Self.add(library, "2510.2\(1000 + place)", "On \(pair.1) here")
    }
    for (place, pair) in Self.same.enumerated() {
      for word in [pair.0, pair.1] {
        let hits = try library.read {
          try $0.search(.text(word), in: workspace.context, limit: 1000)
        }
        let ids = Set(hits.map(\.row.id.rawValue))
        #expect(ids.contains("2510.1\(1000 + place)"), "\(word)")
        #expect(ids.contains("2510.2\(1000 + place)"), "\(word)")
        #expect(hits.allSatisfy { $0.snippet.parts.contains(where: \.isHit) }, "\(word)")
      }
    }
    #expect(try library.problems() == [])
  }

  @Test(arguments: [
    ("train*", true), ("training*", true), ("trai*", true), ("trained*", true), ("scale*", true),
    ("scali*", false), ("gpt*", true), ("缓*", true), ("trout*", false), ("kv cach*", true),
    ("kv cache*", true), ("xtrain*", false),
  ])
  func beginnings(_ query: String, _ isFound: Bool) throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    try Self.add(library, "2510.00001", "Training GPT-4 at scale with a KV cache, 緩存")
    let hits = try library.read { try $0.search(.text(query), in: workspace.context, limit: 9) }
    #expect(!hits.isEmpty == isFound)
    #expect(hits.allSatisfy { $0.snippet.parts.contains(where: \.isHit) })
    let filter = Filter.field(.title, .matches, [.text(query)])
    let titled = try library.read { try $0.ids(filter, in: workspace.context) }
    #expect(!titled.isEmpty == isFound, "in one column, too")
  }

  /// Whatever a text is, every word of it finds it, and the places of words lie within it.
  @Test func everyWordOfAnyTextFindsIt() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    let seed: UInt64 = 20_251_128
    var random = SeededGenerator(seed: seed)
    let pieces = [
      "agents", "GPT", "4", "é", "e\u{301}", "緩", "ｶ", "ﾞ", "ﬁ", "ＧＰＴ", "𝐀", " ", "-", "’s", "ß",
      "ŉ",
      "ﷺ", "가", "\u{1100}\u{1161}", "ا", "क्", "\u{200D}", "👩‍👩‍👧", "\0", "ing", "ies", "ˣ", "①", "ゔ",
    ]
    for round in 0..<60 {
      let text = (0..<12).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
      let id = "2510.\(10_000 + round)"
      try Self.add(library, id, text)
      for word in SearchWords.words(of: text) {
        #expect(word.range.upperBound <= text.utf8.count)
        let typed = String(decoding: Array(text.utf8)[word.range], as: UTF8.self)
        let found = try library.read { try $0.ids(.text(typed), in: workspace.context) }
        #expect(
          found.contains { $0.rawValue == id },
          "seed \(seed): \(typed.debugDescription) of \(text.debugDescription)")
      }
    }
    #expect(try library.problems() == [])
  }

  @Test func theNearestWordIsTheIndexsOwn() throws {
    let workspace = try Workspace()
    let library = try workspace.library()
    for place in 0..<3 {
      try Self.add(library, "2510.0000\(place)", "Attention in caches \(place)")
    }
    try Self.add(library, "2510.00009", "Retention once")
    func near(_ word: String) throws -> LibraryReader.NearWord? {
      try library.read { try $0.nearWord(to: word, in: workspace.context) }
    }
    #expect(try near("attnetion") == LibraryReader.NearWord(word: "attention", papers: 3))
    #expect(try near("cachse") == LibraryReader.NearWord(word: "caches", papers: 3))
    #expect(try near("tatention") == LibraryReader.NearWord(word: "attention", papers: 3))
    for word in [
      "attention", "zzzzzz", "abc", "缓存缓存", "", "a b", String(repeating: "a", count: 999),
    ] {
      #expect(try near(word) == nil, "\(word.prefix(20))")
    }
    _ = try library.record("remove") {
      try $0.write((0..<3).map { .removed(PaperID(trusted: "2510.0000\($0)"), true) })
    }
    #expect(try near("attnetion") == nil, "what is off the list is not near")
  }

  static func add(_ library: Library, _ id: String, _ title: String) throws {
    let id = PaperID(trusted: id)
    try library.record("add") {
      try $0.write([.content(id, DigestContent(PaperContent(title: title))), .added(id, 1)])
    }
  }

  /// To fold it took the square of its length: a third of a megabyte ten seconds, this one minutes.
  @Test(.timeLimit(.minutes(1)))
  func oneWordWithoutEnd() {
    let count = 1_000_000
    let words = SearchWords.words(of: String(repeating: "é", count: count) + " b")
    #expect(words.map(\.text.utf8.count) == [count, 1])
  }
}
