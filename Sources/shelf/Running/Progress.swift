import Glibc

/// A bar on the terminal for what takes longer than half a second; nothing anywhere else.
struct Progress {
  private let total: Int
  private let now: @Sendable () -> Int64
  private let isShown: Bool
  private let start: Int64
  private var done = 0
  private var drawnAt: Int64 = 0
  /// What is being done, behind the bar.
  var label = ""

  /// - Parameter total: the work in any unit; 0 when it is not known.
  init(_ world: World, total: Int) {
    self.total = total
    now = world.now
    start = world.now()
    isShown = world.isTerminal(STDERR_FILENO) && world.variable("TERM") != "dumb"
  }

  /// So much more is done; nothing more, where something is only waited for.
  mutating func advance(by amount: Int) {
    done += amount
    guard isShown, total > 0 else { return }
    let time = now()
    guard time - start >= 500, time - drawnAt >= 100 else { return }
    drawnAt = time
    draw()
  }

  /// Takes the bar off the terminal.
  func clear() {
    guard drawnAt > 0 else { return }
    try? Files.write(Array("\r\u{1B}[K".utf8), to: STDERR_FILENO, "")
  }

  private func draw() {
    let share = min(1, Double(done) / Double(total))
    let filled = Int(share * 30)
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: max(0, 30 - filled))
    let line = "\r\(bar) \(Int(share * 100)) %\(label.isEmpty ? "" : "  " + label)\u{1B}[K"
    try? Files.write(Array(line.utf8), to: STDERR_FILENO, "")
  }
}
