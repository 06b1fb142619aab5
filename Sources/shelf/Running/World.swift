import CArguments
import Glibc
import Papers
import Store

/// Everything outside the process that a command may look at: the only place that reads the clock,
/// the environment, the terminal and randomness. Commands and everything below are handed values.
///
/// Invariant: nothing here touches Foundation's dates or locales. Local time comes from libc, which
/// honours `TZ`; it is asked only when something local is printed or meant.
struct World: Sendable {
  /// The words after the program's name.
  var arguments: [String]
  /// A variable of the environment; nil when it is not set or empty.
  var variable: @Sendable (String) -> String?
  /// Whether a variable is set, if only to nothing: an empty `PAGER` is none, and no `PAGER` is the
  /// usual one.
  var isSet: @Sendable (String) -> Bool
  /// The wall clock, milliseconds since 1970 UTC.
  var now: @Sendable () -> Int64
  /// Waits so many seconds, an hour at most.
  var sleep: @Sendable (Double) -> Void
  /// 64 random bits.
  var random: @Sendable () -> UInt64
  /// What the person calls this machine.
  var machineName: @Sendable () -> String
  /// The seconds that local time is ahead of UTC at a moment.
  var zone: Timestamp.Zone
  /// Milliseconds since 1970 UTC at which a day begins where the person is.
  var startOfDay: @Sendable (PaperDate) -> Int64
  /// Whether a file descriptor is a terminal.
  var isTerminal: @Sendable (Int32) -> Bool
  /// Columns and rows of the terminal on standard output or error; nil when there is none.
  var terminalSize: @Sendable () -> (columns: Int, rows: Int)?
  /// Names the terminal this process is used from, and the session on it, so that another window,
  /// or a later one that bears the same number, has another name; nil where there is none.
  var terminal: @Sendable () -> String?
  /// Fetches an http(s) URL into an open file, at most so many bytes, and returns its type as the
  /// server tells it. Nil in a build without it.
  var fetch: (@Sendable (_ url: String, _ into: Int32, _ limit: Int) throws -> String?)?

  /// The real one.
  static var real: World {
    World(
      arguments: [],
      variable: { name in
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
      },
      isSet: { getenv($0) != nil }, now: Self.wallClock,
      sleep: { usleep(UInt32(max(0, min($0, 3600)) * 1_000_000)) },
      random: { UInt64.random(in: .min ... .max) },
      machineName: Self.hostName, zone: Self.localOffset, startOfDay: Self.localMidnight,
      isTerminal: { isatty($0) == 1 }, terminalSize: Self.windowSize,
      terminal: Self.terminalName, fetch: Self.fetchPage)
  }

  /// The day it is where the person is.
  var today: PaperDate { PaperDate(trusted: Timestamp.day(now(), in: zone)) }

  /// The port of 127.0.0.1 to which everything goes that `fetch`, `add` and `source` ask, whatever
  /// host it is of: `SHELF_LOOPBACK`, for tests, in which nothing may leave the machine. A port
  /// where nobody listens is a machine without a network.
  var loopback: UInt16? { variable("SHELF_LOOPBACK").map { UInt16($0) ?? 1 } }

  /// Milliseconds without a change after which what follows from it is begun in the background: two
  /// seconds, or `SHELF_CALM`, for tests, which would wait for nothing else.
  var calm: Int64 {
    variable("SHELF_CALM").flatMap { Int64($0) }.map { max(0, min($0, 60_000)) } ?? 2000
  }

  /// Where files go that nobody keeps.
  var temporaryFolder: String { variable("TMPDIR") ?? "/tmp" }

  /// What the library needs of the world.
  var surroundings: Surroundings {
    Surroundings(
      now: now, random: random, machineName: machineName(),
      whenWaiting: { [isTerminal] in
        guard isTerminal(STDERR_FILENO) else { return }
        try? Files.write(
          Array("another shelf is writing; waiting for it …\n".utf8), to: STDERR_FILENO, "")
      })
  }

  /// The words after the program's name.
  /// - Throws: ``Failure`` for one that is no UTF-8: read as if it were, a note or a title would be
  ///   stored as U+FFFD.
  static func words() throws -> [String] {
    try (1..<max(1, carguments_count())).map { index in
      guard let word = carguments_word(index) else { return "" }
      if let text = String(validatingCString: word) { return text }
      throw Failure(
        .usage, "word \(index) of the command line is not UTF-8: \(String(cString: word))",
        advice: "let the terminal, or the script, write UTF-8")
    }
  }

  private static func wallClock() -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func hostName() -> String {
    var buffer = [CChar](repeating: 0, count: 256)
    guard gethostname(&buffer, buffer.count - 1) == 0 else { return "" }
    let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func localOffset(_ milliseconds: Int64) -> Int {
    var seconds = time_t(milliseconds / 1000)
    var fields = tm()
    guard localtime_r(&seconds, &fields) != nil else { return 0 }
    return fields.tm_gmtoff
  }

  /// When something will be, for a message: `at 14:05`, or `on 2025-10-02 14:05` where the time
  /// alone would not tell which day. Half a day ahead it does, past midnight too: at 23:50 a
  /// quarter of an hour is `at 00:05`.
  static func moment(_ seconds: Int64) -> String {
    let last = Timestamp.milliseconds("9999-12-31T00:00:00Z") ?? .max
    let moment = min(max(0, seconds), last / 1000) * 1000
    let minute = Timestamp.minute(moment, in: localOffset)
    let isNear = (0..<43_200_000).contains(moment - wallClock())
    return isNear ? "at " + minute.suffix(5) : "on " + minute
  }

  private static func localMidnight(_ date: PaperDate) -> Int64 {
    let (year, month, day) = CalendarDay(date).components
    var fields = tm()
    fields.tm_year = Int32(year - 1900)
    fields.tm_mon = Int32(month - 1)
    fields.tm_mday = Int32(day)
    fields.tm_isdst = -1
    return Int64(mktime(&fields)) * 1000
  }

  private static func windowSize() -> (columns: Int, rows: Int)? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO] {
      var size = winsize()
      if ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 {
        return (Int(size.ws_col), Int(size.ws_row))
      }
    }
    return nil
  }

  /// A script or a cron job whose streams all lead elsewhere has none, whatever started it.
  private static func terminalName() -> String? {
    for descriptor in [STDOUT_FILENO, STDERR_FILENO, STDIN_FILENO] where isatty(descriptor) == 1 {
      var status = stat()
      guard fstat(descriptor, &status) == 0 else { continue }
      let session = getsid(0)
      let numbers = [UInt64(status.st_dev), UInt64(status.st_rdev), UInt64(status.st_ino)]
      return numbers.map { String($0, radix: 16) }.joined(separator: "-")
        + "-\(session)-\(startOfProcess(session))"
    }
    return nil
  }

  /// When a process was started, as the kernel counts (proc(5), `starttime`); `0` where nobody
  /// tells.
  private static func startOfProcess(_ process: pid_t) -> String {
    guard let text = try? Files.text("/proc/\(process)/stat", limit: 4096),
      let name = text.lastIndex(of: ")")
    else { return "0" }
    let fields = text[name...].split(separator: " ")
    return fields.count > 20 ? fields[20].filter { $0.isASCII && $0.isNumber } : "0"
  }
}
