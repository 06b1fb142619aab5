extension Library {
  /// Puts the content of another library file in the place of this one's, in one transaction of
  /// SQLite's own backup (https://sqlite.org/backup.html): other processes see the old or the new,
  /// and a crash leaves one of them.
  /// - Throws: ``LibraryError``
  package func replaceContent(with file: String) throws {
    do {
      try Database(path: file, .readOnly) { _ in false }.copy(to: database)
    } catch {
      throw LibraryError.from(error, path: path)
    }
    afterChange?()
  }
}
