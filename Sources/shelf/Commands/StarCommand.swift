import ArgumentParser
import Changes
import Store

/// `shelf star FILTER…`
struct StarCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "star", abstract: "Star papers.")
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try FilterWrite(session, write, "star", which)
      .run(done: "starred", unless: \.starred) { .starred($0, true) }
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
    try FilterWrite(session, write, "unstar", which)
      .run(done: "unstarred", unless: { !$0.starred }) { .starred($0, false) }
  }
}
