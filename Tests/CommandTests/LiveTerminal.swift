import Foundation
import TestSupport

/// A pseudo-terminal at which somebody types while `shelf` runs, and looks at what comes.
final class LiveTerminal {
  struct Failure: Error, CustomStringConvertible {
    var description: String
  }

  private let keyboard: Int32
  private let screen: Int32
  private let before: termios
  let process = Process()
  /// Everything that came.
  private(set) var bytes: [UInt8] = []
  private var seen = 0

  /// Starts `shelf` on a terminal of so many cells.
  init(
    _ home: Home, _ words: [String], columns: UInt16 = 80, rows: UInt16 = 24,
    variables: [String: String] = [:]
  ) throws {
    var (keyboard, screen): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&keyboard, &screen, nil, nil, &size) == 0 else {
      throw Failure(description: "no terminal")
    }
    (self.keyboard, self.screen) = (keyboard, screen)
    _ = fcntl(keyboard, F_SETFD, FD_CLOEXEC)
    _ = fcntl(screen, F_SETFD, FD_CLOEXEC)
    var modes = termios()
    tcgetattr(screen, &modes)
    before = modes
    process.executableURL = ShelfProcess.binary
    process.arguments = words
    process.environment = [
      "SHELF_HOME": home.url.path, "TZ": "UTC", "HOME": home.url.path, "PATH": "/usr/bin:/bin",
      "SHELF_LOOPBACK": "1",
      "TERM": "xterm", "NO_COLOR": "1", "LC_ALL": "C", "SWIFT_BACKTRACE": "enable=no",
    ].merging(variables) { $1 }.filter { !$1.isEmpty }
    let file = FileHandle(fileDescriptor: screen, closeOnDealloc: false)
    process.standardInput = file
    process.standardOutput = file
    process.standardError = file
    try process.run()
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    close(keyboard)
    close(screen)
  }

  /// Whether the terminal has the modes it had at first, and its first screen.
  var isGivenBack: Bool {
    var now = termios()
    tcgetattr(screen, &now)
    let text = String(decoding: bytes, as: UTF8.self)
    return now.c_lflag == before.c_lflag && now.c_iflag == before.c_iflag
      && now.c_oflag == before.c_oflag
      && text.components(separatedBy: "\u{1B}[?1049h").count
        == text.components(separatedBy: "\u{1B}[?1049l").count
      && !text.hasSuffix("\u{1B}[?25l")
  }

  /// Types.
  func type(_ text: String) {
    _ = text.utf8CString.withUnsafeBytes { write(keyboard, $0.baseAddress, text.utf8.count) }
  }

  /// Waits until a text comes that had not come before the last wait.
  func wait(for text: String) throws {
    let wanted = Array(text.utf8)
    let limit = Date().addingTimeInterval(20)
    while Date() < limit {
      if let end = end(of: wanted, from: seen) {
        seen = end
        return
      }
      guard read(waiting: 100) || process.isRunning else { break }
    }
    let came = String(decoding: bytes[seen...], as: UTF8.self)
    throw Failure(description: "“\(text)” did not come: \(came.debugDescription)")
  }

  /// Types, and waits for what that brings.
  func type(_ text: String, for answer: String) throws {
    type(text)
    try wait(for: answer)
  }

  func resize(columns: UInt16, rows: UInt16) {
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(keyboard, UInt(TIOCSWINSZ), &size)
    kill(process.processIdentifier, SIGWINCH)
  }

  /// Waits until the process is stopped (proc(5), `state`).
  func waitForStop() throws {
    let limit = Date().addingTimeInterval(20)
    while Date() < limit {
      let path = "/proc/\(process.processIdentifier)/stat"
      let text = try String(contentsOfFile: path, encoding: .utf8)
      if text.split(separator: ")").last?.hasPrefix(" T") == true { return }
      read(waiting: 10)
    }
    throw Failure(description: "it does not stop")
  }

  func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// The end of the process.
  @discardableResult
  func end() -> Int32 {
    let limit = Date().addingTimeInterval(20)
    while process.isRunning {
      read(waiting: 20)
      if Date() > limit { kill(process.processIdentifier, SIGKILL) }
    }
    process.waitUntilExit()
    while read(waiting: 0) {}
    return process.terminationStatus
  }

  private func end(of wanted: [UInt8], from start: Int) -> Int? {
    guard bytes.count - start >= wanted.count else { return nil }
    for place in start...(bytes.count - wanted.count)
    where bytes[place] == wanted[0] && bytes[place...].starts(with: wanted) {
      return place + wanted.count
    }
    return nil
  }

  @discardableResult
  private func read(waiting milliseconds: Int32) -> Bool {
    var ready = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
    guard poll(&ready, 1, milliseconds) > 0, ready.revents & Int16(POLLIN) != 0 else {
      return false
    }
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    let count = Glibc.read(keyboard, &buffer, buffer.count)
    bytes += buffer[..<max(0, count)]
    return count > 0
  }
}
