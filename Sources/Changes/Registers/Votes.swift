import Filters
import Papers

/// `votes`: how many people voted for a paper, where a source counts them.
package enum Votes: BibliographyRegister {
  /// How many, or none.
  package typealias Value = Int64?
  /// `votes`
  package static let field = "votes"
  /// Not known.
  package static let unsaidValue: Int64? = nil
  /// After the code.
  package static let rank = 190

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> Int64? { bibliography.votes }
  /// A property of the bibliography.
  package static func set(_ value: Int64?, of bibliography: inout Bibliography) {
    bibliography.votes = value
  }

  /// The greater number: votes grow, and an old digest may be read late.
  package static func joining(_ said: Int64?, to held: Int64?) -> Int64? {
    guard let said, let held else { return held ?? said }
    return max(said, held)
  }

  /// `votes`
  package static var filterFields: [FilterField] {
    [
      FilterField(
        field, .number, rank: 150, column: field,
        explanation: "how many voted for it, where a source counts them")
    ]
  }
}
