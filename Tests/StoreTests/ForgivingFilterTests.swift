import Changes
import Filters
import Papers
import Testing

/// Signs and words that people bring from elsewhere.
@Suite struct ForgivingFilterTests {
  static let today = PaperDate(trusted: "2025-10-05")

  static func parse(_ words: String...) throws -> Filter {
    try FilterParser.parse(
      forgiving: FilterParser.join(arguments: words), today: today)
  }

  @Test(arguments: [
    ("a AND b", "a and b"), ("a OR b", "a or b"), ("NOT a", "not a"),
    ("a And Not b", "a and not b"),
    ("-survey kv", "not survey kv"), ("-status:read", "not status:read"), ("-+kv", "not +kv"),
    ("#kv", "+kv"), ("#ml/attention", "+ml/attention"), ("date:2025/10/02", "date:2025-10-02"),
    ("date:2025/10", "date:2025-10"), ("date:2025/1/2", "date:2025-01-02"),
    ("added:7days", "added:7d"), ("added:2weeks", "added:2w"), ("added:1month", "added:1mo"),
    ("date:2025/09/20..2025/10/02", "date:2025-09-20..2025-10-02"), ("kv – cache", "kv cache"),
    ("kv & cache", "kv cache"),
  ])
  func meansWhatItMeans(_ typed: String, _ meant: String) throws {
    func plain(_ text: String) throws -> Filter { try FilterParser.parse(text, today: Self.today) }
    #expect(try plain(typed) == plain(meant))
  }

  /// Titles of our own with every sign that trips a grammar, as one word of the shell and as many.
  static let titles = [
    "MCPMark: A Benchmark for Everything", "Are Agents Enough? (And When?)",
    "Caches | Memory | Disks", "“Smart” Quotes and \"plain ones\"",
    "An unclosed \"quote in a title",
    "A (parenthesis that never closes", "It closes) what was not open", "x=1: Equations in Titles",
    "E=mc2 and Other Shapes", "LLM: all you need is: nothing", "title: is a Word Here",
    "status: a Study of It", "Or Else: What Then", "Not All Tokens Are Equal", "and so it begins",
    "50% of Papers @ Scale + More", "On A/B Tests -- a Survey", "Look – Listen — Learn …",
    "[Draft] {Braces} <and> more", "Why? How? Who?!", "C++ and C# for 3D", "Foo:Bar as a Title",
    "What Is a \\textbf{Title} Anyway", "10.5% Better Caches at 10. Cost", "A* Search Revisited",
    "缓存：一个综述（第二版）", "$L_2$ norms ≥ $L_1$ norms", "a ( b ) c ) d", "ends with not",
    "ends with or", "| begins with a bar",
  ]

  @Test(arguments: titles) func aPastedTitleIsASearch(_ title: String) throws {
    let whole = try Self.parse(title)
    let cut = try FilterParser.parse(
      forgiving: FilterParser.join(
        arguments: title.split(separator: " ").map(String.init)), today: Self.today)
    #expect(!whole.hasCondition, "\(whole)")
    #expect(!cut.hasCondition, "\(cut)")
  }

  @Test(arguments: [
    "statsu:read of the three", "(status:read of the", "is:unred a b c", "date:2025-13 or so on",
    "+a,b c d e", "%0 a b c", "(a", "a)", "\"open", "a or", "!!!", "???", "()", "tag:", "foo:bar",
  ])
  func aConditionThatIsWrongIsStillTold(_ text: String) {
    #expect(throws: FilterError.self) {
      try FilterParser.parse(forgiving: text, today: Self.today)
    }
  }
}

extension Filter {
  /// Whether it asks for anything but words.
  fileprivate var hasCondition: Bool {
    switch self {
    case .field, .view, .tag, .id: true
    case .and(let parts), .or(let parts): parts.contains(where: \.hasCondition)
    case .not(let part): part.hasCondition
    case .all, .text: false
    }
  }
}
