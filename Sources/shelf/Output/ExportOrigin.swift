/// What an export was made from and when, for formats that tell it to people.
struct ExportOrigin: Sendable {
  /// The filter as it was typed; empty for all papers.
  var filter: String
  /// The texts that the filter looks for.
  var phrases: [String]
  /// When, as people read it: of ``momentLength`` bytes.
  var moment: String
  /// Of `2026-11-29 08:12`
  static let momentLength = 16

  /// `all papers · 2026-11-29 08:12`; the filter stands above it.
  var words: String {
    (filter.isEmpty ? "all papers" : "Papershelf") + " · " + moment
  }
}
