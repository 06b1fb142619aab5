import Filters
import JSONText
import Papers

/// `added`: when a paper came on the list, milliseconds since 1970 UTC; null takes it off.
package enum Added: PaperRegister, ValueRegister {
  /// `added`
  package static let field = "added"
  /// What the person put on the list another machine may have taken off; neither is worth a
  /// question.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// It never came.
  package static let unsaid: String? = "null"

  /// A number, or null.
  package static func write(_ value: Int64?, to json: inout JSONTextWriter) {
    if let value { json.number(value) } else { json.null() }
  }

  /// A number, or null.
  package static func read(_ reader: inout JSONTextReader) throws -> Int64? {
    try reader.nextIsNull() ? nil : reader.integer()
  }

  /// When it came, and whether it is there.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let time: Int64? = fold.take(changes, merge, value) else { return false }
    fold.added = time
    // A paper kept on the list by a note or tag although its import was undone still came on it
    // once.
    fold.firstAdded = changes.compactMap { value($0.value) ?? nil }.min()
    return true
  }

  /// It comes on the list when it came.
  package static func facts(of paper: Paper) -> [Fact] { [.added(paper.id, paper.added)] }

  /// Whether it is on the list, and since when.
  package static var columns: [PaperColumn] {
    [
      PaperColumn("listed", unsaid: .truth(false)) { .truth($0.isListed) },
      PaperColumn("added", unsaid: .integer(0)) { .integer($0.paper.added) },
    ]
  }

  /// `added`
  package static var keys: [PaperKey] {
    [PaperKey(moment: "added", rank: 130, get: { $0.added }, set: { $0.added = $1 })]
  }

  /// `added`
  package static var filterFields: [FilterField] { [.added] }
}

extension Fact {
  /// When a paper came on the list; nil takes it off.
  package static func added(_ id: PaperID, _ time: Int64?) -> Fact {
    Added.fact(id.rawValue, time)
  }
}
