import Papers
import Store
import Testing

@testable import shelf

/// Weeks, streaks and the heat map, from days that are said.
@Suite struct StatsCourseTests {
  private func days(_ decided: [String: Int]) -> [DayCourse] {
    decided.map { day, number in
      var course = DayCourse(day: PaperDate(trusted: day))
      course.decided = number
      return course
    }
  }

  @Test(arguments: [
    ("2025-10-02", "2025-W40"), ("2024-12-30", "2025-W01"), ("2027-01-01", "2026-W53"),
    ("2021-01-03", "2020-W53"), ("2026-01-01", "2026-W01"), ("1970-01-01", "1970-W01"),
  ])
  func weeksAreThoseOfISO8601(_ day: String, _ week: String) {
    #expect(CalendarDay(PaperDate(trusted: day)).isoWeek == week)
  }

  @Test func streaksGoOnUntilYesterday() {
    let days = days([
      "2025-10-01": 1, "2025-10-02": 3, "2025-10-03": 1, "2025-09-20": 1, "2025-10-05": 0,
      "2025-08-30": 1, "2025-08-31": 1, "2025-09-01": 1, "2025-09-02": 1,
    ])
    func streak(_ today: String) -> [Int] {
      let streak = Streak(days, today: PaperDate(trusted: today))
      return [streak.current, streak.longest]
    }
    #expect(streak("2025-10-03") == [3, 4])
    #expect(streak("2025-10-04") == [3, 4], "today may have none yet")
    #expect(streak("2025-10-05") == [0, 4])
  }

  @Test(arguments: [10, 20, 40, 80, 113, 250], [1, 2])
  func theMapFitsAndIsReadWithoutColour(width: Int, ambiguous: Int) {
    let cells = CellWidth(ambiguous: ambiguous)
    let map = HeatMap(
      days(["2025-10-02": 40, "2025-10-01": 10, "2025-09-29": 1]),
      today: PaperDate(trusted: "2025-10-03"), width: width, cells: cells,
      palette: Palette(isOn: false))
    let lines = map.lines.map(\.rendered)
    #expect(!map.isEmpty)
    #expect(lines.count == 8)
    #expect(lines.allSatisfy { cells.width(of: $0) <= max(width, 9) }, "\(lines)")
    #expect(lines[4].contains("█") && lines[3].contains("░") && lines[1].contains("░"))
    #expect(!lines.joined().contains("\u{1B}"))
  }

  @Test func nothingDecidedIsNoMap() {
    let map = HeatMap(
      days(["2025-10-02": 0, "1999-01-01": 5]), today: PaperDate(trusted: "2025-10-03"), width: 80,
      cells: CellWidth(), palette: Palette(isOn: false))
    #expect(map.isEmpty)
  }
}
