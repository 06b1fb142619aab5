import Glibc

/// Ctrl-C: the process ends with 130 at once. SQLite's log makes a broken transaction as if it had
/// never begun; the one temporary file that may be there is removed.
enum Interrupt {
  /// Read by the signal handler, which may only look at plain memory.
  nonisolated(unsafe) private static var leftover: UnsafeMutablePointer<CChar>?

  /// Starts to listen. A closed pipe becomes an error of `write` instead of a signal.
  static func arm() {
    signal(SIGPIPE, SIG_IGN)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      signal(number) { number in
        if let leftover = Interrupt.leftover { unlink(leftover) }
        _exit(128 + number)
      }
    }
  }

  /// Names the file to remove, nil for none.
  static func removing(_ path: String?) {
    let old = leftover
    leftover = path.flatMap { strdup($0) }
    free(old)
  }
}
