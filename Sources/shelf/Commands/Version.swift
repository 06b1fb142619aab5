import ArgumentParser

/// The version of this build.
enum Version { static let text = "0.1.0" }

/// `shelf --version`
struct VersionOption: Verb {
  static let configuration = CommandConfiguration(verb: "--version", abstract: "Show the version.")
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try session.out.line(Version.text)
    return .ok
  }
}
