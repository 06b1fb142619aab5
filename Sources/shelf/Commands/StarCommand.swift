import ArgumentParser
import Changes

/// `shelf star FILTER…`
struct StarCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "star", abstract: "Star papers.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Edit(session, write, "star", which).run(done: "starred") { .starred($0, true) }
  }
}

/// `shelf unstar FILTER…`
struct UnstarCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "unstar", abstract: "Take the star off papers.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try Edit(session, write, "unstar", which).run(done: "unstarred") { .starred($0, false) }
  }
}
