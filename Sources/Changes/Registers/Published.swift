import Filters
import Papers

/// `published`: when a paper was published, a day, a month or a year.
package enum Published: BibliographyRegister {
  /// As exactly as it is known, or none.
  package typealias Value = PublicationDate?
  /// `published`
  package static let field = "published"
  /// Not known.
  package static let unsaidValue: PublicationDate? = nil
  /// After the subjects.
  package static let rank = 170

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> PublicationDate? {
    bibliography.published
  }
  /// A property of the bibliography.
  package static func set(_ value: PublicationDate?, of bibliography: inout Bibliography) {
    bibliography.published = value
  }

  /// See ``PublicationDate/joined(with:)``.
  package static func joining(
    _ said: PublicationDate?, to held: PublicationDate?
  ) -> PublicationDate? {
    guard let said, let held else { return held ?? said }
    return held.joined(with: said)
  }

  /// `published`
  package static var filterFields: [FilterField] { [.published] }
}
