import ArgumentParser
import Testing

@testable import shelf

@Suite struct CommandTreeTests {
  /// A command is found by the word beside it in ``CommandTree/groups``; the parser knows the word of
  /// its configuration.
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
  ])
  func theVerbAloneIsReadAsByTheWholeTree(_ words: [String]) throws {
    let verb = try CommandTree.parse(words)
    let whole = try #require(try Shelf.parseAsRoot(CommandTree.verbFirst(words)) as? any Verb)
    #expect("\(verb)" == "\(whole)")
    #expect(type(of: verb) == type(of: whole))
  }
}
