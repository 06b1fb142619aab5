import Papers
import Store

/// The order of the papers of a day, for `triage --by` and `triage.order`.
///
/// Days go from the newest to the oldest whatever the order; nothing is hidden by one.
enum TriageOrder: String, CaseIterable, Sendable {
  /// The digest's own.
  case date

  /// The papers of a day, which come in the digest's order.
  func arranged(
    _ rows: [LibraryReader.Row], _ reader: LibraryReader
  ) throws -> [LibraryReader.Row] {
    switch self {
    case .date: rows
    }
  }
}
