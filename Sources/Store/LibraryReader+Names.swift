import Papers

extension LibraryReader {
  /// The title of a paper on the list; empty when it has none, or is not there.
  package func title(_ id: PaperID) throws -> String {
    try db.first(
      "SELECT title FROM paper WHERE id = ? AND listed = 1", [SQLValue(id.rawValue)]
    ) { try $0.text(0) } ?? ""
  }

  /// Papers on the list whose id ends so, of a text of three characters or more; at most 20 of
  /// them.
  package func papers(endingIn text: String) throws -> [PaperID] { try suffixed(text) }
}
