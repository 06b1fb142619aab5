import Filters
import Papers

/// `code`: addresses of a paper's code.
package enum CodeLinks: BibliographyRegister {
  /// Addresses.
  package typealias Value = [String]
  /// `code`
  package static let field = "code"
  /// After the day.
  package static let rank = 180

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> [String] { bibliography.code }
  /// A property of the bibliography.
  package static func set(_ value: [String], of bibliography: inout Bibliography) {
    bibliography.code = value
  }

  /// All of both.
  package static func joining(_ said: [String], to held: [String]) -> [String] {
    union(said, held)
  }

  /// `has:code`, which a text tells too.
  package static var possessions: [FilterTrait] {
    [FilterTrait(field, field, .differs, .none)]
  }
}
