import ArgumentParser

/// `shelf completion bash|zsh|fish`
struct CompletionCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "completion", abstract: "Print a completion script for bash, zsh or fish.")
  @Argument(help: ArgumentHelp("bash, zsh or fish.", valueName: "shell"))
  var shell: String
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard let shell = ShellScript(rawValue: shell) else {
      throw Failure(.usage, "there are completions for bash, zsh and fish, not for “\(shell)”")
    }
    try session.out.text(shell.text)
    return .ok
  }
}
