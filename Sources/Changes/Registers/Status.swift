import Filters
import JSONText
import Papers

/// `status`: how far the person is with a paper.
package enum Status: PaperFieldRegister {
  /// How far.
  package typealias Value = ReadingStatus
  /// `status`
  package static let field = "status"
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// Unread.
  package static let unsaidValue = ReadingStatus.unread
  /// Between the address and the star.
  package static let rank = 40

  /// A property of the paper.
  package static let isKeptBeside = false
  /// A property of the paper.
  package static func value(of paper: Paper) -> ReadingStatus { paper.status }
  /// A property of the paper.
  package static func set(_ value: ReadingStatus, of paper: inout Paper) { paper.status = value }

  /// By its name.
  package static func write(_ value: ReadingStatus, to json: inout JSONTextWriter) {
    json.string(value.rawValue)
  }

  /// By its name.
  package static func read(_ reader: inout JSONTextReader) throws -> ReadingStatus {
    guard let status = ReadingStatus(rawValue: try reader.string()) else {
      throw JSONTextError(offset: reader.position)
    }
    return status
  }

  /// As any field, but one that is none is told.
  package static var keys: [PaperKey] {
    [
      PaperKey(
        field, rank: rank, write: { $1.string($0.status.rawValue) },
        read: { reader, paper, problems in
          let name = try reader.string()
          if let status = ReadingStatus(rawValue: name) {
            paper.status = status
          } else {
            problems.append("“\(name.prefix(40))” is no status; taken as unread")
          }
        })
    ]
  }

  /// `status`
  package static var filterFields: [FilterField] { [.status] }

  /// A word each, and those before `read`.
  package static var traits: [FilterTrait] {
    ReadingStatus.allCases.map { status in
      FilterTrait(status.rawValue, "status", .equals, status.field)
    } + [FilterTrait("unfinished", "status", .less, ReadingStatus.read.field)]
  }
}

extension ReadingStatus: PaperFieldValue {
  /// Its pinned number.
  package var field: FieldValue { .integer(number) }

  /// From its pinned number.
  package init?(field: FieldValue) {
    guard case .integer(let number) = field, let status = ReadingStatus(number: number) else {
      return nil
    }
    self = status
  }
}

extension Fact {
  /// How far the person is with a paper.
  package static func status(_ id: PaperID, _ status: ReadingStatus) -> Fact {
    Status.fact(id.rawValue, status)
  }
}
