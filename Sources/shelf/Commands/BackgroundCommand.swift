import ArgumentParser
import Glibc

/// `shelf __background [--home DIR]`: the worker that a command which changed the list starts; see
/// ``BackgroundWork``. It prints nothing, and what fails is on the dashboard.
struct BackgroundCommand: Verb {
  /// The word for it, which help does not tell.
  static let word = "__background"
  static let configuration = CommandConfiguration(
    verb: word, abstract: "What follows from a change, in the background.")

  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    session.isBackground = true
    let door = BackgroundDoor(session.paths)
    guard let lock = door.adopt() ?? door.enter() else { return .ok }
    // It was started as /proc/self/exe, and `ps -e` would call it `exe`.
    try? Files.name(process: "shelf")
    // Whatever else is done on the machine comes first.
    _ = nice(10)
    BackgroundWork(session).run(holding: lock)
    return .ok
  }
}
