import Filters
import Papers

/// `starred`: whether the person starred a paper.
package enum Starred: PaperFieldRegister {
  /// A truth.
  package typealias Value = Bool
  /// `starred`
  package static let field = "starred"
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// Not.
  package static let unsaidValue = false
  /// After the status.
  package static let rank = 50

  /// A property of the paper.
  package static let isKeptBeside = false
  /// A property of the paper.
  package static func value(of paper: Paper) -> Bool { paper.starred }
  /// A property of the paper.
  package static func set(_ value: Bool, of paper: inout Paper) { paper.starred = value }

  /// `is:starred`
  package static var traits: [FilterTrait] {
    [FilterTrait("starred", field, .equals, .truth(true))]
  }
}

extension Fact {
  /// Whether the person starred a paper.
  package static func starred(_ id: PaperID, _ on: Bool) -> Fact { Starred.fact(id.rawValue, on) }
}
