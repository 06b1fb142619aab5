import ArgumentParser
import Changes
import Filters
import JSONText
import Papers
import Store

/// `shelf stats`
struct StatsCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "stats", abstract: "The library in numbers: what came, what was decided, what is left.",
    discussion: """
      A paper counts on each day it stood in a digest. Taken is starred, queued, being read or read.
      """)

  /// What `--by` orders the numbers by.
  enum Grouping: String, CaseIterable { case day, week, keyword, tag, source }

  @Option(
    help: ArgumentHelp("Only from this day on: 2025-10-01, 30d, 3mo.", valueName: "day"))
  var since: String?
  @Option(
    help: ArgumentHelp(
      "One table, whole: by day, week, keyword, tag or source.", valueName: "grouping"))
  var by: String?
  @Flag(help: "One JSON object.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let grouping = try by.map(Self.grouping)
    let first = try since.map { try Self.day($0, session) }
    let world = session.world
    let course = try session.read { reader in
      StatsCourse(
        statistics: try reader.statistics(top: 14),
        days: try reader.course(
          since: first, start: first.map(world.startOfDay) ?? 0,
          dayOf: { Timestamp.day($0, in: world.zone) }),
        uptake: try Self.uptake(grouping, first, reader), since: first, grouping: grouping,
        today: world.today)
    }
    let stats = course ?? StatsCourse(grouping: grouping, today: world.today)
    if json {
      try session.out.bytes(Self.json(stats) + [0x0A])
    } else {
      for line in StatsPage(stats, try session.screen()).lines {
        try session.out.line(line)
      }
    }
    return .ok
  }

  private static func grouping(_ name: String) throws -> Grouping {
    if let grouping = Grouping(rawValue: name.lowercased()) { return grouping }
    let names = Grouping.allCases.map(\.rawValue)
    throw Failure(
      .usage, "--by is one of \(names.joined(separator: " ")), not “\(Printable.line(name))”",
      advice: Spelling.closest(to: name, among: names).map { "did you mean “\($0)”?" })
  }

  /// The first day that a word of the filter grammar means.
  static func day(_ text: String, _ session: Session) throws -> PaperDate {
    let filter = try FilterParser.parse("date:\(text)", today: session.world.today)
    if case .field(.date, .matches, let values) = filter, values.count == 1,
      case .days(let span) = values[0], let first = span.first
    {
      return first
    }
    throw Failure(
      .usage, "--since is a day, not “\(Printable.line(text))”",
      advice: "like 2025-10-01, 2025-10, 30d, 3mo or yesterday")
  }

  private static func uptake(
    _ grouping: Grouping?, _ since: PaperDate?, _ reader: LibraryReader
  ) throws -> [Uptake] {
    switch grouping {
    case .keyword: try reader.uptakeByKeyword(since: since)
    case .tag: try reader.uptakeByTag(since: since)
    case .source: try reader.uptakeBySource(since: since)
    case .day, .week, nil: []
    }
  }

  private static func json(_ course: StatsCourse) -> [UInt8] {
    let statistics = course.statistics
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("papers", statistics.papers)
      json.key("status")
      json.object { json in
        let number = Dictionary(uniqueKeysWithValues: statistics.byStatus.map { ($0.0, $0.1) })
        json.member("unread", number[.unread] ?? 0)
        json.member("queued", number[.queued] ?? 0)
        json.member("reading", number[.reading] ?? 0)
        json.member("read", number[.read] ?? 0)
        json.member("skipped", number[.skipped] ?? 0)
      }
      json.member("starred", statistics.starred)
      json.member("tagged", statistics.tagged)
      json.member("noted", statistics.noted)
      json.member("notes", statistics.notes)
      json.member("repeated", statistics.repeated)
      json.member("conflicted", statistics.conflicted)
      json.member("digests", statistics.digests)
      json.member("oldestDay", statistics.oldestDay?.text)
      json.member("newestDay", statistics.newestDay?.text)
      json.key("tags")
      json.array(statistics.tags) { json, entry in
        json.object { json in
          json.member("tag", entry.tag.name)
          json.member("papers", entry.papers)
        }
      }
      json.key("days")
      json.array(course.days) { json, day in
        json.object { json in
          json.member("date", day.day.text)
          json.member("papers", day.came)
          json.member("read", day.read)
          json.member("out", day.decided)
          json.member("left", day.left)
        }
      }
      json.key("weeks")
      json.array(WeekCourse.weeks(of: course.days)) { json, week in
        json.object { json in
          json.member("week", week.monday.isoWeek)
          json.member("from", week.monday.date.text)
          json.member("in", week.came)
          json.member("out", week.decided)
          json.member("left", week.left)
        }
      }
      json.key("streak")
      json.object { json in
        json.member("days", course.streak.current)
        json.member("longest", course.streak.longest)
      }
      if let grouping = course.grouping, grouping.isOfUptake {
        json.member("by", grouping.rawValue)
        json.key("rows")
        json.array(course.uptake) { json, row in
          json.object { json in
            json.member("name", row.name)
            json.member("papers", row.papers)
            json.member("taken", row.taken)
            json.member("skipped", row.skipped)
            json.member("left", row.left)
          }
        }
      }
    }
    return json.bytes
  }
}

extension StatsCommand.Grouping {
  /// Whether it tells what is taken.
  var isOfUptake: Bool { self != .day && self != .week }
}

/// What `stats` tells.
struct StatsCourse {
  var statistics = Statistics()
  /// The newest first.
  var days: [DayCourse] = []
  var uptake: [Uptake] = []
  var since: PaperDate?
  var grouping: StatsCommand.Grouping?
  var today: PaperDate

  /// Days in a row.
  var streak: Streak { Streak(days, today: today) }
}

/// The numbers on a page.
struct StatsPage {
  private let course: StatsCourse
  private let statistics: Statistics
  private let screen: Screen

  init(_ course: StatsCourse, _ screen: Screen) {
    self.course = course
    statistics = course.statistics
    self.screen = screen
  }

  /// The width of the column of names: that of the widest, within reason.
  private var nameWidth: Int {
    let names = statistics.tags.map { "+" + $0.tag.name } + course.uptake.map(\.name)
    let widest = names.prefix(1000).map { screen.cells.width(of: Printable.line($0)) }.max() ?? 0
    return min(24, max(12, widest))
  }

  /// The page.
  var lines: [Styled] {
    switch course.grouping {
    case .day: return table("Day", dayRows(course.days))
    case .week: return table("Week", weekRows(WeekCourse.weeks(of: course.days)))
    case .keyword, .tag, .source: return uptakeLines
    case nil: break
    }
    var lines = Self.summary(statistics).map { Styled($0) }
    let most = statistics.byStatus.map(\.papers).max() ?? 0
    if statistics.papers > 0 {
      lines.append(Styled())
      lines += statistics.byStatus.map { row($0.status.rawValue, $0.papers, of: most) }
    }
    lines += table("Tags", statistics.tags.map { ("+" + $0.tag.name, $0.papers) })
    lines += heatMap
    let weeks = WeekCourse.weeks(of: course.days)
    if weeks.count > 1 { lines += [Styled()] + table("Week", weekRows(Array(weeks.prefix(8)))) }
    if !course.days.isEmpty {
      lines += [Styled()] + table("Day", dayRows(Array(course.days.prefix(14))))
      if course.days.count > 14 {
        lines.append(Styled("  … \(course.days.count - 14) days more: shelf stats --by day"))
      }
    }
    return lines
  }

  private var heatMap: [Styled] {
    let map = HeatMap(
      course.days, today: course.today, width: min(screen.width, 113), cells: screen.cells,
      palette: screen.palette)
    guard !map.isEmpty else { return [] }
    let streak = course.streak
    let words =
      "streak: \(Words.number(streak.current, "day")); "
      + "the longest so far: \(Words.number(streak.longest, "day"))"
    return [Styled(), screen.palette.paint("Decided", .bold)] + map.lines + [Styled("  " + words)]
  }

  private typealias CourseRow = (name: String, came: Int, decided: Int, left: Int)

  private func dayRows(_ days: [DayCourse]) -> [CourseRow] {
    days.map { ($0.day.text, $0.came, $0.decided, $0.left) }
  }

  private func weekRows(_ weeks: [WeekCourse]) -> [CourseRow] {
    weeks.map { ($0.monday.isoWeek, $0.came, $0.decided, $0.left) }
  }

  private func table(_ heading: String, _ rows: [CourseRow]) -> [Styled] {
    guard !rows.isEmpty else { return [Styled("nothing came in or was decided")] }
    let most = rows.map { max($0.came, $0.left) }.max() ?? 0
    let head = numbers(heading, ["in", "out", "left"], isHead: true)
    return [screen.palette.paint(head, .bold)]
      + rows.map { row in
        let line = numbers(row.name, [row.came, row.decided, row.left].map(String.init))
        return Styled(line) + screen.palette.paint(bar(row.came, of: most), .cyan)
      }
  }

  private var uptakeLines: [Styled] {
    guard let grouping = course.grouping, !course.uptake.isEmpty else {
      return [Styled("no paper has a \(course.grouping?.rawValue ?? "name")")]
    }
    let head = numbers(
      grouping == .keyword ? "Key word" : grouping.rawValue.capitalizedASCII,
      ["papers", "taken", "skipped", "left"], isHead: true)
    // In a pipe whatever there is; a person looks at the first.
    let shown = screen.isTerminal ? Array(course.uptake.prefix(40)) : course.uptake
    let rows = shown.map { row in
      let name = grouping == .tag ? "+" + row.name : row.name
      let line = numbers(name, [row.papers, row.taken, row.skipped, row.left].map(String.init))
      return Styled(line) + screen.palette.paint(bar(row.taken, of: row.papers), .cyan)
    }
    let more = course.uptake.count - shown.count
    return [screen.palette.paint(head, .bold)] + rows
      + (more > 0 ? [Styled("  … \(more) more; a pipe has all")] : [])
  }

  private func numbers(_ name: String, _ numbers: [String], isHead: Bool = false) -> String {
    let name = Printable.line(name)
    let short = screen.isTerminal ? screen.cells.truncated(name, to: 24) : name
    return (isHead ? "" : "  ") + screen.cells.padded(short, to: nameWidth + (isHead ? 2 : 0))
      + numbers.map { String(repeating: " ", count: max(1, 8 - $0.utf8.count)) + $0 }.joined()
  }

  /// A bar of twenty cells at most, with its space before it.
  private func bar(_ number: Int, of most: Int) -> String {
    let length = most == 0 ? 0 : (number * 20 + most - 1) / most
    return length == 0 ? "" : "  " + String(repeating: "▇", count: length)
  }

  private static func summary(_ statistics: Statistics) -> [String] {
    var first = Words.papers(statistics.papers)
    if let oldest = statistics.oldestDay, let newest = statistics.newestDay {
      first += " from \(Words.number(statistics.digests, "digest")), \(oldest) to \(newest)"
    }
    let person =
      "\(statistics.starred) starred, \(statistics.tagged) tagged, "
      + "\(Words.number(statistics.notes, "note")) on \(Words.papers(statistics.noted)), "
      + "\(statistics.repeated) seen more than once"
    let conflicts = statistics.conflicted
    return [first, person]
      + (conflicts > 0 ? ["\(Words.papers(conflicts)) with conflicts: shelf conflicts"] : [])
  }

  private func table(_ heading: String, _ rows: [(String, Int)]) -> [Styled] {
    guard !rows.isEmpty else { return [] }
    let most = rows.map(\.1).max() ?? 0
    return [Styled(), screen.palette.paint(heading, .bold)] + rows.map { row($0.0, $0.1, of: most) }
  }

  private func row(_ name: String, _ number: Int, of most: Int) -> Styled {
    let name = Printable.line(name)
    let short = screen.isTerminal ? screen.cells.truncated(name, to: 24) : name
    let digits = String(number)
    let right = String(repeating: " ", count: max(0, 7 - digits.count)) + digits
    let length = most == 0 ? 0 : (number * 30 + most - 1) / most
    let bar = String(repeating: "▇", count: length)
    let label = "  " + screen.cells.padded(short, to: nameWidth)
    return Styled(label + right) + screen.palette.paint(bar.isEmpty ? "" : "  " + bar, .cyan)
  }
}

extension String {
  /// With a capital at the front.
  fileprivate var capitalizedASCII: String { prefix(1).uppercased() + dropFirst() }
}
