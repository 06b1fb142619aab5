import Glibc

/// Trouble with a file: what was tried, where, and the system's number for it.
public struct FileError: Error, Hashable, Sendable {
  /// What was tried.
  public enum Verb: String, Sendable { case read, write }

  /// What was tried.
  public var verb: Verb
  /// The file.
  public var path: String
  /// errno
  public var code: Int32

  /// An error with everything said.
  public init(verb: Verb, path: String, code: Int32) {
    self.verb = verb
    self.path = path
    self.code = code
  }

  /// The system's words for ``code``.
  public var reason: String { String(cString: strerror(code)) }
}
