import Foundation
import TestSupport
import Testing

/// Loading libcurl costs more than everything else of a small command together: only what goes over
/// the network does it. Told by the dynamic linker itself.
@Suite(.serialized) struct LibcurlTests {
  @Test func isLoadedForTheNetworkOnly() throws {
    let place = try MeetingPlace(.directory)
    let desk = try Machine("desk", variables: ["LD_DEBUG": "files"])
    try desk.imports(OwnDigest())
    let folder = try place.spot("folder")
    let id = "2509.00001"
    let commands: [[String]] = [
      ["--version"], ["--help"], [], ["list"], ["search", "灯笼"], ["show", id], ["count"],
      ["open", id, "--print"], ["mark", "read", id], ["read", id], ["unread", id], ["queue", id],
      ["reading", id], ["skip", id], ["star", id], ["unstar", id], ["tag", "add", "a", id],
      ["tag", "rename", "a", "b"], ["tag", "remove", "b", id], ["tag", "list"],
      ["note", "add", id, "-m", "text"], ["note", "list"], ["view", "save", "v", "is:read"],
      ["view", "list"], ["view", "remove", "v"], ["undo"], ["redo"], ["log"], ["stats"],
      ["add", "2510.00009", "--title", "A Title"], ["source", "add", "hf", "hf:daily"],
      ["source", "list"], ["source", "remove", "hf"], ["export", "json"], ["export", "bibtex"],
      ["export", "html"],
      ["doctor"], ["backup", desk.home.path + "/backup"],
      ["restore", desk.home.path + "/backup", "--yes"], ["config", "list"], ["config", "path"],
      ["completion", "bash"], ["help", "filters"], ["conflicts"], ["remote", "list"],
      ["remote", "add", "folder", folder.address], ["remote", "test"], ["sync", "--dry-run"],
      ["sync"], ["sync", "verify"], ["sync", "repair"], ["sync", "devices"],
      ["remote", "remove", "folder"],
    ]
    for words in commands {
      let outcome = try desk.shelf.run(words)
      #expect(outcome.status == 0, "\(words): \(outcome.status)")
      #expect(outcome.errors.contains("libc.so"), "\(words): the linker told nothing")
      #expect(!outcome.errors.contains("libcurl"), "\(words) loads libcurl")
    }
  }

  @Test func theProofCanFail() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    let desk = try Machine("desk", variables: ["LD_DEBUG": "files"])
    let outcome = try desk.shelf.run("remote", "add", "home", server.url())
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("libcurl"))
  }
}
