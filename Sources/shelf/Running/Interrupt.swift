import Glibc

/// Ctrl-C: the process ends with 130 at once. SQLite's log makes a broken transaction as if it had
/// never begun; the temporary files that may be there are removed, and a full screen gives the
/// terminal back.
enum Interrupt {
  /// Two names at most, read by the signal handler, which may only look at plain memory.
  nonisolated(unsafe) private static let leftovers = {
    let names = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 2)
    names.initialize(repeating: nil, count: 2)
    return names
  }()
  /// What the process ends with at ``endsWell(by:)``'s signal; read by the signal handler.
  nonisolated(unsafe) private static var endingWell: Int32 = 0
  private static let signals = [SIGINT, SIGTERM, SIGHUP].filter { !isIgnored($0) }

  /// Starts to listen. A closed pipe becomes an error of `write` instead of a signal. What whoever
  /// started the process has it ignore (`nohup`, a job in the background) stays ignored.
  static func arm() {
    signal(SIGPIPE, SIG_IGN)
    // Made now: the handler must not be the first to ask for it.
    removing([])
    endingWell = 0
    TerminalModes.prepare()
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals {
      sigaddset(&set, number)
      signal(number) { number in
        TerminalModes.restore()
        for index in 0..<2 { if let name = Interrupt.leftovers[index] { unlink(name) } }
        _exit(number == Interrupt.endingWell ? 0 : 128 + number)
      }
    }
    // A parent that starts programs from a thread that blocks signals hands its mask on.
    sigprocmask(SIG_UNBLOCK, &set, nil)
  }

  /// A signal that is the way to end what runs until it is told to.
  static func endsWell(by signal: Int32) { endingWell = signal }

  /// Names the files to remove, two at most, instead of those named before.
  static func removing(_ paths: [String]) {
    for index in 0..<2 {
      let old = leftovers[index]
      leftovers[index] = index < paths.count ? strdup(paths[index]) : nil
      free(old)
    }
  }

  private static func isIgnored(_ number: Int32) -> Bool {
    var action = sigaction()
    sigaction(number, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
      == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
