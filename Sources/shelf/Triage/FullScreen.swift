import Glibc
import Synchronization

/// A terminal of which the program has the whole screen: reads keys, and writes what changed from
/// one frame to the next.
final class FullScreen {
  /// What came from the terminal.
  enum Input {
    case keys([Key])
    /// The screen has to be drawn again.
    case redraw
    /// Nothing, for as long as was asked.
    case nothing
    /// The terminal is gone.
    case ended
  }

  /// An escape that stands alone for so many milliseconds is the key; over a slow line the rest of
  /// a sequence may come late.
  private static let patience: Int32 = 60

  private let world: World
  private var decoder = KeyDecoder()
  private var shown: TriageScreen.Frame?
  private let wake: (read: Int32, write: Int32)
  private var isEntered = false

  /// The terminal on standard input and output.
  init(_ world: World) {
    self.world = world
    var ends: [Int32] = [-1, -1]
    _ = pipe(&ends)
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    wake = (ends[0], ends[1])
  }

  deinit {
    leave()
    close(wake.read)
    close(wake.write)
  }

  /// Takes the screen.
  func enter() throws {
    guard !isEntered else { return }
    guard TerminalModes.enter(wake: wake.write) else {
      throw Failure(.inputOutput, "the terminal does not let its modes be changed")
    }
    isEntered = true
    shown = nil
  }

  /// Gives it back, for another program or for good.
  func leave() {
    guard isEntered else { return }
    isEntered = false
    TerminalModes.leave()
    shown = nil
  }

  /// Its size now. What the terminal says comes before `COLUMNS`, which nobody sets anew when a
  /// window grows.
  var size: TriageScreen.Size {
    func variable(_ name: String) -> Int? { world.variable(name).flatMap { Int($0) } }
    let size = world.terminalSize()
    let rows = size.map(\.rows).flatMap { $0 > 0 ? $0 : nil }
    return TriageScreen.Size(
      columns: size?.columns ?? variable("COLUMNS") ?? 80, rows: rows ?? variable("LINES") ?? 24)
  }

  // MARK: Reading

  /// What comes next, for at most so many milliseconds.
  func read(within milliseconds: Int32) -> Input {
    let limit = decoder.isWaiting ? Self.patience : milliseconds
    var ready = [
      pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wake.read, events: Int16(POLLIN), revents: 0),
    ]
    let count = poll(&ready, 2, limit)
    if count < 0 { return errno == EINTR ? drained() : .ended }
    guard count > 0 else {
      let keys = decoder.pause()
      return keys.isEmpty ? .nothing : .keys(keys)
    }
    if ready[0].revents != 0 { return readKeys() }
    return drained()
  }

  private func readKeys() -> Input {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(STDIN_FILENO, &buffer, buffer.count)
    if count < 0, errno == EINTR { return .redraw }
    guard count > 0 else { return .ended }
    return .keys(decoder.take(buffer[..<count]))
  }

  /// Takes what handlers wrote.
  private func drained() -> Input {
    var buffer = [UInt8](repeating: 0, count: 64)
    var count = 0
    while true {
      let read = Glibc.read(wake.read, &buffer, buffer.count)
      guard read > 0 else { break }
      count += read
    }
    guard count > 0 else { return .nothing }
    shown = nil
    return .redraw
  }

  /// Throws away what was typed and not read.
  func discardKeys() { tcflush(STDIN_FILENO, TCIFLUSH) }

  // MARK: Writing

  /// Draws everything the next time.
  func forget() { shown = nil }

  /// Shows a frame: the lines in it that are not there already.
  func show(_ frame: TriageScreen.Frame) throws {
    guard frame != shown else { return }
    var text = "\u{1B}[?25l"
    if shown == nil { text += "\u{1B}[2J" }
    for (row, line) in frame.lines.enumerated() {
      if let old = shown?.lines, old.indices.contains(row), old[row] == line { continue }
      // Emptied first: at the last column some terminals would take the last character with it.
      text += "\u{1B}[\(row + 1);1H\u{1B}[2K" + line.rendered
    }
    if let place = frame.cursor {
      text += "\u{1B}[\(place.row + 1);\(place.column + 1)H\u{1B}[?25h"
    } else {
      // Where a word from elsewhere does least harm.
      text += "\u{1B}[\(max(1, frame.lines.count - 1));1H"
    }
    try Files.write(Array(text.utf8), to: STDOUT_FILENO, "the terminal")
    shown = frame
  }
}

/// Whether a write had to wait for another shelf; said in the line below the card.
final class WaitingSign: Sendable {
  private let waited = Atomic<Bool>(false)

  /// Says so, at the cursor, which stands in that line.
  func show() {
    waited.store(true, ordering: .relaxed)
    let text = "\u{1B}[2K\ranother shelf is writing; waiting for it …"
    try? Files.write(Array(text.utf8), to: STDOUT_FILENO, "the terminal")
  }

  /// Whether it was shown since this was asked last.
  func wasShown() -> Bool { waited.exchange(false, ordering: .relaxed) }
}
