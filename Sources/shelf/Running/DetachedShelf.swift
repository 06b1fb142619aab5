import CDetach
import Glibc

/// This program, started once more for work that nobody waits for: in a session of its own, with
/// nothing open but `/dev/null` and the lock it is handed, and in no folder that would be kept from
/// being unmounted. Whoever starts it ends soon after, so that the system takes care of its end.
enum DetachedShelf {
  /// Starts it.
  /// - Parameters:
  ///   - words: its command line.
  ///   - lock: what it holds, as descriptor ``BackgroundLock/handedOver``.
  /// - Returns: whether it runs.
  static func start(_ words: [String], holding lock: BackgroundLock) -> Bool {
    let list = (["shelf"] + words).map { strdup($0) } + [nil]
    defer { for word in list { free(word) } }
    guard cdetach_start(list, lock.descriptor, BackgroundLock.handedOver) == 0 else {
      return false
    }
    lock.handOn()
    return true
  }
}
