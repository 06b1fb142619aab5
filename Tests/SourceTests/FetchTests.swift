import Arrivals
import Foundation
import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// `source` and `fetch` against a server that plays all hosts, by a clock of the test's.
@Suite struct FetchTests {
  typealias Reply = DigestServer.Reply
  let clock = HandClock("2026-06-10T08:00:00Z")
  let server: DigestServer

  init() throws {
    let clock = clock
    let made = DigestServer(clock: { clock.now })
    server = try #require(made)
  }

  private func desk(_ name: String = "desk") throws -> Desk { try Desk(name, clock, server.port) }

  /// Answers by what is asked: host and path with the query, and what is there.
  private func serve(_ pages: [String: Reply]) {
    server.answer { request in
      let query = request.query.isEmpty ? "" : "?" + request.query
      return pages[request.host + request.path + query] ?? pages[request.host + request.path]
        ?? Reply(404)
    }
  }

  private func paths() -> [String] { server.takeRequests().map(\.path) }

  // MARK: Kinds

  @Test func arXivsAnnouncements() throws {
    defer { server.stop() }
    let entries = [
      Wording.Announced(id: Wording.id(1, 1)), .init(id: Wording.id(1, 2), type: "cross"),
      .init(id: Wording.id(1, 3), type: "replace"),
      .init(id: Wording.id(1, 4), type: "replace-cross"),
    ]
    serve([
      "rss.arxiv.org/atom/cs.CL+cs.LG": Reply(200, Wording.arXiv("2026-06-10", entries)),
      "export.arxiv.org/api/query": Reply(200, Wording.search([])),
    ])
    let desk = try desk()
    try desk.run("source", "add", "cl", "arxiv:cs.CL+cs.LG")
    let run = try desk.run("fetch")
    #expect(run.status == .ok && run.notes.hasPrefix("cl  2 new papers (2026-06-10)\n"), "\(run)")
    #expect(run.notes.hasSuffix("undo: shelf undo\n"))
    let shown = try #require(try desk.run("show", Wording.id(1, 1), "--json").array.first)
    #expect(shown["authors"] as? [String] == ["Ida Invented", "Bo Maker"])
    let digests = shown["digests"] as? [[String: Any]]
    #expect(digests?.first?["source"] as? String == "cl")
    #expect(digests?.first?["date"] as? String == "2026-06-10")
    #expect(try desk.run("log").out.contains("fetch cl"))
    try desk.run("undo")
    #expect(try desk.count("all") == 0)
    // What was taken back does not come again by itself, and does when it is asked for.
    clock.pass(hours: 24)
    #expect(try desk.run("fetch").notes == "cl  same batch as yesterday\n")
    #expect(try desk.run("fetch", "cl", "--since", "2026-06-10").notes.contains("2 new papers"))
    #expect(
      server.requests.map(\.host) == [
        "rss.arxiv.org", "rss.arxiv.org", "rss.arxiv.org", "export.arxiv.org",
      ])
  }

  @Test func anErrorOfArXivIsToldInItsWords() throws {
    defer { server.stop() }
    serve(["rss.arxiv.org/atom/cs.XX": Reply(400, Wording.arXivError)])
    let desk = try desk()
    try desk.run("source", "add", "xx", "arxiv:cs.XX")
    let run = try desk.run("fetch")
    #expect(run.status == .unreachable)
    #expect(run.notes.contains("Feed error for query: cs.XX"), "\(run.notes)")
    let test = try desk.run("source", "test", "xx")
    #expect(test.status == .unreachable && test.notes.contains("Feed error"), "\(test.notes)")
  }

  @Test func aSearchOfArXiv() throws {
    defer { server.stop() }
    serve(["export.arxiv.org/api/query": Reply(200, Wording.search([Wording.id(2, 1)]))])
    let desk = try desk()
    try desk.run("source", "add", "boats", "arxiv:ti:boats")
    #expect(try desk.run("fetch").notes.contains("boats  1 new paper"))
    let query = try #require(server.requests.first?.query)
    #expect(query.contains("search_query=ti%3Aboats&sortBy=submittedDate&sortOrder=descending"))
    let shown = try #require(try desk.run("show", Wording.id(2, 1), "--json").array.first)
    #expect(shown["published"] as? String == "2026-05-01")
    #expect(shown["title"] as? String == "Boats of \(Wording.id(2, 1)) and Others")
  }

  /// The list of a day grows until it is over; yesterday's is asked for once more.
  @Test func huggingFacesDays() throws {
    defer { server.stop() }
    let pages = Guard([String: [String]]())
    server.answer { request in
      guard request.host == "huggingface.co", request.path == "/api/daily_papers" else {
        return Reply(404)
      }
      let day = String(request.query.dropFirst("date=".count))
      return Reply(200, Wording.huggingFace(day, pages.value[day] ?? []))
    }
    let desk = try desk()
    try desk.run("source", "add", "hf", "hf:daily")
    pages.value = [
      "2026-06-09": [Wording.id(3, 1), Wording.id(3, 2)], "2026-06-10": [Wording.id(3, 3)],
    ]
    #expect(
      try desk.run("fetch").notes.hasPrefix("hf  3 new papers (2026-06-09, 2026-06-10)\n"))
    #expect(server.takeRequests().map(\.query) == ["08", "09", "10"].map { "date=2026-06-\($0)" })
    pages.value["2026-06-10"] = [Wording.id(3, 4), Wording.id(3, 3)]
    clock.pass(hours: 10)
    let evening = try desk.run("fetch").notes
    #expect(evening.hasPrefix("hf  1 new paper, 1 seen again (2026-06-10)\n"), "\(evening)")
    #expect(server.takeRequests().map(\.query) == ["date=2026-06-10"])
    clock.pass(hours: 14)
    #expect(try desk.run("fetch").notes == "hf  nothing new\n")
    #expect(server.takeRequests().map(\.query) == ["date=2026-06-10", "date=2026-06-11"])
    #expect(try desk.count("is:repeated") == 0)
    let shown = try #require(try desk.run("show", Wording.id(3, 1), "--json").array.first)
    #expect(shown["tldr"] as? String == "Weaving works." && shown["votes"] as? Int == 7)
  }

  /// A file a day: late, missed, not at all.
  @Test func filesOfGitHub() throws {
    defer { server.stop() }
    let pages = Guard([String: String]())
    server.answer { request in
      let day = String(request.path.dropFirst("/me/list/HEAD/archive/".count).dropLast(3))
      guard request.host == "raw.githubusercontent.com", let text = pages.value[day] else {
        return Reply(404, "404: Not Found")
      }
      return Reply(200, text, "Content-Type: text/plain; charset=utf-8", "ETag: \"\(day)\"")
    }
    func publish(_ day: String, _ number: Int) {
      pages.value[day] = Wording.digest(day, [Wording.id(4, number), Wording.id(5, number)])
    }
    let desk = try desk()
    try desk.run("source", "add", "list", "github:me/list/archive/{yyyy}-{mm}-{dd}.md")
    publish("2026-06-09", 1)
    let first = try desk.run("fetch")
    #expect(first.status == .ok)
    #expect(
      first.notes.hasPrefix(
        "list  2 new papers (2026-06-09); 2026-06-10 is not there yet "
          + "(asked again at the next fetch)\n"), "\(first.notes)")
    // Two hours late.
    publish("2026-06-10", 2)
    clock.pass(hours: 2)
    #expect(try desk.run("fetch").notes.contains("2 new papers (2026-06-10)"))
    _ = paths()
    // Off for four days.
    for (number, day) in ["2026-06-11", "2026-06-13", "2026-06-14"].enumerated() {
      publish(day, 3 + number)
    }
    clock.set("2026-06-14T08:00:00Z")
    let back = try desk.run("fetch").notes
    #expect(back.contains("6 new papers (2026-06-11, 2026-06-13, 2026-06-14)"), "\(back)")
    #expect(
      paths().map { $0.suffix(13).prefix(10) } == [
        "2026-06-08", "2026-06-11", "2026-06-12", "2026-06-13", "2026-06-14",
      ])
    // The operation of a digest is its own.
    let log = try desk.run("log").out.split(separator: "\n").filter { $0.contains("fetch list") }
    #expect(log.count == 5, "\(log)")
    clock.pass(hours: 1)
    #expect(
      try desk.run("fetch").notes
        == "list  nothing new\n", "yesterday's is there, so Friday's is no news")
    #expect(paths().map { $0.suffix(13).prefix(10) } == ["2026-06-12"])
    #expect(try desk.count("is:repeated") == 0 && desk.count("all") == 10)
    // There will be none of a week ago.
    clock.set("2026-06-30T08:00:00Z")
    try desk.run("fetch")
    _ = paths()
    clock.pass(hours: 1)
    let late = try desk.run("fetch").notes
    #expect(paths().count == 8, "\(late)")
  }

  @Test func bioRxivInPages() throws {
    defer { server.stop() }
    server.answer { request in
      guard request.host == "api.biorxiv.org",
        let place = request.path.split(separator: "/").last.flatMap({ Int($0) })
      else { return Reply(404) }
      return Reply(
        200, Wording.bioRxiv("2026-06-09", place..<min(place + 100, 213), total: 213))
    }
    let desk = try desk()
    try desk.run("source", "add", "snails", "biorxiv:zoology")
    let run = try desk.run("fetch")
    #expect(run.notes.contains("snails  213 new papers"), "\(run.notes)")
    #expect(paths().map { $0.split(separator: "/").last } == ["0", "100", "200"])
    let shown = try #require(
      try desk.run("show", "doi:10.1101/2026.05.01.100007", "--json").array.first)
    #expect(shown["authors"] as? [String] == ["Invented, I.", "Maker, B."])
    #expect(shown["title"] as? String == "Snails 7" && shown["summary"] as? String != "")
    clock.pass(hours: 24)
    #expect(try desk.run("fetch").notes.contains("nothing new"))
    #expect(paths().first == "/details/biorxiv/2026-06-10/2026-06-11/0")
  }

  /// Older entries move down with each new one, and that is no news: nothing is logged of them.
  @Test(arguments: Wording.FeedForm.allCases)
  func feedsOfAllForms(_ form: Wording.FeedForm) throws {
    defer { server.stop() }
    let desk = try desk()
    try desk.run("source", "add", "pond", "https://pond.example/feed")
    var entries = [(Wording.id(6, 2), "2026-06-09"), (Wording.id(6, 1), "2026-06-08")]
    serve(["pond.example/feed": Reply(200, Wording.feed(form, entries.map { (id: $0, day: $1) }))])
    #expect(try desk.run("fetch").notes.hasPrefix("pond  2 new papers"))
    #expect(
      try desk.run("show", Wording.id(6, 1), "--format", "{title}").out
        == "Frogs \(Wording.id(6, 1))\n")
    let log = try desk.run("log").out
    #expect(try desk.run("fetch").notes == "pond  nothing new\n")
    #expect(try desk.run("log").out == log)
    entries.insert((Wording.id(6, 3), "2026-06-09"), at: 0)
    serve(["pond.example/feed": Reply(200, Wording.feed(form, entries.map { (id: $0, day: $1) }))])
    let run = try desk.run("fetch")
    #expect(run.notes.hasPrefix("pond  1 new paper, 2 seen again"), "\(run.notes)")
    #expect(
      try desk.run("log").out.split(separator: "\n").count
        == log.split(separator: "\n").count + 1)
    let older = try #require(try desk.run("show", Wording.id(6, 2), "--json").array.first)
    let digests = older["digests"] as? [[String: Any]]
    #expect(digests?.compactMap { $0["index"] as? Int } == [0], "it keeps its place")
    #expect(digests?.compactMap { $0["date"] as? String } == ["2026-06-09"], "dated by its feed")
    #expect(try desk.count("is:repeated") == 0)
  }

  @Test func eachFeedOfAFile() throws {
    defer { server.stop() }
    serve([
      "a.example/f": Reply(200, Wording.feed(.rss2, [(Wording.id(7, 1), "2026-06-09")])),
      "b.example/f": Reply(500, "down"),
      "a.example/g": Reply(200, Wording.feed(.atom, [(Wording.id(7, 2), "2026-06-09")])),
    ])
    let desk = try desk()
    let file = try desk.file("feeds.opml", Self.feedList)
    try desk.run("source", "add", "feeds", file)
    #expect(try desk.run("source", "list").out.contains("~/feeds.opml"), "it is under HOME")
    let run = try desk.run("fetch")
    #expect(run.status == .partly && run.notes.hasPrefix("feeds  2 new papers"), "\(run.notes)")
    #expect(run.notes.contains("https://b.example/f: the server has a fault"), "\(run.notes)")
    #expect(server.requests.map(\.host) == ["a.example", "b.example", "a.example"])
  }

  private static let feedList = """
    <opml version="2.0"><body><outline xmlUrl="https://a.example/f"/>
    <outline xmlUrl="https://b.example/f"/><outline xmlUrl="https://a.example/g"/></body></opml>
    """

  @Test func eachFeedOfAListAtAnAddress() throws {
    defer { server.stop() }
    let feed = Reply(200, Wording.feed(.atom, [(Wording.id(7, 1), "2026-06-09")]))
    serve([
      "lists.example/mine.opml": Reply(200, Self.feedList), "a.example/f": feed,
      "b.example/f": feed, "a.example/g": feed, "lists.example/login.opml": Reply(200, "<html>"),
    ])
    let desk = try desk()
    let added = try desk.run("source", "add", "feeds", "https://lists.example/mine.opml")
    #expect(added.status == .ok, "\(added)")
    let trial = try desk.run("source", "test", "feeds")
    #expect(trial.notes.contains("3 feeds would be asked"), "\(trial)")
    let before = server.requests.count
    let run = try desk.run("fetch")
    #expect(run.status == .ok && run.notes.hasPrefix("feeds  1 new paper"), "\(run.notes)")
    #expect(
      server.requests.dropFirst(before).map(\.host) == [
        "lists.example", "a.example", "b.example", "a.example",
      ])
    try desk.run("source", "add", "none", "https://lists.example/login.opml")
    let none = try desk.run("fetch", "none")
    #expect(none.notes.contains("it is no OPML file"), "\(none.notes)")
    #expect(none.status != .ok)
  }

  /// What another shelf was told while this one fetched: `add` asks arXiv beside it.
  @Test func aBanNotedMeanwhileIsNotForgotten() throws {
    defer { server.stop() }
    let desk = try desk()
    let now = clock.now
    // The machine waits for this answer while its home is written to.
    nonisolated(unsafe) let home = desk
    server.answer { request in
      guard request.host == "pond.example" else { return Reply(200, Wording.search([])) }
      var hosts = HostMemory()
      hosts.ban("export.arxiv.org", seconds: 7200, failures: 0, at: now)
      try? home.library().remember { (memory: SourceMemory) in
        try memory.set(KnownSource.hostsKey, hosts.json(at: now))
      }
      return Reply(200, Wording.feed(.atom, [(Wording.id(7, 1), "2026-06-09")]))
    }
    try desk.run("source", "add", "pond", "https://pond.example/feed")
    let first = try desk.run("fetch")
    #expect(first.notes.hasPrefix("pond  1 new paper"), "\(first)")
    try desk.run("source", "add", "boats", "arxiv:ti:boats")
    let run = try desk.run("fetch", "boats")
    #expect(run.notes.contains("wants to be left alone until 10:00"), "\(run.notes)")
    #expect(!server.requests.contains { $0.host == "export.arxiv.org" })
  }

  @Test func whatChangedInAFolder() throws {
    defer { server.stop() }
    clock.set(Timestamp.rfc3339(World.real.now()))
    let desk = try desk()
    let day = "2026-06-08"
    let file = try desk.file("mail/\(day).md", Wording.digest(day, [Wording.id(8, 1)]))
    try desk.file("mail/notes.txt", "nothing of interest\n")
    try desk.run("source", "add", "mail", desk.folder.path + "/mail")
    #expect(try desk.run("fetch").notes.hasPrefix("mail  1 new paper"))
    clock.pass(hours: 1)
    #expect(try desk.run("fetch").notes == "mail  nothing new\n")
    try desk.file("mail/2026-06-09.md", Wording.digest("2026-06-09", [Wording.id(8, 2)]))
    // The clock of the test is ahead of that of the disk.
    clock.set(Timestamp.rfc3339(World.real.now()))
    #expect(try desk.run("fetch").notes.hasPrefix("mail  1 new paper"))
    // On a machine that never had it, it is no trouble; here it is missed.
    let laptop = try self.desk("laptop")
    try laptop.run("source", "add", "mail", laptop.file("x/y.md", "x"))
    try FileManager.default.removeItem(atPath: laptop.folder.path + "/x/y.md")
    let elsewhere = try laptop.run("fetch")
    #expect(elsewhere.status == .ok && elsewhere.notes == "mail  not on this machine\n")
    try FileManager.default.removeItem(atPath: (file as NSString).deletingLastPathComponent)
    let gone = try desk.run("fetch")
    #expect(gone.status == .unreachable && gone.notes.contains("there is no file"), "\(gone)")
  }

  // MARK: Manners

  /// arXiv's ETags have no quotes, and are others with each rendering of the same.
  @Test func validatorsGoBackAsTheyCame() throws {
    defer { server.stop() }
    let number = Guard(0)
    let feed = Wording.arXiv("2026-06-10", [.init(id: Wording.id(1, 1))])
    server.answer { request in
      if request.host == "export.arxiv.org" { return Reply(200, Wording.search([])) }
      number.value += 1
      let headers = [
        "ETag: rendered-\(number.value)-bare",
        "Last-Modified: Wed, 10 Jun 2026 04:00:0\(number.value) GMT",
      ]
      if number.value == 3 { return Reply(304, [], headers) }
      return Reply(200, Array(feed.utf8), headers)
    }
    let desk = try desk()
    try desk.run("source", "add", "cl", "arxiv:cs.CL")
    try desk.run("fetch")
    for _ in 0..<4 {
      clock.pass(hours: 24)
      let run = try desk.run("fetch")
      #expect(run.notes.hasPrefix("cl  same batch as "), "\(run.notes)")
    }
    let feeds = server.requests.filter { $0.host == "rss.arxiv.org" }
    let sent = feeds.map { $0.headers["if-none-match"] ?? "" }
    #expect(
      sent == ["", "rendered-1-bare", "rendered-2-bare", "rendered-3-bare", "rendered-4-bare"])
    #expect(feeds.last?.headers["if-modified-since"] == "Wed, 10 Jun 2026 04:00:04 GMT")
    #expect(server.requests.allSatisfy { $0.headers["authorization"] == nil })
    #expect(try desk.count("is:repeated") == 0)
  }

  @Test func threeSecondsBetweenRequestsToOneHost() throws {
    defer { server.stop() }
    let desk = try desk()
    try desk.run("source", "add", "hf", "hf:daily")
    try desk.run("source", "add", "d", "https://d.example/{yyyy}-{mm}-{dd}.md")
    server.answer { _ in Reply(200, "[]") }
    try desk.run("fetch")
    for (host, count) in ["huggingface.co": 3, "d.example": 3] {
      let times = server.requests.filter { $0.host == host }.map(\.time)
      #expect(times.count == count)
      #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 3000 }, "\(times)")
    }
    #expect(clock.slept == [3, 3, 3, 3])
    #expect(
      Set(server.requests.filter { $0.host == "huggingface.co" }.map(\.connection)).count == 1)
    // A run right after it waits as well.
    let before = clock.now
    try desk.run("fetch")
    #expect(server.requests.dropFirst(6).allSatisfy { $0.time >= before + 3000 - 3000 })
  }

  @Test(arguments: [
    ("Retry-After: 7200", "10:00"), ("Retry-After: Wed, 10 Jun 2026 14:05:00 GMT", "14:05"),
    ("Retry-After: 172800", "2026-06-12 08:00"), ("X-Nothing: said", "08:15"),
  ])
  func aBanHoldsAcrossRuns(_ header: String, _ time: String) throws {
    defer { server.stop() }
    let feed = Wording.arXiv("2026-06-10", [.init(id: Wording.id(1, 1))])
    server.answer { _ in Reply(429, "Rate exceeded.", header) }
    let desk = try desk()
    try desk.run("source", "add", "cl", "arxiv:cs.CL")
    try desk.run("source", "add", "other", "arxiv:cs.LG")
    let first = try desk.run("fetch")
    #expect(first.status == .unreachable, "\(first)")
    #expect(first.notes.contains("cl     429 until \(time)\n"), "\(first.notes)")
    #expect(first.notes.contains("other  wants to be left alone until \(time)\n"))
    #expect(server.requests.count == 1, "one host, one ban")
    clock.pass(hours: 0.2)
    let second = try desk.run("fetch")
    #expect(second.status == .ok && server.requests.count == 1, "\(second)")
    #expect(second.notes.contains("cl     wants to be left alone until \(time)\n"))
    server.answer { _ in Reply(200, feed) }
    clock.pass(hours: 48)
    #expect(try desk.run("fetch").notes.contains("1 new paper"))
    #expect(server.requests.count == 3)
  }

  @Test func whatMovedForGoodIsRemembered() throws {
    defer { server.stop() }
    let feed = Reply(200, Wording.feed(.atom, [(Wording.id(6, 1), "2026-06-09")]))
    serve([
      "old.example/feed": Reply(301, "", "Location: https://new.example/feed"),
      "new.example/feed": feed, "later.example/f": Reply(302, "", "Location: /now"),
      "later.example/now": feed,
    ])
    let desk = try desk()
    try desk.run("source", "add", "a", "http://old.example/feed")
    try desk.run("source", "add", "b", "https://later.example/f")
    let run = try desk.run("fetch").notes
    #expect(run.contains("moved for good to https://new.example/feed (remembered)"), "\(run)")
    _ = server.takeRequests()
    try desk.run("fetch")
    #expect(
      server.takeRequests().map { $0.host + $0.path } == [
        "new.example/feed", "later.example/f", "later.example/now",
      ])
    // The new place is gone: the old one is asked again.
    serve(["old.example/feed": feed, "later.example/f": feed])
    #expect(try desk.run("fetch").status == .partly)
    _ = server.takeRequests()
    #expect(try desk.run("fetch").status == .ok)
    #expect(server.requests.first.map { $0.host + $0.path } == "old.example/feed")
  }

  /// A login page is answered for everything, by a redirect for good: nothing is remembered of it.
  @Test func aLoginPageIsNoDigest() throws {
    defer { server.stop() }
    server.answer { request in
      request.host == "login.example"
        ? Reply(200, Wording.loginPage, "Content-Type: text/html")
        : Reply(301, "", "Location: https://login.example/")
    }
    let desk = try desk()
    for (name, what) in [
      ("cl", "arxiv:cs.CL"), ("hf", "hf:daily"), ("d", "https://d.example/{yyyy}-{mm}-{dd}.md"),
      ("f", "https://pond.example/feed"),
    ] { try desk.run("source", "add", name, what) }
    let run = try desk.run("fetch")
    #expect(run.status == .unreachable)
    for line in run.notes.split(separator: "\n").prefix(4) {
      #expect(line.contains("a web page came in place of a digest"), "\(line)")
    }
    #expect(try desk.count("all") == 0)
    serve(["pond.example/feed": Reply(200, Wording.feed(.rss2, [(Wording.id(6, 1), "2026-06-09")]))]
    )
    _ = server.takeRequests()
    #expect(try desk.run("fetch", "f").notes.contains("1 new paper"))
    #expect(server.requests.map(\.host) == ["pond.example"])
  }

  // MARK: Misbehaviour

  struct Odd: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var what = "https://odd.example/list"
    var reply: Reply
    var words: String
    var status = ExitStatus.unreachable
    var papers = 0
  }

  private static let feed = Wording.feed(
    .atom, (1...9).map { (id: Wording.id(6, $0), day: "2026-06-09") })
  private static let json = Wording.huggingFace("2026-06-10", (1...9).map { Wording.id(3, $0) })

  static let odd: [Odd] = [
    Odd(testDescription: "cut", reply: Reply(200, feed).on(.cut(700)), words: "not to the end"),
    Odd(
      testDescription: "cut in chunks", reply: Reply(200, feed).on(.cutChunks(700)),
      words: "not to the end"),
    Odd(
      testDescription: "a feed that ends early unnoticed",
      reply: Reply(200, feed).on(.cutUnnoticed(700)), words: "the answer ends early"),
    Odd(
      testDescription: "JSON that ends early unnoticed", what: "hf:daily",
      reply: Reply(200, json).on(.cutUnnoticed(700)), words: "the answer ends early"),
    Odd(
      testDescription: "JSON that ends between two papers", what: "hf:daily",
      reply: Reply(200, json).on(
        .cutUnnoticed(
          (json.firstRange(of: "},{").map {
            json.utf8.distance(from: json.startIndex, to: $0.lowerBound) + 2
          }) ?? 0)), words: "the answer ends early"),
    Odd(
      testDescription: "packed and cut",
      reply: Reply(200, Packing.gzip(Array(feed.utf8)), ["Content-Encoding: gzip"]).on(
        .cutUnnoticed(200)), words: "the answer"),
    Odd(
      testDescription: "no gzip though it says so",
      reply: Reply(200, Array(feed.utf8), ["Content-Encoding: gzip"]), words: "the answer is none"),
    Odd(
      testDescription: "without an end",
      reply: Reply(200, String(repeating: "x", count: 1 << 16))
        .on(.endless), words: "larger than allowed"),
    Odd(testDescription: "server fault", reply: Reply(500, "oops"), words: "a fault of its own"),
    Odd(testDescription: "503 alone", reply: Reply(503, "oops"), words: "a fault of its own"),
    Odd(testDescription: "forbidden", reply: Reply(403, "no"), words: "gives it to nobody"),
    Odd(testDescription: "gone", reply: Reply(410, "no"), words: "gone for good"),
    Odd(testDescription: "not there", reply: Reply(404, "no"), words: "nothing at the address"),
    Odd(testDescription: "304 unasked", reply: Reply(304), words: "answered 304"),
    Odd(
      testDescription: "a loop", reply: Reply(301, "", "Location: https://odd.example/list"),
      words: "redirects"),
    Odd(
      testDescription: "from safe to open", reply: Reply(302, "", "Location: http://x.example/"),
      words: "from https to http"),
    Odd(
      testDescription: "into this machine", reply: Reply(302, "", "Location: https://127.0.0.1/"),
      words: "into this machine"),
    Odd(
      testDescription: "to a file", reply: Reply(302, "", "Location: file:///etc/passwd"),
      words: "leads where nothing is asked"),
    Odd(testDescription: "empty", reply: Reply(200, ""), words: "the file is empty"),
    Odd(testDescription: "prose", reply: Reply(200, "Hello there."), words: "no list of papers"),
    Odd(
      testDescription: "a picture", reply: Reply(200, [0x89, 0x50, 0x4E, 0x47, 0, 1, 2], []),
      words: "a picture"),
    Odd(
      testDescription: "an empty feed", reply: Reply(200, Wording.feed(.atom, [])),
      words: "nothing new", status: .ok),
    Odd(
      testDescription: "a feed of no papers",
      reply: Reply(
        200,
        "<rss><channel><item><title>x</title><link>https://x.example/</link>"
          + "</item></channel></rss>"), words: "nothing new", status: .ok),
    Odd(
      testDescription: "packed",
      reply: Reply(
        200, Packing.gzip(Array(feed.utf8)), ["Content-Encoding: gzip"]), words: "9 new papers",
      status: .ok, papers: 9),
    Odd(
      testDescription: "a gzip file", reply: Reply(200, Packing.gzip(Array(feed.utf8)), []),
      words: "9 new papers", status: .ok, papers: 9),
    Odd(
      testDescription: "another encoding",
      reply: Reply(
        200,
        Array("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>".utf8)
          + Array(feed.utf8).map { $0 == UInt8(ascii: "F") ? 0xC9 : $0 }, []),
      words: "9 new papers", status: .ok, papers: 9),
  ]

  @Test(arguments: odd) func isToldInPlainWords(_ odd: Odd) throws {
    defer { server.stop() }
    server.answer { _ in odd.reply }
    let desk = try desk()
    try desk.run("source", "add", "odd", odd.what)
    let run = try desk.run("fetch")
    #expect(run.status == odd.status, "\(run.notes)")
    #expect(run.notes.contains(odd.words), "\(run.notes)")
    #expect(try desk.count("all") == odd.papers)
    #expect(server.requests.count <= (odd.what.hasPrefix("hf") ? 1 : 6), "asked once")
    print("  \(odd.testDescription): \(run.notes.split(separator: "\n").first ?? "")")
    // And afterwards all is as if it had never been.
    guard odd.papers == 0 else { return }
    server.answer { _ in
      Reply(200, odd.what.hasPrefix("hf") ? Self.json : Self.feed)
    }
    clock.pass(hours: 200)
    #expect(try desk.run("fetch", "odd").status == .ok)
    #expect(try desk.count("all") == 9)
  }

  // MARK: Trouble that lasts

  @Test func aDeadSourceIsALineOnTheDashboard() throws {
    defer { server.stop() }
    let feed = Wording.arXiv("2026-06-10", [.init(id: Wording.id(1, 1))])
    server.answer { _ in Reply(200, feed) }
    let desk = try desk()
    try desk.run("source", "add", "cl", "arxiv:cs.CL")
    try desk.run("fetch")
    #expect(try !desk.run().out.contains("look: source"))
    server.answer { _ in Reply(500, "oops") }
    for failed in 1...3 {
      clock.pass(hours: 24)
      #expect(try desk.run("fetch").status == .unreachable)
      let line = "look: source cl failed 3 times: shelf source list"
      #expect(try desk.run().out.contains(line) == (failed == 3))
    }
    let listed = try desk.run("source", "list").out
    #expect(listed.contains("failed, 3 times in a row: the server has a fault"), "\(listed)")
    // It answers again, and brings nothing.
    server.answer { _ in Reply(200, Wording.arXiv("2026-06-14", [])) }
    clock.pass(hours: 96)
    let stale = try desk.run("fetch")
    #expect(stale.notes == "cl  nothing new; stale since 2026-06-10\n", "\(stale.notes)")
    #expect(try desk.run().out.contains("source cl brought nothing new since 2026-06-10"))
    #expect(try desk.run("fetch", "cl", "--quiet").notes.contains("stale since"))
    #expect(
      try desk.run("source", "list", "--json").array.first?["staleSince"] as? String
        == "2026-06-10")
  }

  @Test func quietTellsOnlyWhatWentWrong() throws {
    defer { server.stop() }
    serve(["a.example/f": Reply(200, Wording.feed(.rss2, [(Wording.id(7, 1), "2026-06-09")]))])
    let desk = try desk()
    try desk.run("source", "add", "a", "https://a.example/f")
    let good = try desk.run("fetch", "--quiet")
    #expect(good.status == .ok && good.notes == "" && good.out == "")
    try desk.run("source", "add", "b", "https://b.example/f")
    let bad = try desk.run("fetch", "--quiet")
    #expect(bad.status == .partly && bad.notes.hasPrefix("b  there is nothing at"), "\(bad.notes)")
    #expect(bad.notes.split(separator: "\n").count == 1)
  }

  @Test func jsonTellsAllOfIt() throws {
    defer { server.stop() }
    serve(["a.example/f": Reply(200, Wording.feed(.rss2, [(Wording.id(7, 1), "2026-06-09")]))])
    let desk = try desk()
    try desk.run("source", "add", "a", "https://a.example/f")
    try desk.run("source", "add", "d", "https://d.example/{yyyy}-{mm}-{dd}.md")
    let run = try desk.run("fetch", "--json")
    #expect(run.object["new"] as? Int == 1 && run.notes == "")
    let sources = run.object["sources"] as? [[String: Any]]
    #expect(sources?.map { $0["state"] as? String } == ["brought", "missing"])
    #expect(
      sources?.last?["missing"] as? [String] == ["2026-06-08", "2026-06-09", "2026-06-10"])
  }

  // MARK: What writes nothing

  @Test func testsAndRehearsalsKeepNothing() throws {
    defer { server.stop() }
    serve([
      "a.example/f": Reply(
        200, Wording.feed(.rss2, [(Wording.id(7, 1), "2026-06-09")]), "ETag: \"x\"")
    ])
    let desk = try desk()
    let none = try desk.run("source", "test", "https://a.example/f")
    #expect(none.notes.contains("would bring 1 paper"), "\(none.notes)")
    #expect(none.notes.contains("Frogs \(Wording.id(7, 1))"))
    let json = try desk.run("source", "test", "https://a.example/f", "--json")
    #expect(json.out == #"{"what":"https://a.example/f","papers":1,"notices":[]}"# + "\n")
    #expect(try FileManager.default.contentsOfDirectory(atPath: desk.folder.path).count == 2)
    try desk.run("source", "add", "a", "https://a.example/f")
    func state() throws -> [String] {
      try desk.library().dump() + [desk.run("source", "list", "--json").out]
    }
    let before = try state()
    for words in [["source", "test", "a"], ["fetch", "-n"], ["fetch", "-n", "a"]] {
      #expect(try desk.run(words).notes.contains("1 "), "\(words)")
      #expect(try state() == before, "\(words)")
    }
    #expect(server.requests.allSatisfy { $0.headers["if-none-match"] == nil })
    #expect(try desk.run("source", "test", "nome").status == .notFound)
    #expect(try desk.run("source", "test", "a+b").status == .usage)
    try desk.run("source", "add", "b", "https://b.example/f", "-n")
    #expect(try state() == before)
  }

  @Test func aSubscriptionIsSyncedAndUndone() throws {
    defer { server.stop() }
    let (desk, laptop) = (try desk(), try desk("laptop"))
    let remote = try TemporaryFolder()
    for machine in [desk, laptop] { try machine.run("remote", "add", "r", remote.path) }
    try desk.run("source", "add", "Café-日报", "hf:daily")
    for machine in [desk, laptop] { try machine.run("sync") }
    #expect(try laptop.run("source", "list").out.hasPrefix("Café-日报".composed))
    #expect(try laptop.run("source", "remove", "Cafe\u{301}-日报").status == .ok)
    for machine in [laptop, desk] { try machine.run("sync") }
    #expect(try desk.run("source", "list").out == "")
    #expect(try laptop.run("undo").notes.contains("source remove"))
    for machine in [laptop, desk] { try machine.run("sync") }
    #expect(try desk.run("source", "list").out.contains("hf:daily"))
    #expect(try desk.library().dump() == laptop.library().dump())
    // Both say something else under one name.
    try desk.run("source", "add", "x", "arxiv:cs.CL")
    clock.pass(hours: 1)
    try laptop.run("source", "add", "x", "arxiv:cs.LG")
    for machine in [desk, laptop, desk] { try machine.run("sync") }
    let conflicts = try desk.run("conflicts").out
    #expect(conflicts.contains("source x") && conflicts.contains("arxiv:cs.CL"), "\(conflicts)")
    #expect(try desk.library().problems() == [])
  }

  // MARK: Titles

  @Test func whatIsAddedGetsItsTitle() throws {
    defer { server.stop() }
    let id = Wording.id(9, 1)
    serve(["export.arxiv.org/api/query": Reply(200, Wording.search([id]))])
    let desk = try desk()
    let run = try desk.run("add", id)
    #expect(run.notes.contains("Boats of \(id) and Others"), "\(run.notes)")
    #expect(server.requests.map(\.query) == ["id_list=\(id)&max_results=1"])
    let shown = try #require(try desk.run("show", id, "--json").array.first)
    #expect(shown["authors"] as? [String] == ["Ida Invented", "Bo Maker"])
    #expect(shown["categories"] as? [String] == ["cs.LG", "cs.CL"])
    #expect((shown["digests"] as? [Any])?.isEmpty == true, "it was in no digest")
    #expect(try desk.run("log").out.contains("Boats of"))
    // Nobody is asked for what is known, named, or no paper of arXiv, nor by a rehearsal.
    try desk.run("add", id)
    try desk.run("add", Wording.id(9, 2), "--title", "Mine")
    try desk.run("add", "doi:10.1000/182")
    try desk.run("add", Wording.id(9, 3), "-n")
    #expect(server.requests.count == 1)
    try desk.run("undo", "3")
    #expect(try desk.count("all") == 0)
  }

  @Test func offlineItComesWithTheNextFetch() throws {
    defer { server.stop() }
    let ids = (1...3).map { Wording.id(9, $0) }
    let nowhere = try Desk("desk", clock, 1)
    let run = try nowhere.run("add", ids[0])
    #expect(run.status == .ok && run.notes.contains("`shelf fetch` asks again"), "\(run.notes)")
    #expect(try nowhere.count("all") == 1)
    // A server that never answers is not waited for.
    server.answer { _ in Reply(200, "x").on(.silent) }
    let desk = try desk()
    for id in ids { #expect(try desk.run("add", id).status == .ok) }
    #expect(server.takeRequests().count == 1, "not asked again within a moment")
    serve(["export.arxiv.org/api/query": Reply(200, Wording.search([ids[0], ids[2]]))])
    clock.pass(hours: 1)
    let fetched = try desk.run("fetch")
    #expect(fetched.notes.contains("2 papers that lacked a title have one"), "\(fetched.notes)")
    #expect(server.takeRequests().count == 1, "a hundred in one request")
    // arXiv does not know the third one: it is left alone for a week.
    clock.pass(hours: 24)
    try desk.run("fetch")
    #expect(server.requests.isEmpty)
    clock.pass(hours: 24 * 7)
    try desk.run("fetch")
    #expect(server.requests.map(\.query) == ["id_list=\(ids[1])&max_results=1"])
    // A digest that has the paper says it better.
    let day = "2026-06-10"
    try desk.run("import", desk.file("s/\(day).md", Wording.digest(day, [ids[0]])))
    #expect(
      try desk.run("show", ids[0], "--format", "{title}").out == "Lamps and Ladders \(ids[0])\n")
  }

  // MARK: A clock that is wrong

  @Test func aClockThatWasWrongOnceSilencesNothing() throws {
    defer { server.stop() }
    let desk = try desk()
    try desk.run("source", "add", "cl", "arxiv:cs.CL")
    try desk.run("source", "add", "hf", "hf:daily")
    let cl = Guard([Wording.Announced(id: Wording.id(1, 1))])
    server.answer { request in
      request.host == "huggingface.co"
        ? Reply(
          200,
          request.query.hasSuffix("2026-06-10")
            ? Wording.huggingFace(
              "2026-06-10", [Wording.id(3, 1)]) : "[]")
        : request.headers["if-none-match"] == "x"
          ? Reply(429, "later", "Retry-After: 3600")
          : Reply(200, Wording.arXiv("2026-06-10", cl.value), "ETag: x")
    }
    clock.set("9999-01-05T08:00:00Z")
    try desk.run("fetch")
    try desk.run("fetch", "cl")
    clock.set("2026-06-10T08:00:00Z")
    cl.value.append(Wording.Announced(id: Wording.id(1, 2)))
    server.answer { request in
      request.host == "huggingface.co"
        ? Reply(
          200,
          request.query.hasSuffix("2026-06-10")
            ? Wording.huggingFace(
              "2026-06-10", [Wording.id(3, 1)]) : "[]")
        : Reply(200, Wording.arXiv("2026-06-10", cl.value))
    }
    _ = server.takeRequests()
    let run = try desk.run("fetch")
    #expect(run.notes.contains("cl  1 new paper"), "\(run.notes)")
    #expect(run.notes.contains("hf  1 new paper"), "\(run.notes)")
    #expect(server.requests.filter { $0.host == "huggingface.co" }.count == 30)
    #expect(try desk.run("source", "list").out.contains("2026-06-10 08:0"))
  }

  // MARK: Names and words

  @Test func namesAreToldApart() throws {
    defer { server.stop() }
    let desk = try desk()
    #expect(try desk.run("fetch").notes.hasPrefix("no source yet"))
    #expect(try desk.run("fetch", "nome").status == .notFound)
    for name in ["", "a b", "-x", "a\u{1B}[31m", String(repeating: "x", count: 101)] {
      #expect(try desk.run("source", "add", "--", name, "hf:daily").status == .usage, "\(name)")
    }
    for what in ["", "nonsense", "a\nb", String(repeating: "arxiv:", count: 1000)] {
      #expect(try desk.run("source", "add", "x", what).status == .usage)
    }
    #expect(try desk.run("source", "add", "x", "./nowhere").status == .noInput)
    try desk.run("source", "add", "alpha", "hf:daily")
    #expect(try desk.run("fetch", "alpah").notes.contains("did you mean “alpha”?"))
    #expect(try desk.run("fetch", "--since", "soon").status == .usage)
    #expect(
      try desk.run("__complete", "fish", "--", "fetch", "al").out.contains("alpha\thf:daily"))
    #expect(try desk.run("__complete", "fish", "--", "help", "sou").out.contains("sources"))
  }
}

/// A value that the server's threads and a test share.
final class Guard<Value: Sendable>: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var held: Value
  init(_ value: Value) { held = value }
  var value: Value {
    get {
      lock.lock()
      defer { lock.unlock() }
      return held
    }
    set {
      lock.lock()
      defer { lock.unlock() }
      held = newValue
    }
  }
}
