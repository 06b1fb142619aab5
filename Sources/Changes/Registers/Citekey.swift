import Papers

/// `citekey`: the key that a person's own bibliography cites a paper by, as its file has it. A
/// paper without one is cited by a key made from its id, which is the same on every machine.
package enum Citekey: BibliographyRegister {
  /// A key, or none.
  package typealias Value = String?
  /// `citekey`
  package static let field = "citekey"
  /// None.
  package static let unsaidValue: String? = nil
  /// Before the abstract.
  package static let rank = 210

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> String? { bibliography.citekey }
  /// A property of the bibliography.
  package static func set(_ value: String?, of bibliography: inout Bibliography) {
    bibliography.citekey = value
  }

  /// The one that was there: manuscripts cite it.
  package static func joining(_ said: String?, to held: String?) -> String? { held }
}
