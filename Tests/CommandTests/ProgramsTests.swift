import Foundation
import TestSupport
import Testing

@testable import shelf

/// Words from digests that go to other programs through a shell.
@Suite struct ProgramsTests {
  /// Quotes, what a shell expands, and a quote that a combining mark melts with into one character.
  private static let words = [
    "plain", "it's", "'", "''", "'\u{301}", "a'\u{301}; echo x; '\u{301}", "$(echo x)", "`echo x`",
    "$HOME",
    "a\\'b", "\"", "!!", "*", "~", "a\nb", "-n", "𝔘'\u{FE0F}", "'\u{200D};echo x;'\u{200D}",
    "'\r\n'",
  ]

  @Test("A word is one word to a shell, whatever is in it", arguments: words)
  func aWordIsOneWordToAShell(_ word: String) throws {
    let command = "printf '%s|' " + Programs.quoted(word) + " end"
    #expect(Array(try Shell.run(["sh", "-c", command]).utf8) == Array((word + "|end|").utf8))
  }

  @Test func aLinkOfADigestRunsNothing() throws {
    let home = try Home()
    let made = home.url.path + "/made"
    let link = "https://x.example/a'\u{301};touch${IFS}\(made);'\u{301}"
    let digest = try home.file(
      "digest.md", "# Papers for 2025-10-02\n\n## 0.[A study](\(link))\nsummary:**主要成果**：好\n")
    #expect(try home.shelf("import", digest).out.isEmpty)
    #expect(try home.shelf("list", "--ids").out.hasPrefix("url:https://x.example/a'%CC%81;touch$"))
    #expect(try home.shelf("open", "%1", "--print").code == 0)
    _ = try home.file("config.toml", "[open]\ncommand = \"echo opened\"\n")
    _ = try home.shelf("list")
    let run = try home.shelf("open", "%1")
    #expect(run.code == 0 && run.out.hasPrefix("opened https://x.example/a"), "\(run.notes)")
    #expect(!FileManager.default.fileExists(atPath: made), "the link ran a command")
  }
}
