import Papers

extension Script {
  /// What the papers, tags, views, series and texts of a life are called.
  package enum Names: Hashable, Sendable {
    /// Nothing that two layers could see differently.
    case plain
    /// Letters with their accents in one character and in two, and marks that melt into what stands
    /// before them: two texts that Swift calls equal, or a `:` that it does not find. Older builds
    /// let them into logs.
    case twins
  }
}

extension Script.Names {
  var papers: [PaperID] {
    switch self {
    case .plain: (0..<3).map { PaperID(trusted: "2509.0000\($0)") }
    case .twins:
      ["url:https://a.example/caf\u{E9}", "url:https://a.example/cafe\u{301}", "\u{301}2509.00002"]
        .map { PaperID(trusted: $0) }
    }
  }

  var tags: [Tag] {
    switch self {
    case .plain: ["kv", "ml/x", "字"].map { Tag(trusted: $0) }
    case .twins: ["caf\u{E9}", "cafe\u{301}", "ml/\u{1E69}"].map { Tag(trusted: $0) }
    }
  }

  var views: [String] {
    switch self {
    case .plain: ["v0", "v1", "v2"]
    case .twins: ["v\u{E9}", "ve\u{301}", "\u{301}v"]
    }
  }

  var sources: [String] {
    switch self {
    case .plain: ["daily"]
    case .twins: ["\u{301}daily", "caf\u{E9}", "cafe\u{301}"]
    }
  }

  /// What the lines of a note and of a summary begin with.
  var words: [String] {
    switch self {
    case .plain: ["line"]
    case .twins: ["lin\u{E9}", "line\u{301}", "\u{301}line"]
    }
  }

  var title: String { self == .plain ? "T" : "\u{301}T" }

  /// What a line that somebody amends begins with.
  var mine: String { self == .plain ? "mine" : "\u{308}mine\u{327}\u{301}" }

  /// The entity, field and value of a change that this build keeps for another.
  func future(_ number: UInt64) -> (entity: String, field: String, value: String) {
    guard self == .twins, number % 4 > 0 else {
      return ("x:\(number % 3)", "mood", "{\"n\": \(number)}")
    }
    let paper = "p:" + papers[Int(number / 4 % 3)].rawValue
    return switch number % 4 {
    case 1: (paper, "tag:\u{301}x", "true")
    case 2: (paper, "digest:2025-10-01/\u{301}", "\(number % 9)")
    default: (paper, "mood:\u{301}", "\"ve\u{301}\"")
    }
  }
}
