import Filters
import JSONText
import Papers

/// `added`: when a paper came on the list, milliseconds since 1970 UTC; null takes it off.
public enum Added: PaperRegister, ValueRegister {
  /// `added`
  public static let field = "added"
  /// What the person put on the list another machine may have taken off; neither is worth a question.
  public static let merge = MergeRule.lastWriter(journalled: false)
  /// It never came.
  public static let unsaid: String? = "null"

  /// A number, or null.
  public static func write(_ value: Int64?, to json: inout JSONTextWriter) {
    if let value { json.number(value) } else { json.null() }
  }

  /// A number, or null.
  public static func read(_ reader: inout JSONTextReader) throws -> Int64? {
    try reader.nextIsNull() ? nil : reader.integer()
  }

  /// When it came, and whether it is there.
  public static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let time: Int64? = fold.take(changes, merge, value) else { return false }
    fold.added = time
    // A paper kept on the list by a note or tag although its import was undone still came on it once.
    fold.firstAdded = changes.compactMap { value($0.value) ?? nil }.min()
    return true
  }

  /// It comes on the list when it came.
  public static func facts(of paper: Paper) -> [Fact] { [.added(paper.id, paper.added)] }

  /// Whether it is on the list, and since when.
  public static var columns: [PaperColumn] {
    [
      PaperColumn("listed", unsaid: .truth(false)) { .truth($0.isListed) },
      PaperColumn("added", unsaid: .integer(0)) { .integer($0.paper.added) },
    ]
  }

  /// `added`
  public static var keys: [PaperKey] {
    [PaperKey(moment: "added", rank: 130, get: { $0.added }, set: { $0.added = $1 })]
  }

  /// `added`
  public static var filterFields: [FilterField] { [.added] }
}

extension Fact {
  /// When a paper came on the list; nil takes it off.
  public static func added(_ id: PaperID, _ time: Int64?) -> Fact {
    Added.fact(id.rawValue, time)
  }
}
