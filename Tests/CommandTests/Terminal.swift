import Foundation
import TestSupport

/// A pseudo-terminal with a person at it, as far as `shelf` can tell.
final class Terminal {
  struct Failure: Error {}

  /// What one command left on the screen: both streams, as they came.
  struct Run {
    var code: Int32
    var screen: String
    var lines: [String] {
      screen.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private let keyboard: Int32
  private let screen: Int32

  /// A terminal of so many cells.
  init(columns: UInt16 = 100, rows: UInt16 = 40) throws {
    var (keyboard, screen): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&keyboard, &screen, nil, nil, &size) == 0 else { throw Failure() }
    (self.keyboard, self.screen) = (keyboard, screen)
    _ = fcntl(keyboard, F_SETFD, FD_CLOEXEC)
    _ = fcntl(screen, F_SETFD, FD_CLOEXEC)
  }

  deinit {
    close(keyboard)
    close(screen)
  }

  /// Runs `shelf` on the terminal.
  /// - Parameters:
  ///   - typed: what the person types meanwhile.
  ///   - emptyPager: variables that are set to nothing stay so.
  ///   - piped: standard output leads elsewhere.
  func shelf(
    _ home: Home, _ words: [String], typed: String = "", piped: Bool = false,
    emptyPager: Bool = false, variables: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    process.executableURL = ShelfProcess.binary
    process.arguments = words
    process.environment = [
      "SHELF_HOME": home.url.path, "TZ": "UTC", "HOME": home.url.path, "PATH": "/usr/bin:/bin",
      "SHELF_LOOPBACK": "1",
      "PAGER": "cat", "TERM": "xterm", "NO_COLOR": "1",
    ].merging(variables) { $1 }.filter { emptyPager || !$1.isEmpty }
    let file = FileHandle(fileDescriptor: screen, closeOnDealloc: false)
    process.standardInput = file
    process.standardOutput = piped ? FileHandle.nullDevice : file
    process.standardError = file
    try process.run()
    _ = typed.utf8CString.withUnsafeBytes { write(keyboard, $0.baseAddress, typed.utf8.count) }
    var bytes: [UInt8] = []
    while process.isRunning { read(into: &bytes, waiting: 20) }
    process.waitUntilExit()
    while read(into: &bytes, waiting: 0) {}
    return Run(code: process.terminationStatus, screen: String(decoding: bytes, as: UTF8.self))
  }

  @discardableResult
  private func read(into bytes: inout [UInt8], waiting milliseconds: Int32) -> Bool {
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
