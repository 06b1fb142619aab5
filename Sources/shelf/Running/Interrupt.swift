import Glibc

/// Ctrl-C: the process ends with 130 at once. SQLite's log makes a broken transaction as if it had
/// never begun; the one temporary file that may be there is removed.
enum Interrupt {
  /// Read by the signal handler, which may only look at plain memory.
  nonisolated(unsafe) private static var leftover: UnsafeMutablePointer<CChar>?
  private static let signals = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }

  /// Starts to listen. A closed pipe becomes an error of `write` instead of a signal. What whoever
  /// started the process has it ignore (`nohup`, a job in the background) stays ignored.
  static func arm() {
    signal(SIGPIPE, SIG_IGN)
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals {
      sigaddset(&set, number)
      signal(number) { number in
        if let leftover = Interrupt.leftover { unlink(leftover) }
        _exit(128 + number)
      }
    }
    // A parent that starts programs from a thread that blocks signals hands its mask on.
    sigprocmask(SIG_UNBLOCK, &set, nil)
  }

  /// Names the file to remove, nil for none.
  static func removing(_ path: String?) {
    let old = leftover
    leftover = path.flatMap { strdup($0) }
    free(old)
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
