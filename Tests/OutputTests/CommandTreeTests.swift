import ArgumentParser
import Testing

@testable import shelf

@Suite struct CommandTreeTests {
  /// A command is found by the word beside it in ``CommandTree/groups``; the parser knows the word
  /// of its configuration.
  @Test func everyVerbIsFoundByItsOwnWord() {
    let entries = CommandTree.groups.flatMap(\.entries)
    #expect(entries.count > 30)
    for entry in entries {
      #expect(entry.command.configuration.commandName == entry.word)
      #expect(entry.command.configuration._superCommandName == "shelf", "\(entry.word)")
    }
  }

  /// The verb alone and the whole tree read the same words alike.
  @Test(arguments: [
    ["list", "is:unread", "--limit", "3"], ["tag", "add", "kv", "2509.26507", "--home", "/x"],
    ["read", "all", "-n"], ["note", "add", "2509.26507", "-m", "a thought"],
    ["search", "kv", "缓存"],
    ["--home", "/x", "sync", "devices"],
    // Plain words, which are read without the parser; and some that are not quite plain.
    [], ["--home", "/x"], ["list"], ["list", "--home", "/x", "--limit", "3", "缓存"],
    ["list", "--limit", "3", "--sort", "date"], ["search", "kv", "--limit", "25"], ["show", "%1"],
    ["count", "is:read"], ["stats"], ["stats", "--json"], ["mark", "read", "2509.26507", "%2"],
    ["read", "all"], ["unread", "%1"], ["queue", "+kv"], ["reading", ""], ["skip", "%1"],
    ["star", "%1", "--home", "/x"], ["unstar", "%1"], ["star"], ["tag", "add", "kv"],
    ["tag", "add", "kv", "all"], ["tag", "remove", "kv,ml", "+kv"], ["undo"], ["undo", "3"],
    ["redo"], ["redo", "2"], ["note", "add", "%1"], ["sync"], ["sync", "home"], ["sync", "run"],
    ["read", "-", "--json"], ["star", "-n", "%1"], ["mark", "read", "all", "--dry-run"],
    ["tag", "add", "kv", "-", "--json", "-n"], ["show", "-"], ["unread", "--json", "--json", "%1"],
    ["list", "--", "-x"], ["list", "-"], ["mark", "read", "--home=/x", "all"],
    ["list", "--sort", "title", "--all", "-0"], ["list", "--null", "--format", "{id}"],
    ["note", "add", "%1", "--message", "a"], ["note", "add", "%1", "-F", "x", "-n"],
    ["undo", "-n"],
    ["redo", "2", "--json"], ["sync", "-n"], ["search", "kv", "--all"], ["count"],
  ])
  func theVerbAloneIsReadAsByTheWholeTree(_ words: [String]) throws {
    let verb = try CommandTree.parse(words)
    let whole = try #require(try Shelf.parseAsRoot(CommandTree.verbFirst(words)) as? any Verb)
    #expect("\(verb)" == "\(whole)")
    #expect(type(of: verb) == type(of: whole))
  }

  /// Verbs without `--json`, and why.
  private static let exceptions: [[String]: String] = [
    ["completion"]: "prints a script for a shell",
    ["help"]: "prints text for people",
    ["export"]: "prints in the format that is asked for, json among them",
    ["triage"]: "prints each paper as `show --jsonl` does, wherever it is not on a terminal",
    ["config", "edit"]: "is an editor",
  ]

  @Test func everyVerbPrintsJSON() throws {
    func verbs(_ outline: CommandOutline, _ path: [String]) -> [([String], CommandOutline)] {
      outline.verbs.isEmpty
        ? [(path, outline)] : outline.verbs.flatMap { verbs($0, path + [$0.name]) }
    }
    let all = verbs(try CommandOutline(Shelf.self), [])
    #expect(all.count > 50)
    var unused = Self.exceptions
    for (path, verb) in all {
      let isException = unused.removeValue(forKey: path) != nil
      #expect((verb.option("--json") != nil) != isException, "shelf \(path)")
    }
    #expect(unused.isEmpty, "no such verbs")
  }

  /// What the parser complains of is left to it.
  @Test(arguments: [
    ["mark"], ["list", "--limit", "three"], ["list", "--limit"], ["list", "--limit", "-3"],
    ["list", "--limit", "3", "--limit", "4"], ["undo", "x"], ["undo", "1", "2"], ["stats", "all"],
    ["tag", "add"], ["note", "add"], ["note", "add", "%1", "%2"], ["list", "--help"],
    ["search", "-h"], ["note", "add", "%1", "-m", "a", "--message", "b"],
  ])
  func mistakesAreNotPlain(_ words: [String]) {
    #expect(CommandTree.plainVerb(words) == nil)
  }
}
