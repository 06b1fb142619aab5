import Foundation
import TestSupport
import Testing

/// A shell on a terminal, as a person has it: what is typed goes through its line editor.
final class ShellTerminal {
  /// Where a shell is, its words, and what it reads first.
  struct Shell: CustomTestStringConvertible, Sendable {
    var name: String
    var words: [String]
    /// The file that it reads at its start, below the home, and what is in it.
    var file: String
    var start: String
    /// The line that loads the completion.
    var load: String

    var testDescription: String { name }

    var program: String? {
      ["/usr/bin/", "/bin/", "/usr/local/bin/"].map { $0 + name }
        .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Instead of `shelf`, what stands on the line is printed, word by word.
    static let bash = Shell(
      name: "bash", words: ["--noprofile", "--rcfile", "HOME/bashrc", "-i"], file: "bashrc",
      start: """
        PS1='READY> '
        bind 'set bell-style none'; bind 'set enable-bracketed-paste off'
        shelf() { printf '[%s]' "$@"; echo; }

        """, load: "source <(command shelf completion bash)\n")
    static let zsh = Shell(
      name: "zsh", words: ["-i"], file: ".zshrc",
      start: """
        PROMPT='READY> '
        unset zle_bracketed_paste
        shelf() { printf '[%s]' "$@"; echo; }
        autoload -Uz compinit; compinit -u -D

        """, load: "source <(command shelf completion zsh)\n")
    static let fish = Shell(
      name: "fish", words: ["-i"], file: ".config/fish/config.fish",
      start: """
        set -g fish_greeting
        function fish_prompt; echo 'READY> '; end
        function shelf; printf '[%s]' $argv; echo; end

        """, load: "command shelf completion fish | source\n")
    static let all = [bash, zsh, fish]
  }

  struct Failure: Error, CustomStringConvertible { var description: String }

  private let process = Process()
  private let keyboard: Int32
  private var seen: [UInt8] = []

  /// Starts one, in a folder, with a home for `shelf`.
  init(_ shell: Shell, _ program: String, _ home: Home, in folder: URL) throws {
    var (keyboard, screen): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 40, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0)
    guard openpty(&keyboard, &screen, nil, nil, &size) == 0 else {
      throw Failure(description: "no terminal")
    }
    self.keyboard = keyboard
    _ = fcntl(keyboard, F_SETFD, FD_CLOEXEC)
    _ = try home.file(shell.file, shell.start + shell.load)
    // A session of its own, so that the terminal is the shell's.
    process.executableURL = URL(fileURLWithPath: "/usr/bin/setsid")
    process.arguments =
      ["--ctty", "--wait", program]
      + shell.words.map { $0.replacingOccurrences(of: "HOME", with: home.url.path) }
    process.environment = [
      "SHELF_HOME": home.url.path, "HOME": home.url.path, "TERM": "xterm", "LANG": "C.UTF-8",
      "SHELF_LOOPBACK": "1",
      "PATH": ShelfProcess.binary.deletingLastPathComponent().path + ":/usr/bin:/bin", "TZ": "UTC",
    ]
    process.currentDirectoryURL = folder
    let file = FileHandle(fileDescriptor: screen, closeOnDealloc: true)
    process.standardInput = file
    process.standardOutput = file
    process.standardError = file
    try process.run()
    try wait(for: "READY> ")
  }

  deinit {
    process.terminate()
    // The shell goes with its terminal.
    close(keyboard)
    process.waitUntilExit()
  }

  /// Types, and waits until something stands on the screen.
  /// - Returns: what came up to then.
  @discardableResult
  func type(_ keys: String, until text: String) throws -> String {
    seen = []
    _ = keys.utf8CString.withUnsafeBytes { write(keyboard, $0.baseAddress, keys.utf8.count) }
    return try wait(for: text)
  }

  /// Waits for words on the screen; what never comes is a failure, after a time that no shell takes.
  @discardableResult
  private func wait(for text: String) throws -> String {
    let wanted = Array(text.utf8)
    let deadline = ContinuousClock.now + .seconds(60)
    while !seen.contains(wanted) {
      guard ContinuousClock.now < deadline else {
        throw Failure(
          description: "“\(text)” never came, but \(String(decoding: seen, as: UTF8.self))")
      }
      var ready = pollfd(fd: keyboard, events: Int16(POLLIN), revents: 0)
      guard poll(&ready, 1, 100) > 0 else { continue }
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      let count = read(keyboard, &buffer, buffer.count)
      guard count > 0 else {
        throw Failure(description: "the shell ended: \(String(decoding: seen, as: UTF8.self))")
      }
      seen += buffer[..<count]
    }
    return String(decoding: seen, as: UTF8.self)
  }
}
