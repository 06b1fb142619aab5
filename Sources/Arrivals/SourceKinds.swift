import Papers

/// The kinds of sources that a build asks.
package enum SourceKinds {
  /// In the order in which they are asked whether they know what a person wrote. A new one is a
  /// line here.
  package static let standard: [any SourceKind] = [
    ArXivFeedKind(),
    ArXivSearchKind(),
    HuggingFaceDailyKind(),
    GitHubFileKind(),
    PreprintServerKind(),
    DatedAddressKind(),
    FeedListKind(),
    FeedAddressKind(),
    LocalPathKind(),
  ]

  /// The source that a person means.
  /// - Throws: ``SourceComplaint``
  package static func source(
    _ what: String, among kinds: [any SourceKind]
  ) throws(SourceComplaint) -> any Source {
    for kind in kinds { if let source = try kind.source(what) { return source } }
    throw SourceComplaint(
      "“\(what)” is nothing that can be asked",
      advice: "it is one of " + kinds.map(\.form).joined(separator: ", "))
  }
}
