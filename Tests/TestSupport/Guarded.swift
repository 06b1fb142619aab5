import Foundation

/// A value behind a lock, for the threads of the hostile server.
///
/// Why not `Synchronization.Mutex`: on Linux it locks by its own futex calls, which the thread
/// sanitizer does not see, so every use is reported as a race. An `NSLock` is a pthread mutex.
/// `value` is touched only inside `withLock`; that is what `nonisolated(unsafe)` rests on.
final class Guarded<Value: Sendable>: Sendable {
  private let lock = NSLock()
  nonisolated(unsafe) private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<Outcome>(_ body: (inout Value) -> Outcome) -> Outcome {
    lock.lock()
    defer { lock.unlock() }
    return body(&value)
  }
}
