import Foundation
import Synchronization

/// The wish to end a run before its time, by Ctrl-C or `kill`: what was met until then is told all
/// the same.
enum EarlyEnd {
  private static let wish = Atomic<Bool>(false)

  /// Whether a worker should take no further life.
  static var isWished: Bool { wish.load(ordering: .relaxed) }

  /// A worker ends after the life under way.
  static func heed() {
    _ = isWished  // Made before a signal can ask for it.
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in EarlyEnd.wish.store(true, ordering: .relaxed) }
    }
  }

  /// The manager waits for its workers, and passes the wish on.
  /// - Returns: what watches, as long as it is held.
  static func pass(to workers: [Child]) -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { for worker in workers { worker.end() } }
      source.resume()
      return source
    }
  }
}
