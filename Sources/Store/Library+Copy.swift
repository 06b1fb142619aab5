extension Library {
  /// A copy in memory of the library at a path, which is only read: what a dry run does to it, and
  /// all that opening it to write would do, leaves no trace.
  /// - Throws: ``LibraryError``
  package convenience init(
    copying path: String, surroundings: Surroundings, understanding: Understanding = .standard
  ) throws {
    let original = try Library(
      at: path, mode: .readOnly, surroundings: surroundings, understanding: understanding)
    try self.init(inMemory: surroundings, copying: original, understanding: understanding)
  }
}
