import Papers

/// What a reference manager calls keywords: those of the digest, then the person's tags.
enum Keywords {
  /// Each once, in order.
  static func all(of paper: Paper) -> [String] {
    var seen: Set<String> = []
    return (paper.content.keywords + paper.tags.map(\.name)).filter {
      !$0.isEmpty && seen.insert($0).inserted
    }
  }
}
