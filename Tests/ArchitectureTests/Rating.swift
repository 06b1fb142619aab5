import Changes
import Filters
import Papers

/// A field that shelf does not have: what a person who adds one writes, and no more.
enum Rating: PaperFieldRegister {
  typealias Value = Int64?
  static let field = "rating"
  static let merge = MergeRule.lastWriter(journalled: true)
  static let unsaidValue: Int64? = nil

  static var filterFields: [FilterField] {
    [FilterField(field, .number, rank: 95, column: field, explanation: "your rating, 1 to 5")]
  }

  static var traits: [FilterTrait] { [FilterTrait("rated", field, .differs, .none)] }
}

extension Fact {
  static func rating(_ id: PaperID, _ rating: Int64?) -> Fact { Rating.fact(id.rawValue, rating) }
}
