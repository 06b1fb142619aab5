import Filters
import Papers

/// `categories`: the subjects of a paper, `cs.CL`; the first is the primary one.
package enum Categories: BibliographyRegister {
  /// Names of subjects.
  package typealias Value = [String]
  /// `categories`
  package static let field = "categories"
  /// After the authors.
  package static let rank = 160

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> [String] { bibliography.categories }
  /// A property of the bibliography.
  package static func set(_ value: [String], of bibliography: inout Bibliography) {
    bibliography.categories = value
  }

  /// The longer list: many sources give the primary subject alone.
  package static func joining(_ said: [String], to held: [String]) -> [String] {
    said.count > held.count ? said : held
  }

  /// `category`
  package static var filterFields: [FilterField] { [.category] }
}
