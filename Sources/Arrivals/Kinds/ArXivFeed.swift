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

/// The feed of the day, and, for days on which nobody asked or the feed was behind, a search for
/// what was announced then.
private struct ArXivFeed: Source {
  let categories: [String]
  /// The longest row of days without announcements is that of Christmas.
  let patience: Int? = 5
  /// A day's feed stands for nearly a day.
  private static let stands: Int64 = 20 * 3_600_000
  private static let pause: Int64 = 3_600_000
  /// Midnight in New York, where arXiv's days begin, is so much behind that of UTC; in winter an
  /// hour more, in which a day is asked for twice at worst.
  private static let zone: Int64 = 4 * 3_600_000

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    func isWithin(_ length: Int64, _ time: Int64?) -> Bool {
      time.map { moment.now - $0 < length } ?? false
    }
    if !moment.isNamed, moment.since == nil, state.failures == 0,
      isWithin(Self.stands, state.brought) || isWithin(Self.pause, state.answered)
    {
      return .resting
    }
    let (missed, later, forgotten) = missed(state, moment)
    let address = "https://rss.arxiv.org/atom/" + categories.joined(separator: "+")
    let feed = Ask(
      .page(address), .feed, settling: later > 0 ? .never : .ownDay, isBatch: true)
    return AskPlan(
      [feed] + missed.map { search($0, from: 0) }, later: later, forgotten: forgotten)
  }

  // MARK: Days that were missed

  /// The days between the last feed that came and that of today.
  private func missed(
    _ state: SourceState, _ moment: SourceMoment
  ) -> (days: [CalendarDay], later: Int, forgotten: Int) {
    // What was announced before one followed the source is not missed.
    guard state.through != nil || moment.since != nil else { return ([], 0, 0) }
    let plan = DayPlan(state, moment)
    let day = Int((moment.now - Self.zone) / 86_400_000)
    let days = plan.days.map { CalendarDay($0) }.filter { $0.isWeekday && $0.number < day }
    return (days, plan.later, plan.forgotten)
  }

  /// The most papers of a day's search, and of one answer.
  private static let mostPapers = 3000
  private static let page = 1000

  /// What was announced on a weekday: what was submitted in the twenty-four hours up to two o'clock
  /// in the afternoon of the weekday before, in New York
  /// (https://info.arxiv.org/help/availability.html). That is 18 o'clock of UTC, in winter 19: both
  /// are asked for. On a holiday it comes a day later than this says.
  private func search(_ day: CalendarDay, from place: Int) -> Ask {
    let end = day.weekdayBefore
    func time(_ day: CalendarDay, _ hour: String) -> String {
      day.date.text.filter { $0 != "-" } + hour + "00"
    }
    let span = "submittedDate:[\(time(end.weekdayBefore, "18")) TO \(time(end, "19"))]"
    let names = categories.map { "cat:" + $0 + (Self.isArchive($0) ? ".*" : "") }
      .joined(separator: " OR ")
    let query = (categories.count > 1 ? "(\(names))" : names) + " AND " + span
    return Ask(
      .page(
        "https://export.arxiv.org/api/query?search_query=" + Address.value(query)
          + "&sortBy=submittedDate&sortOrder=ascending&start=\(place)&max_results=\(Self.page)"),
      .feed, day: day.date, settling: .found)
  }

  /// Archives whose categories have a name behind a point (https://arxiv.org/category_taxonomy).
  private static func isArchive(_ name: String) -> Bool {
    [
      "astro-ph", "cond-mat", "cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin",
      "stat",
    ].contains(name.lowercased())
  }

  func rest(after ask: Ask, _ answer: [UInt8]) -> Ask? {
    guard let day = ask.day,
      let place = ask.address.split(separator: "&").first(where: { $0.hasPrefix("start=") })
        .flatMap({ Int($0.dropFirst(6)) }),
      let total = ArXivPapers.total(answer),
      place + Self.page < min(total, Self.mostPapers)
    else { return nil }
    return search(CalendarDay(day), from: place + Self.page)
  }
}

extension CalendarDay {
  /// 1970-01-01 was a Thursday.
  fileprivate var isWeekday: Bool { ((number + 3) % 7 + 7) % 7 < 5 }

  fileprivate var weekdayBefore: CalendarDay {
    var day = adding(days: -1)
    while !day.isWeekday { day = day.adding(days: -1) }
    return day
  }
}
