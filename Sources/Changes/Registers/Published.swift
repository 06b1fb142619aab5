import Filters
import Papers

/// `published`: the day a paper was published.
package enum Published: BibliographyRegister {
  /// A day, or none.
  package typealias Value = PaperDate?
  /// `published`
  package static let field = "published"
  /// Not known.
  package static let unsaidValue: PaperDate? = nil
  /// After the subjects.
  package static let rank = 170

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> PaperDate? { bibliography.published }
  /// A property of the bibliography.
  package static func set(_ value: PaperDate?, of bibliography: inout Bibliography) {
    bibliography.published = value
  }

  /// The earlier day: some sources tell that of the last version.
  package static func joining(_ said: PaperDate?, to held: PaperDate?) -> PaperDate? {
    guard let said, let held else { return held ?? said }
    return min(said, held)
  }

  /// `published`
  package static var filterFields: [FilterField] { [.published] }
}
