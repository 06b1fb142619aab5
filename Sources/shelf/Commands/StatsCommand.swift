import ArgumentParser
import Changes
import JSONText
import Papers
import Store

/// `shelf stats`
struct StatsCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "stats", abstract: "The library in numbers.")
  @Flag(help: "One JSON object.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let statistics = try session.read { try $0.statistics(top: 14) } ?? Statistics()
    if json {
      try session.out.bytes(Self.json(statistics) + [0x0A])
    } else {
      for line in StatsPage(statistics, try session.screen()).lines {
        try session.out.line(line)
      }
    }
    return .ok
  }

  private static func json(_ statistics: Statistics) -> [UInt8] {
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
      json.array(statistics.days) { json, entry in
        json.object { json in
          json.member("date", entry.day.text)
          json.member("papers", entry.papers)
          json.member("read", entry.read)
        }
      }
    }
    return json.bytes
  }
}

/// The numbers on a page.
struct StatsPage {
  private let statistics: Statistics
  private let screen: Screen

  init(_ statistics: Statistics, _ screen: Screen) {
    self.statistics = statistics
    self.screen = screen
  }

  /// The width of the column of names: that of the widest tag, within reason.
  private var nameWidth: Int {
    let widest = statistics.tags.map { screen.cells.width(of: $0.tag.name) + 1 }.max() ?? 0
    return min(24, max(12, widest))
  }

  /// The page.
  var lines: [Styled] {
    var lines = Self.summary(statistics).map { Styled($0) }
    let most = statistics.byStatus.map(\.papers).max() ?? 0
    if statistics.papers > 0 {
      lines.append(Styled())
      lines += statistics.byStatus.map { row($0.status.rawValue, $0.papers, of: most) }
    }
    lines += table("Tags", statistics.tags.map { ("+" + $0.tag.name, $0.papers) })
    lines += days()
    return lines
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

  private func days() -> [Styled] {
    guard !statistics.days.isEmpty else { return [] }
    let most = statistics.days.map(\.papers).max() ?? 0
    return [Styled(), screen.palette.paint("Newest days", .bold)]
      + statistics.days.map { day in
        row(day.day.text, day.papers, of: most) + (day.read > 0 ? "  \(day.read) read" : "")
      }
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
