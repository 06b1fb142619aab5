import Filters
import Papers

/// `authors`: who wrote a paper, as the source names them, in its order.
package enum Authors: BibliographyRegister {
  /// Names.
  package typealias Value = [String]
  /// `authors`
  package static let field = "authors"
  /// The first of those that come after all others.
  package static let rank = 150

  /// Names.
  package static let isIndexed = true

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> [String] { bibliography.authors }
  /// A property of the bibliography.
  package static func set(_ value: [String], of bibliography: inout Bibliography) {
    bibliography.authors = value
  }

  /// The longer list; of two as long the one that tells more of the names, for many sources give
  /// the first three authors, or initials.
  package static func joining(_ said: [String], to held: [String]) -> [String] {
    (held.count, length(held)) < (said.count, length(said)) ? said : held
  }

  /// `Lee, Ann` tells no more than `Ann Lee`.
  private static func length(_ names: [String]) -> Int {
    names.reduce(0) { $0 + $1.utf8.count { $0 > 0x2F } }
  }

  /// With semicolons between, for a name may hold a comma.
  package static func words(of value: [String]) -> String { value.joined(separator: "; ") }

  /// `author`
  package static var filterFields: [FilterField] { [.author] }
  /// `has:author`
  package static var possessions: [FilterTrait] {
    [FilterTrait("author", field, .differs, .none)]
  }
}
