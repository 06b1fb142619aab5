import Foundation
import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// Thirty days of two machines: the desk fetches at eight in the morning and syncs, the laptop at
/// nine in the evening. The desk is off for three days; digests come two hours late, a category is a
/// day behind, a server is dead for a week, another wants to be left alone for two days. Nothing is
/// missed.
@Suite struct ThirtyDaysTests {
  typealias Reply = DigestServer.Reply

  /// Monday the first of June 2026 is day 1.
  private static func date(_ day: Int) -> String {
    CalendarDay(PaperDate(trusted: "2026-05-31")).adding(days: day).date.text
  }
  private static func isWeekday(_ day: Int) -> Bool { (day - 1) % 7 < 5 }

  /// The month's truth: what each place has at a moment.
  private struct Places: Sendable {
    static let off: Set<Int> = [8, 9, 10]
    static let late: Set<Int> = [5, 17, 26]
    static let behind = 11
    static let dead = 12..<19
    static let banned = 22

    /// The papers of a series on a day.
    static func papers(_ series: Int, _ day: Int) -> [String] {
      (0..<3).map { Wording.id(series * 31 + day, $0) }
    }

    /// - Parameters:
    ///   - day: the day it is, and the hour of it.
    func answer(_ request: DigestServer.Request, day: Int, hour: Int) -> Reply {
      switch request.host {
      case "raw.githubusercontent.com": daily(request, day, hour)
      case "rss.arxiv.org": announcements(request, day)
      case "export.arxiv.org": submissions(request, day)
      case "huggingface.co": list(request, day)
      case "pond.example": pond(request, day)
      default: Reply(404)
      }
    }

    private func daily(_ request: DigestServer.Request, _ day: Int, _ hour: Int) -> Reply {
      guard let asked = (1...30).first(where: { request.path.contains(date($0)) }),
        isWeekday(asked),
        asked < day || (asked == day && hour >= (Self.late.contains(day) ? 10 : 6))
      else { return Reply(404, "404: Not Found") }
      return Reply(200, Wording.digest(date(asked), Self.papers(0, asked)), "ETag: \"\(asked)\"")
    }

    /// Each rendering has another ETag without quotes, and a weekend has no entries.
    private func announcements(_ request: DigestServer.Request, _ day: Int) -> Reply {
      if day == Self.banned { return Reply(429, "Rate exceeded.", "Retry-After: 172800") }
      let shown = day == Self.behind ? day - 1 : day
      let entries = isWeekday(day) ? Self.papers(1, shown).map { Wording.Announced(id: $0) } : []
      let old = [Wording.Announced(id: Wording.id(99, 1), type: "replace")]
      return Reply(
        200, Wording.arXiv(date(shown), entries + old), "ETag: render-\(request.time)")
    }

    /// What was submitted in a span of time, here of the weekday before its end.
    private func submissions(_ request: DigestServer.Request, _ day: Int) -> Reply {
      let query = request.query.removingPercentEncoding ?? ""
      let end = query.components(separatedBy: " TO ").last?.prefix(8) ?? ""
      guard let submitted = (-2..<day).first(where: { date($0).filter { $0 != "-" } == end }) else {
        return Reply(400, Wording.arXivError)
      }
      let announced = (submitted + 1...submitted + 3).first(where: ThirtyDaysTests.isWeekday) ?? 0
      return Reply(200, Wording.search(announced >= 1 ? Self.papers(1, announced) : []))
    }

    private func list(_ request: DigestServer.Request, _ day: Int) -> Reply {
      guard let asked = (-2...30).first(where: { request.query.hasSuffix(date($0)) }) else {
        return Reply(400, "{\"error\":\"bad date\"}")
      }
      let isThere = asked >= 1 && asked <= day && isWeekday(asked)
      return Reply(200, Wording.huggingFace(date(asked), isThere ? Self.papers(2, asked) : []))
    }

    /// A feed of the newest eight entries, one a day.
    private func pond(_ request: DigestServer.Request, _ day: Int) -> Reply {
      if Self.dead.contains(day) { return Reply(502, "down") }
      let entries = (max(1, day - 7)...day).reversed().map { day in
        (id: Self.papers(3, day)[0], day: date(day))
      }
      if request.headers["if-none-match"] == "\"pond-\(day)\"" { return Reply(304) }
      return Reply(200, Wording.feed(.rss2, entries), "ETag: \"pond-\(day)\"")
    }
  }

  @Test func everyDigestComesOnce() throws {
    let clock = HandClock(Self.date(1) + "T08:00:00Z")
    let places = Places()
    let made = DigestServer(
      { request in
        let (day, hour) = Self.moment(request.time)
        return places.answer(request, day: day, hour: hour)
      }, clock: { clock.now })
    let server = try #require(made)
    defer { server.stop() }
    let remote = try TemporaryFolder()
    let desk = try Desk("desk", clock, server.port)
    let laptop = try Desk("laptop", clock, server.port)
    for machine in [desk, laptop] { try machine.run("remote", "add", "r", remote.path) }
    for (name, what) in [
      ("daily", "github:me/list/archive/{yyyy}-{mm}-{dd}.md"), ("cl", "arxiv:cs.CL"),
      ("hf", "hf:daily"), ("pond", "https://pond.example/feed"),
    ] { try desk.run("source", "add", name, what) }
    for machine in [desk, laptop] { try machine.run("sync") }

    var table = ["day         machine  requests  new  exit  words"]
    for day in 1...30 {
      for (machine, name, hour) in [(desk, "desk", "08"), (laptop, "laptop", "21")] {
        guard name == "laptop" || !Places.off.contains(day) else { continue }
        clock.set("\(Self.date(day))T\(hour):00:00Z")
        let run = try machine.run("fetch", "--json")
        let requests = server.takeRequests()
        try check(run, requests, day, name)
        table.append(Self.row(day, name, run, requests.count))
        _ = try machine.run("sync")
      }
    }
    // The last word of the laptop comes to the desk.
    _ = try desk.run("sync")
    print(table.joined(separator: "\n"))
    try checkEnd(desk, laptop)
  }

  /// The day, 1…30, and its hour.
  private static func moment(_ time: Int64) -> (day: Int, hour: Int) {
    let start = Int64(CalendarDay(PaperDate(trusted: "2026-05-31")).number) * 86_400_000
    let hours = Int((time - start) / 3_600_000)
    return (hours / 24, hours % 24)
  }

  /// One request a source, but for days that were missed or are not over; three seconds apart.
  private func check(
    _ run: Desk.Run, _ requests: [DigestServer.Request], _ day: Int, _ name: String
  ) throws {
    for (host, asked) in Dictionary(grouping: requests, by: \.host) {
      let targets = asked.map { $0.path + "?" + $0.query }
      #expect(Set(targets).count == targets.count, "\(day) \(name): asked twice for one thing")
      if host == "rss.arxiv.org" || host == "pond.example" { #expect(asked.count == 1) }
      let times = asked.map(\.time)
      #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 >= 3000 }, "\(times)")
    }
    let isBad = Places.dead.contains(day) || day == Places.banned
    #expect(run.status == .ok || (isBad && run.status == .partly), "\(day) \(name): \(run)")
  }

  private static func row(_ day: Int, _ name: String, _ run: Desk.Run, _ requests: Int) -> String {
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    let sources = run.object["sources"] as? [[String: Any]] ?? []
    let words = sources.map { "\($0["name"] ?? ""): \($0["words"] ?? "")" }
      .filter { !$0.hasSuffix(": nothing new") }
    return padded(date(day), 12) + padded(name, 9) + padded("\(requests)", 10)
      + padded("\(run.object["new"] ?? 0)", 5) + padded("\(run.status.code)", 6)
      + words.joined(separator: " | ")
  }

  private func checkEnd(_ desk: Desk, _ laptop: Desk) throws {
    var expected: Set<String> = []
    for day in 1...30 {
      if Self.isWeekday(day) {
        for id in Places.papers(0, day) { expected.insert(id) }
        for id in Places.papers(1, day) { expected.insert(id) }
        for id in Places.papers(2, day) { expected.insert(id) }
      }
      expected.insert(Places.papers(3, day)[0])
    }
    for machine in [desk, laptop] {
      let ids = try machine.run("list", "--ids", "--all", "--sort", "id").out
        .split(separator: "\n").map(String.init)
      #expect(Set(ids).subtracting(expected) == [], "too many")
      #expect(expected.subtracting(ids) == [], "lost")
      #expect(try machine.count("is:repeated") == 0, "a digest counts once")
      #expect(try machine.library().problems() == [])
    }
    #expect(try desk.library().dump() == laptop.library().dump())
    let stats = try desk.run("stats", "--json").object["digests"] as? Int
    // Weekdays of three series, and a day of the pond each.
    let weekdays = (1...30).count { Self.isWeekday($0) }
    #expect(stats == weekdays * 3 + 30, "\(stats ?? 0)")
    // Every paper was seen by one digest of its source.
    for id in [Places.papers(0, 5)[0], Places.papers(2, 9)[0], Places.papers(3, 20)[0]] {
      let paper = try #require(try desk.run("show", id, "--json").array.first)
      #expect((paper["digests"] as? [Any])?.count == 1, "\(id)")
    }
  }
}
