import Foundation
import Testing

/// `stats` over time: what came in, what went out, what is left.
@Suite struct StatsTests {
  private static func home() throws -> Home {
    let home = try Sample.home()
    _ = try home.run(["import", try home.file("series/2025-10-03.md", Sample.nextDay)])
    return home
  }

  private static func today(_ zone: String) -> String {
    let format = DateFormatter()
    format.dateFormat = "yyyy-MM-dd"
    format.timeZone = TimeZone(identifier: zone)
    format.locale = Locale(identifier: "en_US_POSIX")
    return format.string(from: Date())
  }

  @Test func aPaperCountsOnEachOfItsDays() throws {
    let home = try Self.home()
    _ = try home.shelf("skip", "2509.00002")
    let today = Self.today("UTC")
    let days = try home.shelf("stats", "--json").object["days"] as? [[String: Any]] ?? []
    let digests = days.filter { ($0["papers"] as? Int ?? 0) > 0 }
    #expect(digests.map { $0["date"] as? String } == ["2025-10-03", "2025-10-02"])
    #expect(digests.map { $0["papers"] as? Int } == [2, 3], "one of them on both days")
    #expect(digests.map { $0["left"] as? Int } == [1, 2])
    let out = days.filter { ($0["out"] as? Int ?? 0) > 0 }
    let outDays = out.compactMap { $0["date"] as? String }
    #expect(outDays == [today] || outDays == [Self.today("UTC")], "\(outDays)")
  }

  /// What is decided counts on the day it is where the person is.
  @Test(arguments: ["Pacific/Kiritimati", "Etc/GMT+12", "Europe/Berlin"])
  func daysAreThoseOfThePersonsZone(zone: String) throws {
    let home = try Self.home()
    let before = Self.today(zone)
    _ = try home.run(["read", "2509.00001"], variables: ["TZ": zone])
    let stats = try home.run(["stats", "--json"], variables: ["TZ": zone]).object
    let after = Self.today(zone)
    let days = stats["days"] as? [[String: Any]] ?? []
    let out = days.filter { ($0["out"] as? Int ?? 0) > 0 }.compactMap { $0["date"] as? String }
    #expect(out == [before] || out == [after], "\(out)")
    let streak = stats["streak"] as? [String: Int]
    #expect(streak == ["days": 1, "longest": 1])
  }

  @Test func sinceNarrowsAndWeeksAddUp() throws {
    let home = try Self.home()
    let all = try home.shelf("stats", "--json").object
    let weeks = all["weeks"] as? [[String: Any]] ?? []
    #expect(weeks.map { $0["week"] as? String } == ["2025-W40"])
    #expect(weeks.first?["from"] as? String == "2025-09-29")
    #expect(weeks.first?["in"] as? Int == 5)
    let later = try home.shelf("stats", "--json", "--since", "2025-10-03").object
    let days = later["days"] as? [[String: Any]] ?? []
    #expect(days.map { $0["date"] as? String } == ["2025-10-03"])
    let lines = try home.shelf("stats", "--by", "day", "--since", "2025/10/03").lines
    #expect(lines.count == 2 && lines[1].contains("2025-10-03"), "\(lines)")
  }

  @Test func whatIsTakenByKeywordTagAndSource() throws {
    let home = try Self.home()
    _ = try home.shelf("star", "2509.00001")
    _ = try home.shelf("skip", "2509.00002")
    _ = try home.shelf("tag", "add", "kv", "2509.00001", "2509.00003")
    func rows(_ by: String) throws -> [[String: Any]] {
      let stats = try home.shelf("stats", "--json", "--by", by).object
      #expect(stats["by"] as? String == by)
      return stats["rows"] as? [[String: Any]] ?? []
    }
    let tag = try #require(try rows("tag").first)
    #expect(tag["name"] as? String == "kv" && tag["papers"] as? Int == 2)
    #expect(tag["taken"] as? Int == 1 && tag["left"] as? Int == 1)
    let source = try #require(try rows("source").first)
    #expect(source["papers"] as? Int == 4 && source["skipped"] as? Int == 1)
    let keywords = try rows("keyword")
    let survey = keywords.first { $0["name"] as? String == "综述" }
    #expect(survey?["papers"] as? Int == 1 && survey?["skipped"] as? Int == 1)
    let table = try home.shelf("stats", "--by", "keyword")
    #expect(table.lines.count == keywords.count + 1)
  }

  @Test func whatMakesNoSenseIsTold() throws {
    let home = try Self.home()
    let by = try home.shelf("stats", "--by", "keyword", "--by", "tags")
    #expect(by.code == 64)
    let misspelt = try home.shelf("stats", "--by", "wek")
    #expect(misspelt.code == 64 && misspelt.notes.contains("week"), "\(misspelt.notes)")
    let day = try home.shelf("stats", "--since", "soon")
    #expect(day.code == 64 && day.notes.contains("soon"), "\(day.notes)")
    let empty = try Home()
    #expect(try empty.shelf("stats", "--by", "source").code == 0)
    #expect(try empty.shelf("stats", "--json").object["papers"] as? Int == 0)
  }
}
