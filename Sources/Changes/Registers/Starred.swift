import Filters
import Papers

/// `starred`: whether the person starred a paper.
public enum Starred: PaperFieldRegister {
  /// A truth.
  public typealias Value = Bool
  /// `starred`
  public static let field = "starred"
  /// What the person decided is kept when it loses.
  public static let merge = MergeRule.lastWriter(journalled: true)
  /// Not.
  public static let unsaidValue = false
  /// After the status.
  public static let rank = 50

  /// A property of the paper.
  public static let isKeptBeside = false
  /// A property of the paper.
  public static func value(of paper: Paper) -> Bool { paper.starred }
  /// A property of the paper.
  public static func set(_ value: Bool, of paper: inout Paper) { paper.starred = value }

  /// `is:starred`
  public static var traits: [FilterTrait] {
    [FilterTrait("starred", field, .equals, .truth(true))]
  }
}

extension Fact {
  /// Whether the person starred a paper.
  public static func starred(_ id: PaperID, _ on: Bool) -> Fact { Starred.fact(id.rawValue, on) }
}
