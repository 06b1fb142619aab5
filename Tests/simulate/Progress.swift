import Foundation

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
