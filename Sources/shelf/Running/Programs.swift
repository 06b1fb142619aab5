import Glibc

/// Other programs: the pager, the editor, the browser, as the person configured them. Each is a
/// command line for `/bin/sh`, because `less -FRX` and `code --wait` are.
enum Programs {
  /// Runs a command with words added, each quoted, and waits. The terminal is its own meanwhile.
  /// - Returns: its exit code; 127 when there is no such program.
  static func run(_ command: String, _ words: [String]) -> Int32 {
    signal(SIGPIPE, SIG_DFL)
    defer { Interrupt.arm() }
    let status = system(([command] + words.map(quoted)).joined(separator: " "))
    guard status >= 0, status & 0x7F == 0 else { return 128 }
    return status >> 8 & 0xFF
  }

  /// Shows text through a pager; false when there is none to run.
  /// - Parameter variables: what its environment has more than ours.
  static func page(
    _ command: String, _ variables: [(name: String, value: String)], _ text: String
  ) -> Bool {
    let set = variables.map { "export \($0.name)=\(quoted($0.value)); " }.joined()
    let command = set + command
    signal(SIGPIPE, SIG_DFL)
    defer { Interrupt.arm() }
    guard let pipe = popen(command, "w") else { return false }
    // Ctrl-C is the pager's now.
    signal(SIGINT, SIG_IGN)
    signal(SIGPIPE, SIG_IGN)
    try? Files.write(Array(text.utf8), to: fileno(pipe), "the pager")
    let status = pclose(pipe)
    return status >> 8 & 0xFF != 127
  }

  /// Words as they can be typed again: those that the shell would read otherwise are quoted.
  static func line(_ words: [String]) -> String {
    let plain = Set("%+@:.,/=_-".unicodeScalars)
    return words.map { word in
      let isPlain = word.unicodeScalars.allSatisfy {
        plain.contains($0) || $0.properties.isAlphabetic || $0.properties.numericType != nil
      }
      return isPlain && !word.isEmpty ? word : quoted(word)
    }.joined(separator: " ")
  }

  /// A word that the shell takes as it is. By byte: a quote with a combining mark behind it is
  /// another character to Swift and still a quote to the shell.
  static func quoted(_ word: String) -> String {
    var out = Array("'".utf8)
    for byte in word.utf8 {
      if byte == UInt8(ascii: "'") { out += "'\\''".utf8 } else { out.append(byte) }
    }
    return String(decoding: out, as: UTF8.self) + "'"
  }
}
