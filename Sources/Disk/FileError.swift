import Glibc

/// Trouble with a file: what was tried, where, and the system's number for it.
package struct FileError: Error, Hashable, Sendable {
  /// What was tried.
  package enum Verb: String, Sendable { case read, write }

  /// What was tried.
  package var verb: Verb
  /// The file.
  package var path: String
  /// errno
  package var code: Int32

  /// An error with everything said.
  package init(verb: Verb, path: String, code: Int32) {
    self.verb = verb
    self.path = path
    self.code = code
  }

  /// The system's words for ``code``.
  package var reason: String { String(cString: strerror(code)) }
}
