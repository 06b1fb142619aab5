import Glibc

/// Text from the person: from an option, a file, or the editor.
struct Editor {
  private let session: Session

  init(_ session: Session) { self.session = session }

  /// The text that `-m`, `-F` or, with neither, the editor gives.
  /// - Throws: ``Failure`` when nothing was written.
  func text(message: String?, file: String?, initial: String = "") throws -> String {
    guard message == nil || file == nil else {
      throw Failure(.usage, "-m and -F contradict each other")
    }
    let text = try message ?? file.map(read) ?? edit(initial)
    let trimmed = Self.trimmed(text)
    guard !trimmed.isEmpty else {
      throw Failure(.usage, "the note is empty; nothing was changed")
    }
    return trimmed
  }

  private func read(_ file: String) throws -> String {
    file == "-"
      ? try Files.text(of: STDIN_FILENO, "standard input") : try Files.text(file)
  }

  /// Opens the editor on `initial`; what is in the file when it ends.
  private func edit(_ initial: String) throws -> String {
    guard session.world.isTerminal(STDIN_FILENO) else {
      throw Failure(
        .usage, "there is no terminal to edit on", advice: "give the text with -m TEXT or -F FILE")
    }
    try Files.makeFolder(session.paths.state)
    let path = Paths.join(session.paths.state, "note-\(getpid()).md")
    try Files.replace(path, mode: 0o600) {
      try Files.write(Array(initial.utf8), to: $0, path)
    }
    defer { unlink(path) }
    try run(on: path)
    return try Files.text(path)
  }

  /// Runs the editor on a file: VISUAL, EDITOR, else what the system has.
  func run(on path: String) throws {
    let chosen = session.world.variable("VISUAL") ?? session.world.variable("EDITOR")
    try session.flush()
    var code: Int32 = 127
    for command in chosen.map({ [$0] }) ?? ["editor", "vi", "nano"] where code == 127 {
      code = Programs.run(command, [path])
    }
    guard code == 0 else {
      throw Failure(
        .inputOutput, "the editor \(chosen ?? "") ended with \(code); nothing was changed",
        advice: "set EDITOR, or give the text with -m TEXT")
    }
  }

  /// Without white space at the end and empty lines in front.
  private static func trimmed(_ text: String) -> String {
    var text = Substring(
      text.split(separator: "\r\n", omittingEmptySubsequences: false)
        .joined(separator: "\n"))
    while text.last?.isWhitespace == true { text.removeLast() }
    while text.first?.isNewline == true { text.removeFirst() }
    return text.allSatisfy(\.isWhitespace) ? "" : String(text)
  }
}
