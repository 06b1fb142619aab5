import Filters
import Store

/// Names of orders, for `--sort` and `list.sort`.
enum ListOrder {
  /// What a name of an order is, in words.
  static var expectation: String {
    "one of \(LibraryReader.Order.Key.allCases.map(\.rawValue).joined(separator: " "))"
      + ", with - behind for the greatest first"
  }

  /// Whether there is such an order.
  static func isKnown(_ name: String) -> Bool { LibraryReader.Order(name) != nil }

  /// The order of this name.
  /// - Throws: ``Failure``
  static func named(_ name: String) throws -> LibraryReader.Order {
    if let order = LibraryReader.Order(name) { return order }
    let nearest = Spelling.closest(
      to: name, among: LibraryReader.Order.Key.allCases.map(\.rawValue))
    throw Failure(
      .usage, "“\(name)” is no order; it is \(expectation)",
      advice: nearest.map { "did you mean “\($0)”?" })
  }
}
