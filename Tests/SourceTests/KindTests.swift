import Foundation
import Papers
import Testing

@testable import Arrivals

/// What each kind of source is asked, by what a person writes and how far a machine came. Pure: no
/// network, no clock.
@Suite struct KindTests {
  static let today = PaperDate(trusted: "2026-06-10")
  private let now: Int64 = 1_781_078_400_000  // 2026-06-10T08:00Z

  private func source(_ what: String) throws -> any Source {
    try SourceKinds.source(what, among: SourceKinds.standard)
  }

  private func addresses(
    _ what: String, _ change: (inout SourceState) -> Void = { _ in }, since: String? = nil
  ) throws -> [String] {
    var state = SourceState(what: what)
    change(&state)
    let moment = SourceMoment(
      now: now, today: Self.today, since: since.map { PaperDate(trusted: $0) })
    return try source(what).plan(state, moment).asks.map(\.address)
  }

  @Test(arguments: [
    ("arxiv:cs.CL", "https://rss.arxiv.org/atom/cs.CL"),
    ("arxiv:cs.CL+cs.LG", "https://rss.arxiv.org/atom/cs.CL+cs.LG"),
    ("ARXIV:hep-th, math", ""),
    ("arxiv:hep-th,math.AG", "https://rss.arxiv.org/atom/hep-th+math.AG"),
    (
      "arxiv:au:maker_b AND ti:\"paper boats\"",
      "https://export.arxiv.org/api/query?search_query=au%3Amaker_b%20AND%20ti%3A%22paper%20boats%22"
        + "&sortBy=submittedDate&sortOrder=descending&max_results=100"
    ),
    (
      "arxiv:all:kites+AND+cat:cs.CL",
      "https://export.arxiv.org/api/query?search_query=all%3Akites%20AND%20cat%3Acs.CL"
        + "&sortBy=submittedDate&sortOrder=descending&max_results=100"
    ),
    ("https://pond.example/feed.xml?a=b#c", "https://pond.example/feed.xml?a=b#c"),
    ("https://pond.example/日.xml", "https://pond.example/%E6%97%A5.xml"),
    ("github:me/list/README.md", "https://raw.githubusercontent.com/me/list/HEAD/README.md"),
    ("github:me/list/a b.md@dev", "https://raw.githubusercontent.com/me/list/dev/a%20b.md"),
    ("~/mail", "~/mail"), ("/srv/digests", "/srv/digests"), ("~/feeds.opml", "~/feeds.opml"),
    ("https://pond.example/日.opml?x=1", "https://pond.example/%E6%97%A5.opml?x=1"),
  ])
  func oneAddress(_ what: String, _ address: String) throws {
    guard !address.isEmpty else {
      #expect(throws: SourceComplaint.self) { try addresses(what) }
      return
    }
    #expect(try addresses(what) == [address])
  }

  @Test func theFirstRunAsksForThreeDays() throws {
    #expect(
      try addresses("hf:daily")
        == ["08", "09", "10"].map {
          "https://huggingface.co/api/daily_papers?date=2026-06-\($0)"
        })
    #expect(
      try addresses("github:me/日报/{yyyy}/{mm}/{dd}.md@main")
        == ["08", "09", "10"].map {
          "https://raw.githubusercontent.com/me/%E6%97%A5%E6%8A%A5/main/2026/06/\($0).md"
        })
    #expect(
      try addresses("https://d.example/{yyyy}{mm}{dd}.json?x={dd}").first
        == "https://d.example/20260608.json?x=08")
    #expect(
      try addresses("biorxiv:") == [
        "https://api.biorxiv.org/details/biorxiv/2026-06-08/2026-06-10/0"
      ])
    #expect(
      try addresses("medrxiv:public_health").first?.hasSuffix("/0?category=public%20health")
        == true)
  }

  @Test func missedDaysComeOldestFirstAndThirtyARun() throws {
    let what = "https://d.example/{yyyy}-{mm}-{dd}.md"
    func days(_ through: String, open: [String] = []) throws -> ([String], AskPlan) {
      var state = SourceState(what: what)
      state.through = PaperDate(through)
      state.open = open.compactMap { PaperDate($0) }
      let plan = try source(what).plan(state, SourceMoment(now: now, today: Self.today))
      return (plan.asks.compactMap { $0.day?.text }, plan)
    }
    #expect(try days("2026-06-07").0 == ["2026-06-08", "2026-06-09", "2026-06-10"])
    #expect(try days("2026-06-10").0 == [])
    #expect(try days("2026-06-10", open: ["2026-06-06"]).0 == ["2026-06-06"])
    let (many, plan) = try days("2026-03-31")
    #expect(many.count == 30 && many.first == "2026-04-01" && many.last == "2026-04-30")
    #expect(plan.later == 41 && plan.forgotten == 0)
    let (old, older) = try days("2020-01-01")
    #expect(old.first == "2025-06-09" && older.forgotten > 1900)
    #expect(
      try addresses(what, { $0.through = Self.today }, since: "2026-06-09").count == 2,
      "a day that is named is asked again")
    #expect(try addresses(what, since: "2026-07-01").isEmpty)
  }

  @Test func whatIsNotThereYetIsAskedAgainForAWeek() throws {
    var state = SourceState(what: "x")
    let day = PaperDate(trusted: "2026-06-10")
    let ask = Ask(.page("x"), .any, day: day, settling: .found)
    state.settle(ask, isFound: false, today: day)
    #expect(state.open == [day] && state.through == day)
    state.settle(ask, isFound: false, today: PaperDate(trusted: "2026-06-17"))
    #expect(state.open == [day])
    state.settle(ask, isFound: false, today: PaperDate(trusted: "2026-06-18"))
    #expect(state.open == [], "there was none that day")
    state.days = [PaperDate(trusted: "2026-06-11")]
    for (today, isOpen) in [("2026-06-13", true), ("2026-06-14", false)] {
      state.settle(ask, isFound: false, today: PaperDate(trusted: today))
      #expect(state.open.isEmpty != isOpen, "a later one is there")
    }
    state.days = []
    // A list that grows is asked for until its day is over.
    let list = Ask(.page("y"), .json, day: day, settling: .over)
    state.settle(list, isFound: true, today: day)
    #expect(state.open == [day])
    state.settle(list, isFound: true, today: PaperDate(trusted: "2026-06-11"))
    #expect(state.open == [])
  }

  /// What arXiv announced on days on which nobody asked, by when it was submitted.
  @Test func arXivIsSearchedForDaysThatWereMissed() throws {
    func spans(
      _ what: String, _ change: (inout SourceState) -> Void, since: String? = nil, at hours: Int = 0
    ) throws -> [String] {
      var state = SourceState(what: what)
      change(&state)
      let moment = SourceMoment(
        now: now + Int64(hours) * 3_600_000, today: Self.today,
        since: since.map { PaperDate(trusted: $0) })
      let plan = try source(what).plan(state, moment)
      #expect(plan.asks[0].address.hasPrefix("https://rss.arxiv.org/atom/"), "today's is first")
      return try plan.asks.dropFirst().map { ask in
        let address = ask.address.removingPercentEncoding ?? ""
        let query = address.components(separatedBy: "search_query=")[1]
        return "\(try #require(ask.day)) \(query.components(separatedBy: "&sortBy")[0])"
      }
    }
    // Wednesday; asked last on the Friday before, whose feed came.
    let friday = PaperDate(trusted: "2026-06-05")
    #expect(
      try spans("arxiv:cs.CL", { $0.through = friday }) == [
        "2026-06-08 cat:cs.CL AND submittedDate:[202606041800 TO 202606051900]",
        "2026-06-09 cat:cs.CL AND submittedDate:[202606051800 TO 202606081900]",
      ])
    #expect(
      try spans("arxiv:math,hep-th", { $0.through = PaperDate(trusted: "2026-06-08") }) == [
        "2026-06-09 (cat:math.* OR cat:hep-th) AND "
          + "submittedDate:[202606051800 TO 202606081900]"
      ])
    #expect(try spans("arxiv:cs.CL", { _ in }) == [], "the first run asks for the day alone")
    #expect(try spans("arxiv:cs.CL", { $0.through = Self.today }) == [])
    // At three in the morning of UTC it is still Tuesday in New York, and the feed is Tuesday's.
    #expect(try spans("arxiv:cs.CL", { $0.through = friday }, at: -5).count == 1)
    let open = try spans(
      "arxiv:cs.CL",
      {
        $0.open = [friday]
        $0.through = Self.today
      })
    #expect(open.count == 1)
    #expect(try spans("arxiv:cs.CL", { $0.through = Self.today }, since: "2026-06-04").count == 4)
    // More than a month: the oldest first, and the feed does not say that the rest was asked for.
    var state = SourceState(what: "arxiv:cs.CL")
    state.through = PaperDate(trusted: "2026-03-31")
    let plan = try source("arxiv:cs.CL").plan(state, SourceMoment(now: now, today: Self.today))
    #expect(plan.later == 41 && plan.asks[0].settling == .never)
    #expect(plan.asks.count == 23 && plan.asks[1].day?.text == "2026-04-01")
    state.expect(plan.asks)
    #expect(state.through?.text == "2026-04-30" && state.open.count == 22)
  }

  @Test func aDayOfManyPapersIsAskedForInPages() throws {
    let arXiv = try source("arxiv:cs")
    var state = SourceState(what: "arxiv:cs")
    state.through = PaperDate(trusted: "2026-06-08")
    let asks = arXiv.plan(state, SourceMoment(now: now, today: Self.today)).asks
    func next(_ ask: Ask, of total: Int) -> Ask? {
      arXiv.rest(after: ask, Array(Wording.search([Wording.id(2, 1)], of: total).utf8))
    }
    let first = try #require(asks.last)
    #expect(first.address.hasSuffix("&start=0&max_results=1000"))
    #expect(next(first, of: 1000) == nil)
    let second = try #require(next(first, of: 90_000))
    #expect(second.address.hasSuffix("&start=1000&max_results=1000") && second.day == first.day)
    let third = try #require(next(second, of: 90_000))
    #expect(next(third, of: 90_000) == nil, "a server that never ends")
    #expect(next(asks[0], of: 90_000) == nil, "a feed has no pages")
    #expect(arXiv.rest(after: first, Array("<feed>".utf8)) == nil)
  }

  @Test func arXivIsLeftAloneForADayAfterItsBatch() throws {
    func isResting(_ change: (inout SourceState) -> Void, isNamed: Bool = false) throws -> Bool {
      var state = SourceState(what: "arxiv:cs.CL")
      change(&state)
      let moment = SourceMoment(now: now, today: Self.today, isNamed: isNamed)
      return try source("arxiv:cs.CL").plan(state, moment).isResting
    }
    let hour: Int64 = 3_600_000
    #expect(try isResting { $0.brought = now - 19 * hour })
    #expect(try !isResting { $0.brought = now - 21 * hour })
    #expect(try isResting { $0.answered = now - hour / 2 })
    #expect(try !isResting { $0.answered = now - 2 * hour })
    #expect(try !isResting({ $0.brought = now - hour }, isNamed: true))
    #expect(
      try !isResting {
        $0.brought = now - hour
        $0.failures = 1
      })
  }

  @Test(arguments: [
    "", "x", "arxiv:", "arxiv:cs..CL", "arxiv:2510.00001", "arxiv:nope:x", "hf:", "hf:weekly",
    "github:me", "github:me/list", "github:me/list/../../etc/x.md", "github:me/list/{yyyy}.md",
    "https://d.example/{yyyy}-{mm}.md", "https://", "https://me:secret@d.example/x", "ftp://x/y",
    "biorxiv:../x", "file:///etc/passwd", "feeds.opml",
  ])
  func nonsenseIsToldInWords(_ what: String) {
    let complaint = #expect(throws: SourceComplaint.self) { try source(what) }
    #expect(complaint?.message.isEmpty == false && complaint?.advice.isEmpty == false)
    #expect(complaint?.message.contains("secret") != true)
  }

  @Test func aPageSaysWhereTheRestIs() throws {
    let source = try source("biorxiv:")
    let first = try #require(
      source.plan(SourceState(what: ""), SourceMoment(now: now, today: Self.today)).asks.first)
    let page = Array(Wording.bioRxiv("2026-06-09", 0..<100, total: 213).utf8)
    let second = try #require(source.rest(after: first, page))
    #expect(second.address.hasSuffix("/2026-06-08/2026-06-10/100"))
    let third = try #require(
      source.rest(after: second, Array(Wording.bioRxiv("2026-06-09", 100..<200, total: 213).utf8)))
    #expect(
      source.rest(after: third, Array(Wording.bioRxiv("2026-06-09", 200..<213, total: 213).utf8))
        == nil)
    for text in ["", "[]", "{\"messages\":[{\"count\":0,\"total\":9}]}", "{\"messages\":7}"] {
      #expect(source.rest(after: first, Array(text.utf8)) == nil)
    }
  }
}

/// What a machine remembers: kept, read again, and never believed against reason.
@Suite struct MemoryTests {
  private let now: Int64 = 1_781_078_400_000
  private let today = KindTests.today

  @Test func itComesBackAsItWas() {
    var state = SourceState(what: "源:\u{7}\"x\"")
    (state.began, state.asked, state.answered, state.brought) = (1, 2, 3, 4)
    state.days = ["2026-06-01", "2026-06-02"].compactMap { PaperDate($0) }
    state.open = [today]
    state.through = today
    state.fail("it \"broke\"\n")
    #expect(SourceState(what: state.what, kept: state.json) == state)
    #expect(SourceState(what: "other", kept: state.json) == SourceState(what: "other"))
    var pages = PageMemory()
    pages.pages["https://x/ÿ"] = {
      var page = PageMemory.Page()
      page.validators = Validators(etag: "bare-\\é", modified: "yesterday")
      page.moved = "https://y"
      page.batch = Batch([PaperID(trusted: "2605.00001")], day: today)
      page.readUntil = 7
      return page
    }()
    pages.batch = Batch([], day: today)
    #expect(PageMemory(kept: pages.json) == pages)
    var hosts = HostMemory()
    hosts.ask("a", at: now)
    hosts.ban("b", seconds: 60, failures: 0, at: now)
    #expect(HostMemory(kept: hosts.json(at: now)) == hosts)
    #expect(hosts.json(at: now + 70_000) == "{}", "what is over is forgotten")
  }

  @Test(arguments: [
    "", "{", "[]", "7", "null", "{\"what\":7}", "{\"what\":\"x\",\"days\":\"none\"}",
    "{\"pages\":[]}", "{\"pages\":{\"x\":7}}", "{\"a\":[1,\"2\"]}", "{\"a\":7}",
    "{\"what\":\"x\",\"asked\":1e99}", "{\"what\":\"x\",\"failures\":-7}",
  ])
  func whateverIsThereIsRead(_ text: String) {
    #expect(SourceState(what: "x", kept: text).failures == 0)
    #expect(PageMemory(kept: text) == PageMemory())
    #expect(HostMemory(kept: text) == HostMemory())
  }

  /// A clock showed the year 9999 once.
  @Test func aClockThatWasWrongSilencesNothing() throws {
    let wrong: Int64 = 253_370_764_800_000
    var state = SourceState(what: "https://d.example/{yyyy}-{mm}-{dd}.md")
    (state.began, state.asked, state.answered, state.brought) = (wrong, wrong, wrong, wrong)
    state.through = PaperDate(trusted: "9999-01-01")
    state.days = [PaperDate(trusted: "2026-06-09"), PaperDate(trusted: "9999-01-01")]
    state.open = [PaperDate(trusted: "9999-01-01")]
    let believed = state.believed(at: now, today)
    #expect(believed.asked == nil && believed.brought == nil && believed.answered == nil)
    #expect(believed.days.map(\.text) == ["2026-06-09"] && believed.open == [])
    let source = try SourceKinds.source(state.what, among: SourceKinds.standard)
    let plan = source.plan(believed, SourceMoment(now: now, today: today))
    #expect(plan.asks.count == 30 && plan.asks.last?.day == today)
    var hosts = HostMemory()
    hosts.ban("a", seconds: 3600, failures: 0, at: wrong)
    hosts.ask("b", at: wrong)
    #expect(hosts.ban("a", at: now) == nil && hosts.wait("b", at: now) == 0)
    var others = HostMemory()
    others.ban("a", seconds: 60, failures: 0, at: now)
    for merged in [hosts.merged(with: others, at: now), others.merged(with: hosts, at: now)] {
      #expect(merged.ban("a", at: now) == now + 60_000)
    }
  }

  @Test func bansAreBounded() {
    var hosts = HostMemory()
    let day: Int64 = 86_400_000
    #expect(hosts.ban("a", seconds: 1e300, failures: 0, at: now) == now + 7 * day)
    #expect(hosts.ban("a", seconds: 2 * 86_400, failures: 0, at: now) == now + 2 * day)
    #expect(hosts.ban("a", at: now + day) != nil && hosts.ban("a", at: now + 2 * day) == nil)
    #expect(hosts.ban("a", seconds: -5, failures: 0, at: now) == now + 3000)
    #expect(hosts.ban("a", seconds: nil, failures: 0, at: now) == now + 900_000)
    #expect(hosts.ban("a", seconds: nil, failures: 2, at: now) == now + 3_600_000)
    #expect(hosts.ban("a", seconds: nil, failures: 1000, at: now) <= now + 7 * day)
    #expect(hosts.ban("b", at: now) == nil)
  }

  @Test func headersGoBackAsTheyCame() {
    #expect(
      Validators(etag: "abc-bare", modified: "x y").headers
        == ["If-None-Match: abc-bare", "If-Modified-Since: x y"])
    #expect(Validators(etag: "W/\"q\"").headers == ["If-None-Match: W/\"q\""])
    for odd in ["a\r\nX: y", "", "\u{FFFD}", String(repeating: "x", count: 2000)] {
      #expect(Validators(etag: odd, modified: odd).headers == [])
    }
  }

  @Test func rhythmIsThatOfTheLastDigests() throws {
    func days(_ numbers: [Int]) -> [PaperDate] {
      numbers.map { CalendarDay(number: 20_000 + $0).date }
    }
    #expect(Rhythm(days([0, 1, 2, 3])) == nil, "three pauses are too few")
    // Monday to Friday, three weeks.
    let weekdays = days((0..<3).flatMap { week in (0..<5).map { week * 7 + $0 } })
    var state = SourceState(what: "x")
    state.days = weekdays
    #expect(Rhythm(weekdays)?.usual == 1)
    func stale(_ number: Int) -> String? {
      state.staleSince(CalendarDay(number: 20_000 + number).date, patience: nil)?.text
    }
    let last = 18
    #expect(stale(last + 3) == nil && stale(last + 4) == nil)
    #expect(stale(last + 5) == weekdays.last?.text)
    // A holiday once does not make it deaf.
    state.days = days([0, 1, 2, 3, 4, 30, 31, 32, 33, 34])
    #expect(stale(34 + 3) != nil)
    // While too little is known the kind says how long to be patient.
    state.days = days([0])
    let week = CalendarDay(number: 20_007).date
    #expect(state.staleSince(week, patience: nil) == nil)
    #expect(state.staleSince(week, patience: 5) != nil)
  }

  @Test func feedsOfAFileAreFound() throws {
    let text = """
      <?xml version="1.0"?><opml version="2.0"><head><title>x</title></head><body>
      <outline text="a"><outline type="rss" text="b" xmlUrl="https://a.example/f"/></outline>
      <outline xmlUrl="https://b.example/f"/><outline xmlUrl="https://a.example/f"/>
      <outline xmlUrl="javascript:x"/><outline text="none"/></body></opml>
      """
    #expect(
      try FeedListText.feeds(Array(text.utf8)) == ["https://a.example/f", "https://b.example/f"])
    for odd in ["", "<rss/>", "<opml>", "no"] {
      #expect(throws: SourceComplaint.self) { try FeedListText.feeds(Array(odd.utf8)) }
    }
  }
}
