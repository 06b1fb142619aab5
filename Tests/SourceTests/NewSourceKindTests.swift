import ArgumentParser
import Arrivals
import Papers
import TestSupport
import Testing

@testable import shelf

/// A kind of source that shelf does not know: a list by the week.
private struct WeeklyKind: SourceKind {
  let form = "weekly:NAME"
  let explanation = "a list that comes on Mondays"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard what.hasPrefix("weekly:") else { return nil }
    guard what.count > 7 else {
      throw SourceComplaint("a week of what?", advice: "write weekly:NAME")
    }
    return Weekly(name: String(what.dropFirst(7)))
  }

  private struct Weekly: Source {
    let name: String

    func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
      let day = CalendarDay(moment.today).number
      let monday = CalendarDay(number: day - (day + 3) % 7).date
      return AskPlan([
        Ask(.page("https://weekly.example/\(name)/\(monday).md"), .any, isBatch: true)
      ])
    }
  }
}

/// A kind of source that is declared as one type is added, asked, tried and explained.
@Suite struct NewSourceKindTests {
  private let features = Features(sourceKinds: [WeeklyKind()] + SourceKinds.standard)

  @Test func itIsAskedAndExplained() throws {
    let clock = HandClock("2026-06-10T08:00:00Z")
    let made = DigestServer { request in
      request.path == "/moss/2026-06-08.md"
        ? DigestServer.Reply(200, Wording.digest("2026-06-08", [Wording.id(1, 1)]))
        : DigestServer.Reply(404)
    }
    let server = try #require(made)
    defer { server.stop() }
    let desk = try Desk("desk", clock, server.port, features)
    #expect(try desk.run("source", "add", "w", "weekly:").notes.contains("a week of what?"))
    try desk.run("source", "add", "w", "weekly:moss")
    #expect(try desk.run("source", "test", "w").notes.contains("would bring 1 paper"))
    #expect(try desk.run("fetch").notes.hasPrefix("w  1 new paper (2026-06-08)\n"))
    #expect(try desk.run("help", "sources").out.contains("a list that comes on Mondays"))
    // Another build keeps it and says that it does not know it.
    let old = try Desk("old", clock, server.port)
    let remote = try TemporaryFolder()
    for machine in [desk, old] {
      try machine.run("remote", "add", "r", remote.path)
      try machine.run("sync")
    }
    #expect(try old.run("source", "list").out.contains("a newer one may"))
    let run = try old.run("fetch")
    #expect(run.status == .unreachable && run.notes.contains("does not know how to ask"))
  }

  @Test func helpNamesTheStandardOnes() {
    for kind in SourceKinds.standard {
      #expect(HelpTopic.sources.text(200).contains(kind.form))
      #expect(SourceAdd.configuration.discussion.contains(kind.form))
    }
  }
}
