import Changes
import Papers

/// A column of the `list` table.
enum ListColumn: Hashable, Sendable {
  case row, id, status, star, date, title, tags
  /// A register that `Paper` has no property for, by its field.
  case register(String)

  /// Those that a list has unless `list.columns` says others.
  static let standard: [ListColumn] = [.row, .id, .status, .star, .date, .title, .tags]

  /// All that a list can have.
  static func all(of registers: Registers) -> [ListColumn] {
    standard + registers.otherFields.map { .register($0.field) }
  }

  /// Its name in `list.columns`.
  var name: String {
    switch self {
    case .row: "row"
    case .id: "id"
    case .status: "status"
    case .star: "star"
    case .date: "date"
    case .title: "title"
    case .tags: "tags"
    case .register(let field): field
    }
  }

  /// What the cell says, printable and on one line.
  /// - Parameter row: the paper's place in the listing, from 1.
  func text(of paper: Paper, row: Int = 0, zone: Timestamp.Zone) -> String {
    switch self {
    case .row: "%\(row)"
    case .id: Printable.line(paper.id.rawValue)
    case .status: paper.status.rawValue
    case .star: paper.starred ? "★" : ""
    case .date: Self.day(of: paper, zone: zone)
    case .title: Printable.line(paper.content.title)
    case .tags: Printable.line(paper.tags.map { "+" + $0.name }.joined(separator: " "))
    case .register(let field): Printable.line(paper.others[field]?.words ?? "")
    }
  }

  /// The latest day it was in a digest, else the day it came on the list.
  static func day(of paper: Paper, zone: Timestamp.Zone) -> String {
    paper.appearances.last?.date?.text ?? Timestamp.day(paper.added, in: zone)
  }

  /// The name over the column; star and row need none.
  var heading: String { self == .star || self == .row ? "" : name }

  /// The cells that every row of a pipe keeps for it, whatever the rows hold.
  func fixedWidth(_ cells: CellWidth) -> Int {
    switch self {
    case .id: 10
    case .status: 7
    case .star: cells.width(of: "★")
    case .date: 10
    case .row, .title, .tags, .register: 0
    }
  }

  /// How the cell looks where there is colour.
  func role(of paper: Paper) -> Palette.Role? {
    switch self {
    case .id: .id
    case .star: .star
    case .date: .date
    case .row: .row
    case .tags: .tags
    case .register: nil
    case .title: paper.status == .unread ? .title : nil
    case .status: Palette.Role(rawValue: paper.status.rawValue)
    }
  }
}
