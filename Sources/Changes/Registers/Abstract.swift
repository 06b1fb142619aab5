import Filters
import Papers

/// `abstract`: the authors' own abstract, where a source has it apart from its summary.
package enum Abstract: BibliographyRegister {
  /// A text, or none.
  package typealias Value = String?
  /// `abstract`
  package static let field = "abstract"
  /// None.
  package static let unsaidValue: String? = nil
  /// After all that people's scripts knew before there was one.
  package static let rank = 220

  /// A property of the bibliography.
  package static func value(of bibliography: Bibliography) -> String? { bibliography.abstract }
  /// A property of the bibliography.
  package static func set(_ value: String?, of bibliography: inout Bibliography) {
    bibliography.abstract = value
  }

  /// The longer text: some sources cut it off.
  package static func joining(_ said: String?, to held: String?) -> String? {
    (said?.utf8.count ?? 0) > (held?.utf8.count ?? 0) ? said : held
  }

  /// Whether there is one: the text is too long for the row.
  package static var columns: [PaperColumn] {
    [
      PaperColumn(field, unsaid: .truth(false)) {
        .truth($0.paper.bibliography.abstract != nil)
      }
    ]
  }

  /// The text.
  package static var part: PaperPart? {
    PaperPart(field, columns: ["text"]) { fold in
      fold.paper.bibliography.abstract.map { [[.text($0)]] } ?? []
    }
  }

  /// The text.
  package static var readWhole: [KeptField] {
    let text = PaperColumn("text", unsaid: .none) {
      $0.paper.bibliography.abstract.map { .text($0) } ?? .none
    }
    return [
      KeptField(column: text, table: field) { field, paper in
        if case .text(let text) = field { paper.bibliography.abstract = text }
      }
    ]
  }

  /// `has:abstract`
  package static var possessions: [FilterTrait] {
    [FilterTrait(field, field, .equals, .truth(true))]
  }
}
