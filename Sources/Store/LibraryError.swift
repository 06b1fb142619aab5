import CSQLite
import Disk
import Filters
import Papers

/// What can go wrong with a library. Facts only; words are made in `shelf`.
package enum LibraryError: Error, Hashable, Sendable {
  /// Another process kept the library locked for longer than we wait.
  case busy(path: String)
  /// The file is there but is no library, or damaged.
  case damaged(path: String, detail: String)
  /// The file or its folder cannot be written.
  case readOnly(path: String, detail: String)
  /// No room on the disk.
  case full(path: String)
  /// It cannot be opened or created.
  case cannotOpen(path: String, detail: String)
  /// Its file system lacks what a library needs.
  case unfit(path: String, lack: FileSystem.Lack)
  /// Made by a newer Papershelf, whose tables this one does not know.
  case tooNew(path: String)
  /// Made by an older Papershelf, or empty; opening it to write brings it up to date.
  case outdated(path: String)
  /// Reading or writing failed.
  case inputOutput(path: String, detail: String)
  /// No file at this path (only where none is made: restore, read-only).
  case missing(path: String)
  /// A named paper or note is not in the library.
  case notFound(String)
  /// A short id fits several papers.
  case ambiguous(String, candidates: [PaperID])
  /// A filter names something that does not exist; see ``FilterError``.
  case filter(FilterError)
  /// What was to be written has so many bytes as JSON text, more than any machine takes.
  case tooLong(bytes: Int, limit: Int)
  /// Nothing is left to undo or redo.
  case nothingTo(OperationVerb)

  /// Taking back or repeating.
  package enum OperationVerb: Hashable, Sendable { case undo, redo }

  /// Maps SQLite's result codes (https://sqlite.org/rescode.html) to what they mean for the person.
  static func from(_ error: any Error, path: String) -> any Error {
    guard let error = error as? SQLiteError else { return error }
    let detail = error.message
    switch error.primary {
    case SQLITE_BUSY, SQLITE_LOCKED: return LibraryError.busy(path: path)
    // Our own statements contradict no constraint of a whole library.
    case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT:
      return LibraryError.damaged(path: path, detail: detail)
    case SQLITE_ERROR where detail == "malformed JSON" || isOfIndex(detail):
      return LibraryError.damaged(path: path, detail: detail)
    case SQLITE_READONLY, SQLITE_PERM: return LibraryError.readOnly(path: path, detail: detail)
    case SQLITE_FULL: return LibraryError.full(path: path)
    case SQLITE_CANTOPEN: return LibraryError.cannotOpen(path: path, detail: detail)
    default: return LibraryError.inputOutput(path: path, detail: detail)
    }
  }

  /// Whether it says that the tables of the search index are none, which FTS5 has no code for.
  private static func isOfIndex(_ detail: String) -> Bool {
    detail.hasPrefix("invalid fts5 file format") || detail.hasPrefix("no such fts5 table")
  }
}
