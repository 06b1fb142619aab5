import Glibc

/// Wakes when something is written in some folders: inotify(7). It only wakes: whoever is woken
/// looks for itself, for a disk of the network tells nothing of what others write.
final class FileWatch {
  private let descriptor: Int32
  private static let kinds =
    UInt32(IN_MODIFY) | UInt32(IN_CLOSE_WRITE) | UInt32(IN_CREATE) | UInt32(IN_MOVED_TO)
    | UInt32(IN_DELETE) | UInt32(IN_DELETE_SELF) | UInt32(IN_MOVE_SELF)

  /// Watches nothing yet. Where the system has no more of these it never wakes.
  init() { descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC)) }

  /// Watches a folder; once more does no harm.
  func add(_ folder: String) { _ = inotify_add_watch(descriptor, folder, Self.kinds) }

  /// Waits until something is written, but so many seconds at most.
  /// - Returns: whether something was.
  func wait(_ seconds: Double) -> Bool {
    var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    let milliseconds = Int32(max(0, min(seconds, 3600)) * 1000)
    guard poll(&entry, 1, milliseconds) > 0 else { return false }
    drain()
    return true
  }

  /// Forgets what was written until now.
  func drain() {
    var buffer = [UInt8](repeating: 0, count: 16 << 10)
    while read(descriptor, &buffer, buffer.count) > 0 {}
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
