import Papers

/// What arXiv announces in some categories (https://info.arxiv.org/help/rss.html): a feed that
/// holds one day and is made anew each day but at weekends.
struct ArXivFeedKind: SourceKind {
  let form = "arxiv:cs.CL+cs.LG"
  let explanation = "what arXiv announces in these categories each day"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard let text = Address.rest(of: what, after: "arxiv:"), !text.contains(":") else {
      return nil
    }
    let categories = text.split(omittingEmptySubsequences: false) { "+, ".contains($0) }
    guard categories.allSatisfy(Self.isCategory) else {
      throw SourceComplaint(
        "“\(text)” names no categories of arXiv",
        advice: "for example arxiv:cs.CL+cs.LG, or a search with a field: arxiv:au:bengio_y")
    }
    return ArXivFeed(categories: categories.map(String.init))
  }

  /// `cs.CL`, `hep-th`, `math`.
  private static func isCategory(_ text: Substring) -> Bool {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count)
      && parts.allSatisfy { part in
        (1...20).contains(part.utf8.count) && part.first?.isLetter == true
          && part.utf8.allSatisfy { ($0 | 0x20) &- 0x61 < 26 || $0 == 0x2D }
      }
  }
}

private struct ArXivFeed: Source {
  let categories: [String]
  /// The longest row of days without announcements is that of Christmas.
  let patience: Int? = 5
  /// A day's feed stands for nearly a day.
  private static let stands: Int64 = 20 * 3_600_000
  private static let pause: Int64 = 3_600_000

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    func isWithin(_ length: Int64, _ time: Int64?) -> Bool {
      time.map { moment.now - $0 < length } ?? false
    }
    if !moment.isNamed, moment.since == nil, state.failures == 0,
      isWithin(Self.stands, state.brought) || isWithin(Self.pause, state.answered)
    {
      return .resting
    }
    let address = "https://rss.arxiv.org/atom/" + categories.joined(separator: "+")
    return AskPlan([Ask(.page(address), .feed, isBatch: true)])
  }
}
