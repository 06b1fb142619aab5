import Foundation
import Synchronization

/// The wish to end a run before its time, by Ctrl-C or `kill`: what was met until then is told all the same.
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

/// How far a long run is, for who looks at it in a terminal.
struct Progress {
  private let isShown: Bool
  private let start = ContinuousClock.now
  private var shown = ContinuousClock.now

  init(isWanted: Bool) { isShown = isWanted && isatty(STDERR_FILENO) == 1 }

  /// At most once a second.
  mutating func show(lives: UInt64, failed: Int) {
    let now = ContinuousClock.now
    guard isShown, now - shown >= .seconds(1) else { return }
    shown = now
    let rate = Double(lives) / ((now - start) / .seconds(1))
    let found = failed == 0 ? "" : "; here \(failed) failed"
    write(String(format: "\rabout %d lives, %.0f a second", Int(lives), rate) + found)
  }

  func clear() { if isShown { write("\r") } }

  private func write(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\u{1B}[K".utf8))
  }
}
