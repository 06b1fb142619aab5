import Filters
import JSONText
import Papers

/// `status`: how far the person is with a paper.
public enum Status: PaperFieldRegister {
  /// How far.
  public typealias Value = ReadingStatus
  /// `status`
  public static let field = "status"
  /// What the person decided is kept when it loses.
  public static let merge = MergeRule.lastWriter(journalled: true)
  /// Unread.
  public static let unsaidValue = ReadingStatus.unread
  /// Between the address and the star.
  public static let rank = 40

  /// A property of the paper.
  public static let isKeptBeside = false
  /// A property of the paper.
  public static func value(of paper: Paper) -> ReadingStatus { paper.status }
  /// A property of the paper.
  public static func set(_ value: ReadingStatus, of paper: inout Paper) { paper.status = value }

  /// By its name.
  public static func write(_ value: ReadingStatus, to json: inout JSONTextWriter) {
    json.string(value.rawValue)
  }

  /// By its name.
  public static func read(_ reader: inout JSONTextReader) throws -> ReadingStatus {
    guard let status = ReadingStatus(rawValue: try reader.string()) else {
      throw JSONTextError(offset: reader.position)
    }
    return status
  }

  /// As any field, but one that is none is told.
  public static var keys: [PaperKey] {
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
  public static var filterFields: [FilterField] { [.status] }

  /// A word each, and those before `read`.
  public static var traits: [FilterTrait] {
    ReadingStatus.allCases.map { status in
      FilterTrait(status.rawValue, "status", .equals, status.field)
    } + [FilterTrait("unfinished", "status", .less, ReadingStatus.read.field)]
  }
}

extension ReadingStatus: PaperFieldValue {
  /// Its pinned number.
  public var field: FieldValue { .integer(number) }

  /// From its pinned number.
  public init?(field: FieldValue) {
    guard case .integer(let number) = field, let status = ReadingStatus(number: number) else {
      return nil
    }
    self = status
  }
}

extension Fact {
  /// How far the person is with a paper.
  public static func status(_ id: PaperID, _ status: ReadingStatus) -> Fact {
    Status.fact(id.rawValue, status)
  }
}
