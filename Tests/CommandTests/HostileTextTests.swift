import Foundation
import TestSupport
import Testing

/// Whatever a library of strangers holds, and wherever it is printed, on a terminal and in a pipe,
/// only our own colours reach the terminal as control characters.
@Suite struct HostileTextTests {
  private static let evil =
    "\u{1B}]0;owned\u{07}\u{1B}[31mred\u{9B}32m\u{202E}desrever\u{2066}x\r\n\tend"

  /// A library into which a machine that is not ours has written: names that no command of ours
  /// takes.
  private func home() throws -> Home {
    let home = try Home()
    let title = "Bad \(Self.evil)".filter { !$0.isNewline }
    let digest = """
      # Papers for 2025-10-02

      ## 0.[\(title)](https://arxiv.org/pdf/2509.00001)

      summary:**核心关键词**: \(title)  **一句话核心总结**: \(title)  **主要成果**: \(title)

      """
    _ = try home.run(["import", try home.file("2025-10-02.md", digest), "--source", Self.evil])
    _ = try home.shelf("add", "2509.00002", "--title", Self.evil)
    _ = try home.shelf("note", "add", "00001", "-m", Self.evil)
    _ = try home.shelf("tag", "add", "kv", "all")
    _ = try home.shelf("view", "save", "seen", "is:read")
    let text = Self.evil.unicodeScalars.map { "char(\($0.value))" }.joined(separator: "||")
    _ = try Shell.sqlite(
      home.url.path + "/library.sqlite",
      """
      UPDATE tag SET name = 'kv' || \(text);
      UPDATE paper SET tags = 'kv' || replace(\(text), ' ', '');
      UPDATE view SET name = 'seen' || \(text), filter = 'is:read ' || \(text);
      UPDATE machine SET name = \(text);
      UPDATE operation SET what = what || \(text);
      """)
    _ = try home.file(
      "config.toml",
      "[views]\nmine = \"is:read \\u001b[31m\"\n[sync.home]\nurl = \"file:///nowhere/\\u001b[31m\"\n"
    )
    return home
  }

  private static let verbs: [[String]] = [
    [], ["list"], ["list", "--all"], ["search", "Bad"], ["show", "00001"], ["show", "00002"],
    ["open", "00001", "--print"], ["log"], ["log", "00001"], ["stats"], ["tag", "list"],
    ["view", "list"], ["note", "list"], ["remote", "list"], ["remote", "test"], ["sync"],
    ["sync", "-n"], ["conflicts"], ["doctor"], ["config", "list"], ["config", "path"],
    ["read", "00001"], ["star", "all"], ["undo", "-n"], ["undo"], ["redo"], ["list", "@sen"],
    ["list", "@seen"], ["list", "+kw"], ["tag", "remove", "kw", "all"], ["view", "remove", "sean"],
    ["list", evil], ["read", evil], ["show", evil], ["tag", "add", evil, "all"], [evil],
    ["list", "--" + evil.filter { $0 != "\r\n" }], ["mark", evil, "all"], ["note", "edit", evil],
    ["import", evil], ["remote", "add", evil, "x"], ["sync", evil], ["help", evil],
    ["export", evil], ["completion", evil], ["restore", evil], ["list", "--format", evil],
    ["list", "--sort", evil], ["config", "list"], ["sync", "retire", evil], ["add", evil],
    ["backup", "/nowhere/" + evil], ["list", "status:" + evil], ["skip", "%" + evil],
  ]

  /// What must not come out, our own colours taken away.
  private func bad(_ text: String) -> [String] {
    let ours = text.replacing(#/\u{1B}\[[0-9;]+m/#, with: "")
    return ours.unicodeScalars.compactMap { scalar in
      let isControl =
        (scalar.value < 0x20 && scalar != "\n" && scalar != "\r" && scalar != "\t")
        || (0x7F...0x9F).contains(scalar.value)
      let isBidi = [0x202E, 0x2066].contains(scalar.value)
      return isControl || isBidi ? String(scalar.value, radix: 16) : nil
    }
  }

  @Test(arguments: ["1", ""]) func nothingDrivesTheTerminal(noColor: String) throws {
    let home = try home()
    let terminal = try Terminal()
    for words in Self.verbs {
      let run = try terminal.shelf(home, words, variables: ["NO_COLOR": noColor])
      #expect(bad(run.screen).isEmpty, "\(words): \(run.screen)")
      // Red is a style of ours, but nothing of theirs is painted with it.
      #expect(!run.screen.contains("\u{1B}[31mred"), "\(words): \(run.screen)")
      // A template in a pipe is data, as it was asked for.
      guard noColor.isEmpty, !words.contains("--format") else { continue }
      let pipe = try home.run(words)
      #expect(bad(pipe.out).isEmpty && bad(pipe.notes).isEmpty, "\(words): \(pipe)")
      #expect(!pipe.notes.contains("\u{1B}"), "\(words)")
    }
    for words in [["log", "--json"], ["tag", "list", "--json"], ["view", "list", "--json"]] {
      let run = try terminal.shelf(home, words)
      #expect(bad(run.screen).filter { !["202e", "2066"].contains($0) }.isEmpty, "\(words)")
    }
  }
}
