import Foundation
import TestSupport
import Testing

/// `--dry-run` of every verb that has it, as the parser's own description of itself tells: a new
/// verb is tried as soon as it is there.
@Suite(.serialized) struct DryRunTests {
  private struct Tool: Decodable { var command: Command }

  private struct Command: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { var name: String }
      var kind: String
      var names: [Name]?
      var valueName: String?
    }
    var commandName: String
    var subcommands: [Command]?
    var arguments: [Argument]?

    /// The words of each verb below that takes --dry-run, and what it asks for.
    func verbs(_ above: [String] = []) -> [(words: [String], values: [String])] {
      (subcommands ?? []).flatMap { command in
        let words = above + [command.commandName]
        let arguments = command.arguments ?? []
        let takes = arguments.contains { ($0.names ?? []).contains { $0.name == "dry-run" } }
        let values = arguments.filter { $0.kind == "positional" }.map { $0.valueName ?? "" }
        return (takes ? [(words, values)] : []) + command.verbs(words)
      }
    }
  }

  /// Something sensible for each argument and, where a verb needs them, options.
  private func line(_ verb: (words: [String], values: [String]), _ digest: String) -> [String] {
    let name = verb.words.joined(separator: " ")
    let options: [String: [String]] = [
      "note add": ["-m", "x"], "note edit": ["-m", "x"], "sync rekey": ["--open"],
      "restore": ["--yes"],
    ]
    let values = verb.values.map { value in
      switch value {
      case "path", "file", "what": digest
      case "id": "2507.10000"
      case "status": "read"
      case "filter": name == "tag add" ? "2507.10000" : "all"
      case "n": "1"
      case "url": digest + ".remote"
      case "remote": "home"
      case "note": "abcdefgh"
      default: "x"
      }
    }
    let isPlain = name == "remote add" ? ["there"] + values.dropFirst() : values
    return verb.words + isPlain + (options[name] ?? []) + ["-n"]
  }

  private func verbs(_ shelf: ShelfProcess) throws -> [(words: [String], values: [String])] {
    let dump = try shelf.run("help", "--tree").output
    return try JSONDecoder().decode(Tool.self, from: Data(dump.utf8)).command.verbs()
  }

  private func files(_ folder: URL) -> [String: Data] {
    var files: [String: Data] = [:]
    for name in FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    where !name.hasSuffix("-shm") && !name.hasSuffix("-wal") {
      files[name] = (try? Data(contentsOf: folder.appendingPathComponent(name))) ?? Data()
    }
    return files
  }

  private static let configuration = "[sync.home]\nurl = \"REMOTE\"\n"

  @Test func nothingIsMadeWhereNothingIs() throws {
    let workspace = try Workspace()
    let digest = try SmallDigests(folder: workspace.url, days: 1, papersPerDay: 5).files[0].path
    let home = workspace.url.appendingPathComponent("none")
    let shelf = ShelfProcess(home: home)
    let verbs = try verbs(shelf)
    #expect(verbs.count >= 25, "\(verbs.map(\.words))")
    let before = files(workspace.url)
    for verb in verbs {
      let run = try shelf.run(line(verb, digest))
      #expect([0, 1, 64, 65, 66, 78].contains(run.status), "\(verb.words): \(run)")
      #expect(files(workspace.url) == before, "\(verb.words): \(run)")
      #expect(!FileManager.default.fileExists(atPath: home.path), "\(verb.words)")
    }
    // With nothing but a configuration no library is made either.
    let remote = workspace.url.appendingPathComponent("remote")
    try FileManager.default.createDirectory(at: remote, withIntermediateDirectories: true)
    try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
    let text = Self.configuration.replacing("REMOTE", with: remote.path)
    try Data(text.utf8).write(to: home.appendingPathComponent("config.toml"))
    let configured = files(workspace.url)
    for verb in verbs {
      let run = try shelf.run(line(verb, digest))
      #expect(files(workspace.url) == configured, "\(verb.words): \(run)")
    }
  }

  /// A home with something of everything, writable and then not.
  @Test(.enabled(if: HardPlacesTests.isRoot)) func aHomeThatCannotBeWrittenIsEnough() throws {
    let workspace = try Workspace()
    let digests = try SmallDigests(folder: workspace.url, days: 2, papersPerDay: 5)
    let home = workspace.url.appendingPathComponent("home")
    let remote = workspace.url.appendingPathComponent("remote")
    var shelf = ShelfProcess(home: home)
    #expect(try shelf.run("import", digests.files[0].path).status == 0)
    #expect(try shelf.run("remote", "add", "home", remote.path).status == 0)
    for words in [
      ["sync"], ["tag", "add", "x", "2507.10000"], ["view", "save", "x", "is:unread"],
      ["source", "add", "x", digests.files[1].path], ["star", "all"], ["undo"], ["sync"],
    ] { #expect(try shelf.run(words).status == 0, "\(words)") }
    let verbs = try verbs(shelf)
    let before = files(workspace.url)
    for isReadOnly in [false, true] {
      if isReadOnly {
        let mount = workspace.url.appendingPathComponent("read-only")
        try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: true)
        try Shell.run(["mount", "--bind", home.path, mount.path])
        try Shell.run(["mount", "-o", "remount,ro,bind", mount.path])
        shelf = ShelfProcess(home: mount)
      }
      defer { if isReadOnly { _ = try? Shell.run(["umount", shelf.home.path]) } }
      for verb in verbs {
        let words = line(verb, digests.files[1].path)
        let run = try shelf.run(words)
        // There is no such note, no conflict, no other machine, and a digest is no backup.
        let hopeless = ["note edit", "note remove", "conflicts", "sync retire", "restore"]
        let isHopeless = hopeless.contains { verb.words.joined(separator: " ").hasPrefix($0) }
        #expect(isHopeless ? [1, 65].contains(run.status) : run.status == 0, "\(words): \(run)")
        guard !isReadOnly else { continue }
        let after = files(workspace.url)
        #expect(Set(after.keys) == Set(before.keys), "\(words)")
        #expect(after == before, "\(words): \(after.keys.filter { after[$0] != before[$0] })")
      }
    }
  }
}
