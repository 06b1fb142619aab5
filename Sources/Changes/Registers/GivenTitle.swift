import JSONText
import Papers

/// `titled`: the title that the person gave a paper, in place of what digests call it. The title
/// that holds stands in the paper's row, so who reads papers need not know of two.
package enum GivenTitle: PaperFieldRegister {
  /// A title, or none.
  package typealias Value = String?
  /// `titled`
  package static let field = "titled"
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// None.
  package static let unsaidValue: String? = nil

  /// In place of the digest's.
  package static let isIndexed = true

  /// A property of the paper.
  package static let isKeptBeside = false
  /// A property of the paper.
  package static func value(of paper: Paper) -> String? { paper.givenTitle }
  /// A property of the paper.
  package static func set(_ value: String?, of paper: inout Paper) { paper.givenTitle = value }

  /// Its column; a line of a list has the title that holds already.
  package static var readWhole: [KeptField] {
    columns.map { column in
      KeptField(column: column) { field, paper in
        if let value = String?(field: field) { set(value, of: &paper) }
      }
    }
  }

  /// The member `title` of the paper object tells it.
  package static var keys: [PaperKey] { [] }

  /// Nothing: an export tells one title, which comes back as the digest's.
  package static func facts(of paper: Paper) -> [Fact] { [] }
}

extension Fact {
  /// The title that the person gave a paper; nil takes it back.
  package static func givenTitle(_ id: PaperID, _ title: String?) -> Fact {
    GivenTitle.fact(id.rawValue, title)
  }
}

extension PaperContent {
  /// This under the title that the person gave the paper, if any.
  package func titled(_ title: String?) -> PaperContent {
    guard let title, !title.isEmpty else { return self }
    var content = self
    content.title = title
    return content
  }
}
