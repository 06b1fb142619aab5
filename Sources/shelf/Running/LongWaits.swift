import Glibc
import Papers
import Transport

/// Says on standard error that something is waited for, and why, before a person takes it for
/// stuck.
struct LongWaits {
  private let world: World

  init(_ world: World) { self.world = world }

  /// Tells one.
  func tell(_ wait: Pace.Wait) {
    // Over a line that tells how far it is.
    let isOverwriting = world.isTerminal(STDERR_FILENO) && world.variable("TERM") != "dumb"
    let start = isOverwriting ? "\r\u{1B}[K" : ""
    try? Files.write(Array("\(start)\(line(wait))\n".utf8), to: STDERR_FILENO, "")
  }

  private func line(_ wait: Pace.Wait) -> String {
    switch wait {
    case .answer(let host, let atMost):
      let most = SyncWords.duration(Int64(min(atMost, 1_000_000) * 1000))
      return "no answer from \(Printable.line(host)) yet; waiting, \(most) at most"
    case .pause(let host, let seconds):
      let whole = Int64(seconds.rounded(.up))
      return
        "\(Printable.line(host)) wants to be asked again in \(Words.number(Int(whole), "second")); waiting"
    }
  }
}

extension World {
  /// As ``pace``, and long waits are told to the person.
  var toldPace: Pace {
    var pace = pace
    pace.onWait = { LongWaits(self).tell($0) }
    return pace
  }
}

extension Session {
  /// Time, waiting and chance for the network.
  var pace: Pace { isBackground ? world.pace : world.toldPace }
}
