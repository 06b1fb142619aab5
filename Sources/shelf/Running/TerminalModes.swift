import Glibc

/// The terminal as a full screen has it, and as it was before, in plain memory that a signal's
/// handler may look at: however the process ends or stops, but for `kill -9`, the person has the
/// terminal back as it was.
///
/// Plain ECMA-48 and the modes of xterm that every terminal emulator of today has, and that others
/// pass over; no terminfo, whose library would be one more to install and brings a description of
/// what nobody uses any more.
enum TerminalModes {
  /// The other screen, no wrapping at the right edge, pastes between marks, no cursor.
  private static let begin = "\u{1B}[?1049h\u{1B}[?7l\u{1B}[?2004h\u{1B}[?25l\u{1B}[2J"
  /// Everything back; the screen is emptied first, for terminals that have no other one.
  private static let end =
    "\u{1B}[0m\u{1B}[?2004l\u{1B}[?7h\u{1B}[H\u{1B}[2J\u{1B}[?25h\u{1B}[?1049l"

  /// What the handlers need.
  private struct Memory {
    var isOn = false
    var cooked = termios()
    var raw = termios()
    /// Where a handler says that the screen has to be drawn again.
    var wake: Int32 = -1
    var begin: UnsafeMutablePointer<CChar>?
    var end: UnsafeMutablePointer<CChar>?
  }

  nonisolated(unsafe) private static let memory = {
    let memory = UnsafeMutablePointer<Memory>.allocate(capacity: 1)
    memory.initialize(to: Memory())
    return memory
  }()

  /// Signals after which nothing of the process is left, and that nobody else handles.
  private static let crashes = [
    SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
  ]

  /// Makes the memory, so that no handler is the first to ask for it.
  static func prepare() { _ = memory }

  /// Takes the terminal: keys come one by one and are not echoed. Ctrl-C and Ctrl-Z stay signals.
  /// - Parameter wake: the end of a pipe to which a byte is written when the screen has to be drawn
  ///   again: another size, or back from a stop.
  /// - Returns: whether it is a terminal.
  static func enter(wake: Int32) -> Bool {
    guard tcgetattr(STDIN_FILENO, &memory.pointee.cooked) == 0 else { return false }
    var raw = memory.pointee.cooked
    raw.c_iflag &= ~tcflag_t(IXON | ICRNL | INLCR | IGNCR | ISTRIP | BRKINT)
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ECHONL | IEXTEN)
    memory.pointee.raw = raw
    memory.pointee.wake = wake
    if memory.pointee.begin == nil {
      memory.pointee.begin = strdup(begin)
      memory.pointee.end = strdup(end)
    }
    guard tcsetattr(STDIN_FILENO, TCSADRAIN, &memory.pointee.raw) == 0 else { return false }
    memory.pointee.isOn = true
    say(memory.pointee.begin)
    listen()
    return true
  }

  /// Gives the terminal back.
  static func leave() {
    restore()
    for number in [SIGTSTP, SIGCONT, SIGWINCH] + crashes { signal(number, SIG_DFL) }
  }

  /// Gives the terminal back; a handler may call it.
  static func restore() {
    guard memory.pointee.isOn else { return }
    memory.pointee.isOn = false
    say(memory.pointee.end)
    tcsetattr(STDIN_FILENO, TCSADRAIN, &memory.pointee.cooked)
  }

  private static func say(_ text: UnsafeMutablePointer<CChar>?) {
    guard let text else { return }
    _ = write(STDOUT_FILENO, text, strlen(text))
  }

  private static func listen() {
    signal(SIGWINCH) { _ in TerminalModes.wakeUp() }
    // Somebody else's `kill -STOP` ends here, too.
    signal(SIGCONT) { _ in TerminalModes.takeAgain() }
    signal(SIGTSTP) { _ in TerminalModes.stop() }
    for number in crashes {
      signal(number) { number in
        TerminalModes.restore()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
    // A parent that starts programs from a thread that blocks signals hands its mask on.
    var set = sigset_t()
    sigemptyset(&set)
    for number in [SIGTSTP, SIGCONT, SIGWINCH] + crashes { sigaddset(&set, number) }
    sigprocmask(SIG_UNBLOCK, &set, nil)
  }

  /// Ctrl-Z: the shell gets its terminal as it was, and then the process stops.
  private static func stop() {
    restore()
    signal(SIGTSTP, SIG_DFL)
    var set = sigset_t()
    sigemptyset(&set)
    sigaddset(&set, SIGTSTP)
    raise(SIGTSTP)
    // Held back while its handler runs; here it stops, and from here it goes on.
    sigprocmask(SIG_UNBLOCK, &set, nil)
    signal(SIGTSTP) { _ in TerminalModes.stop() }
    if !memory.pointee.isOn { takeAgain() }
  }

  private static func takeAgain() {
    tcsetattr(STDIN_FILENO, TCSADRAIN, &memory.pointee.raw)
    memory.pointee.isOn = true
    say(memory.pointee.begin)
    wakeUp()
  }

  private static func wakeUp() {
    var byte: UInt8 = 1
    _ = write(memory.pointee.wake, &byte, 1)
  }
}
