import Papers
import Store

/// What came in and went out, in weeks.
struct WeekCourse {
  /// Its Monday.
  var monday: CalendarDay
  /// Papers that came in.
  var came = 0
  /// Of those, how many are unread by now.
  var left = 0
  /// Papers decided.
  var decided = 0

  /// The weeks of days, the newest first.
  static func weeks(of days: [DayCourse]) -> [WeekCourse] {
    var weeks: [CalendarDay: WeekCourse] = [:]
    for day in days {
      let monday = CalendarDay(day.day).monday
      var week = weeks[monday] ?? WeekCourse(monday: monday)
      week.came += day.came
      week.left += day.left
      week.decided += day.decided
      weeks[monday] = week
    }
    return weeks.values.sorted { $0.monday.number > $1.monday.number }
  }
}

extension CalendarDay {
  /// The Monday of its week (ISO 8601); 1970-01-01 was a Thursday.
  var monday: CalendarDay { adding(days: -((number + 3) % 7 + 7) % 7) }

  /// Its week as ISO 8601 writes it, `2025-W40`: that of the year its Thursday is in.
  var isoWeek: String {
    let thursday = monday.adding(days: 3)
    let year = thursday.components.year
    var first = thursday
    while first.adding(days: -7).components.year == year { first = first.adding(days: -7) }
    let week = (thursday.number - first.number) / 7 + 1
    return "\(year)-W" + (week < 10 ? "0" : "") + String(week)
  }
}

/// Days in a row on which something was decided.
struct Streak {
  /// Up to today, or yesterday while today has none yet.
  var current = 0
  /// The longest there was.
  var longest = 0

  /// - Parameter days: in any order.
  init(_ days: [DayCourse], today: PaperDate) {
    let numbers = Set(days.filter { $0.decided > 0 }.map { CalendarDay($0.day).number })
    for number in numbers where !numbers.contains(number - 1) {
      var end = number
      while numbers.contains(end + 1) { end += 1 }
      longest = max(longest, end - number + 1)
    }
    var day = CalendarDay(today).number
    if !numbers.contains(day) { day -= 1 }
    while numbers.contains(day) {
      current += 1
      day -= 1
    }
  }
}

/// How much was decided on each day of the last weeks, a column a week, Monday at the top. What a
/// shade means is told by the shade, and not by its colour.
struct HeatMap {
  private static let shades = ["·", "░", "▒", "▓", "█"]
  private static let labels = ["Mon", "", "Wed", "", "Fri", "", "Sun"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
  /// A year is enough.
  private static let mostWeeks = 53

  private let decided: [Int: Int]
  private let today: CalendarDay
  private let weeks: Int
  private let cells: CellWidth
  private let palette: Palette

  /// - Parameter width: in cells, of all of it.
  init(_ days: [DayCourse], today: PaperDate, width: Int, cells: CellWidth, palette: Palette) {
    decided = Dictionary(
      days.map { (CalendarDay($0.day).number, $0.decided) }, uniquingKeysWith: +)
    self.today = CalendarDay(today)
    weeks = max(1, min(Self.mostWeeks, (width - 7) / 2))
    self.cells = cells
    self.palette = palette
  }

  private var firstMonday: CalendarDay { today.monday.adding(days: -7 * (weeks - 1)) }

  /// Whether there is anything to see.
  var isEmpty: Bool {
    decided.allSatisfy { $1 == 0 || $0 < firstMonday.number || $0 > today.number }
  }

  /// The months, and a line for each day of the week.
  var lines: [Styled] {
    [Styled("       " + monthLine)]
      + (0..<7).map { weekday in
        var line = Styled("  " + cells.padded(Self.labels[weekday], to: 5))
        for week in 0..<weeks {
          let day = firstMonday.adding(days: 7 * week + weekday).number
          let shade = day > today.number ? " " : Self.shades[level(decided[day] ?? 0)]
          line = line + palette.paint(cells.padded(shade, to: 2), .green)
        }
        return line
      }
  }

  /// None, or one of four shades: a quarter of the most there was, each.
  private func level(_ number: Int) -> Int {
    let visible = decided.filter { $0.key >= firstMonday.number && $0.key <= today.number }
    let most = visible.values.max() ?? 0
    return number <= 0 || most == 0 ? 0 : min(4, (number * 4 + most - 1) / most)
  }

  /// The name of a month over the week in which it begins, where there is room.
  private var monthLine: String {
    var line = ""
    for week in 0..<weeks {
      let monday = firstMonday.adding(days: 7 * week)
      let month = monday.adding(days: 6).components.month
      let isNew = week == 0 || monday.adding(days: -1).components.month != month
      let place = week * 2
      guard isNew, line.utf8.count <= place, place + 3 <= weeks * 2 else { continue }
      line += String(repeating: " ", count: place - line.utf8.count) + Self.months[month - 1] + " "
    }
    return line
  }
}
