import Foundation

/// A program started by a test, in a process group of its own that ends with its owner.
///
/// Why not Foundation's Process: a test runs on a thread that blocks signals, the child inherits
/// the block and never hears SIGTERM.
final class ChildProcess {
  struct Failure: Error {
    let command: [String]
    let code: Int32
  }

  private let id: pid_t
  private var status: Int32?

  /// Starts `command`, its output going to the file `log`.
  init(_ command: [String], log: String) throws {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, log, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    posix_spawn_file_actions_adddup2(&actions, 1, 2)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var noSignals = sigset_t()
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setpgroup(&attributes, 0)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETPGROUP))
    var words: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
    defer { words.forEach { free($0) } }
    var id = pid_t()
    let code = posix_spawn(&id, command[0], &actions, &attributes, &words, environ)
    guard code == 0 else { throw Failure(command: command, code: code) }
    self.id = id
  }

  deinit { stop() }

  /// Whether it has not ended yet.
  var isRunning: Bool {
    if status == nil {
      var ended: Int32 = 0
      if waitpid(id, &ended, WNOHANG) == id { status = ended }
    }
    return status == nil
  }

  /// Waits for its end and gives the exit status; 0 is success.
  func wait() -> Int32 {
    while status == nil {
      var ended: Int32 = 0
      if waitpid(id, &ended, 0) == id { status = ended } else if errno != EINTR { status = -1 }
    }
    return status ?? -1
  }

  private func stop() {
    guard isRunning else { return }
    kill(-id, SIGTERM)
    // Three seconds of grace; poll without descriptors only gives the processor away.
    for _ in 0..<300 where isRunning { _ = poll(nil, 0, 10) }
    guard isRunning else { return }
    kill(-id, SIGKILL)
    _ = wait()
  }
}
