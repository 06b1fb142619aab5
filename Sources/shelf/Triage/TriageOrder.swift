import Papers
import Store
import Taste

/// The order of the papers of a day, for `triage --by` and `triage.order`.
///
/// Days go from the newest to the oldest whatever the order; nothing is hidden by one.
enum TriageOrder: String, CaseIterable, Sendable {
  /// The digest's own.
  case date
  /// What is most like what the person took first.
  case taste

  /// The papers of a day, which come in the digest's order.
  /// - Parameter taste: the person's; nil where too little is known of it.
  func arranged(
    _ rows: [LibraryReader.Row], by taste: PersonalTaste?, _ reader: LibraryReader
  ) throws -> [LibraryReader.Row] {
    guard self == .taste, let taste else { return rows }
    var counter = BucketCounter()
    let scored = try rows.enumerated().map { place, row in
      let subject = try reader.subject(of: row.id)
      let score = subject.map { taste.model.score($0.tasteWords, with: &counter) }
      return (row: row, score: score ?? 0, place: place)
    }
    return scored.sorted { ($1.score, $0.place) < ($0.score, $1.place) }.map(\.row)
  }
}
