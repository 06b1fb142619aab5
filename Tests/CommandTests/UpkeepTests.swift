import Foundation
import TestSupport
import Testing

@testable import shelf

@Suite struct UpkeepTests {
  private func mode(_ path: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: path)
    return try #require(attributes[.posixPermissions] as? Int)
  }

  @Test func anEmptyLibraryIsNoError() throws {
    let home = try Home()
    for words in [
      ["list"], ["search", "x"], ["note", "list"], ["tag", "list"], ["view", "list"], ["log"],
    ] {
      let run = try home.run(words)
      #expect(run.code == 0 && run.out == "", "\(words)")
      #expect(run.notes.contains("shelf import"), "\(words)")
    }
    #expect(try home.shelf("list", "--json").array.isEmpty)
    #expect(try home.shelf("count").out == "0\n")
    #expect(try home.shelf().out.contains("shelf import"))
    #expect(try home.shelf("stats", "--json").object["papers"] as? Int == 0)
    #expect(try home.shelf("show", "00001").code == 1)
    #expect(try home.shelf("undo").code == 1)
    #expect(try home.shelf("backup", home.url.path + "/b").code == 66)
    #expect(try home.shelf("doctor").code == 0)
  }

  @Test func theDashboardAndStats() throws {
    let home = try Sample.home()
    _ = try home.shelf("reading", "00001")
    let run = try home.shelf()
    #expect(run.out.hasPrefix("3 papers: 2 unread, 1 reading\n"))
    #expect(run.out.contains("New on 2025-10-02  2") && run.out.contains("Reading  1"))
    let stats = try home.shelf("stats", "--json").object
    #expect((stats["status"] as? [String: Int])?["reading"] == 1)
    #expect(stats["newestDay"] as? String == "2025-10-02")
    #expect(try home.shelf("open", "%1", "--print").out.hasSuffix("00002\n"))
  }

  @Test func filesAreForTheirOwnerOnly() throws {
    let home = try Home()
    let below = home.url.path + "/new/home"
    #expect(try home.shelf("add", "2501.00001", "--home", below).code == 0)
    #expect(try home.shelf("--home", below, "list").out.hasPrefix("2501.00001"))
    #expect(try mode(below) == 0o700)
    #expect(try mode(below + "/library.sqlite") == 0o600)
    #expect(try mode(below + "/state") == 0o700)
    #expect(try mode(below + "/state/listings/none") == 0o600)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: below + "/library.sqlite")
    #expect(try home.shelf("doctor", "--home", below).code == 2)
    #expect(try home.shelf("doctor", "--fix", "--home", below).code == 0)
    #expect(try mode(below + "/library.sqlite") == 0o600)
  }

  @Test func xdgFoldersWithoutAHome() throws {
    let home = try Home()
    let base = [
      "SHELF_HOME": "", "XDG_DATA_HOME": home.url.path + "/data", "XDG_STATE_HOME": "relative",
    ]
    #expect(try home.run(["add", "2501.00001"], variables: base).code == 0)
    #expect(
      FileManager.default.fileExists(atPath: home.url.path + "/data/papershelf/library.sqlite"))
    _ = try home.run(["list"], variables: base)
    #expect(
      FileManager.default.fileExists(
        atPath: home.url.path + "/.local/state/papershelf/listings/none"))
    #expect(
      try home.run(["config", "path"], variables: base).out
        == home.url.path + "/.config/papershelf/config.toml\n")
  }

  @Test func backupAndRestore() throws {
    let home = try Sample.home()
    _ = try home.shelf("read", "00001")
    let before = try home.export()
    let file = home.url.path + "/copy.sqlite"
    #expect(try home.shelf("backup", file).code == 0)
    #expect(try mode(file) == 0o600)
    #expect(try home.shelf("backup", file).code == 73)
    #expect(try home.shelf("backup", file, "--replace").code == 0)
    _ = try home.shelf("skip", "all")
    let after = try home.export()
    #expect(try home.shelf("restore", file, "-n").code == 0)
    #expect(try home.export() == after)
    let run = try home.shelf("restore", file)
    #expect(run.code == 0)
    #expect(try home.export() == before)
    #expect(try home.shelf("doctor").code == 0)
    let kept = try #require(
      run.notes.split(separator: "\n").last?.split(separator: " ").last.map(String.init))
    #expect(try home.shelf("restore", kept).code == 0)
    #expect(try home.export() == after)
    #expect(try home.shelf("restore", "/nowhere").code == 66)
    let text = try home.file("text.sqlite", "no library at all, though long enough to be one\n")
    #expect(try home.shelf("restore", text).code == 65)
    // The pipe is held open, so that a shelf that would read from it waits for nobody.
    let pipe = home.url.path + "/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let held = open(pipe, O_RDWR)
    defer { close(held) }
    for place in [pipe, home.url.path] {
      let refused = try home.shelf("restore", place)
      #expect(refused.code == 65 && refused.notes.contains("no backup"), "\(refused.notes)")
    }
    #expect(try home.export() == after)
    let other = try Home()
    #expect(try other.shelf("restore", file).code == 0)
    #expect(try other.export() == before)
  }

  @Test("Where there are remotes, restore says that a sync brings back what came since")
  func restoreTellsWhatASyncBrings() throws {
    let home = try Sample.home()
    let file = home.url.path + "/copy.sqlite"
    #expect(try home.shelf("backup", file).code == 0)
    let alone = try home.shelf("restore", file)
    #expect(!alone.notes.contains("sync"), "\(alone.notes)")
    #expect(try home.shelf("remote", "add", "stick", home.url.path + "/shared").code == 0)
    _ = try home.shelf("add", "2510.00009", "--title", "Later")
    #expect(try home.shelf("sync").code == 0)
    let run = try home.shelf("restore", file)
    #expect(run.notes.contains("next sync brings back"), "\(run.notes)")
    #expect(run.notes.contains("shelf remote remove stick"), "\(run.notes)")
    #expect(try !home.shelf("list").out.contains("2510.00009"))
    #expect(try home.shelf("sync").code == 0)
    #expect(try home.shelf("list").out.contains("2510.00009"))
  }

  @Test func aDamagedLibrary() throws {
    let home = try Sample.home()
    let copy = home.url.path + "/copy.sqlite"
    _ = try home.shelf("backup", copy)
    let whole = try home.export()
    _ = try home.file("library.sqlite", String(repeating: "not a database ", count: 500))
    for words in [["list"], ["read", "all"], ["doctor"]] {
      let run = try home.run(words)
      #expect(run.code == 74, "\(words)")
      #expect((run.out + run.notes).contains("damaged"), "\(words)")
    }
    #expect(try home.shelf("restore", copy).code == 0)
    #expect(try home.export() == whole)
  }

  @Test func doctorMendsTablesFromTheLog() throws {
    let home = try Sample.home()
    let before = try home.export()
    try sqlite(home, "UPDATE paper SET status = 3, title = 'x' WHERE id = '2509.00001'")
    let run = try home.shelf("doctor")
    #expect(run.code == 74 && run.out.contains("the tables differ"))
    #expect(try home.shelf("doctor", "--fix").code == 0)
    #expect(try home.export() == before)
  }

  @Test func aNewerLibrary() throws {
    let home = try Sample.home()
    try sqlite(home, "PRAGMA user_version = 99")
    let run = try home.shelf("list")
    #expect(run.code == 78 && run.notes.contains("newer shelf"))
  }

  /// Python's own sqlite3, because the library is a plain SQLite file.
  private func sqlite(_ home: Home, _ sql: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute(sys.argv[2]); c.commit()",
      home.url.path + "/library.sqlite", sql,
    ]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }

  @Test func aLockedLibraryIsBusy() throws {
    let home = try Sample.home()
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = [
      "python3", "-c",
      """
      import sqlite3,sys
      c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute("BEGIN IMMEDIATE")
      print("held",flush=True); sys.stdin.read()
      """, home.url.path + "/library.sqlite",
    ]
    let (held, release) = (Pipe(), Pipe())
    holder.standardOutput = held
    holder.standardInput = release
    try holder.run()
    _ = held.fileHandleForReading.availableData
    #expect(try home.shelf("list").code == 0)
    #expect(try home.shelf("read", "all").code == 75)
    try release.fileHandleForWriting.close()
    holder.waitUntilExit()
    #expect(try home.shelf("read", "all").code == 0)
  }

  @Test(.enabled(if: getuid() == 0, "only root can mount a small disk"))
  func aFullDiskAndAReadOnlyHome() throws {
    let home = try Home()
    let disk = home.url.path + "/disk"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
    func command(_ words: String...) throws -> Int32 {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
      process.arguments = words
      process.standardError = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      return process.terminationStatus
    }
    guard try command("mount", "-t", "tmpfs", "-o", "size=1200k", "tmpfs", disk) == 0 else {
      return
    }
    defer { _ = try? command("umount", disk) }
    #expect(try home.shelf("add", "2501.00001", "--home", disk).code == 0)
    let note = String(repeating: "text ", count: 400_000)
    let full = try home.shelf("note", "add", "00001", "-F", "-", "--home", disk, input: note)
    #expect(full.code == 73, "\(full.notes)")
    #expect(full.notes.contains("no room"))
    #expect(try home.shelf("list", "--home", disk).out.hasPrefix("2501.00001"))
    #expect(try command("mount", "-o", "remount,ro", disk) == 0)
    #expect(try home.shelf("list", "--home", disk).out.hasPrefix("2501.00001"))
    let refused = try home.shelf("read", "all", "--home", disk)
    #expect(refused.code == 73 && refused.notes.contains("cannot be written"), "\(refused.notes)")
    #expect(try home.shelf("add", "2501.00001", "--home", disk + "/below").code == 73)
  }

  @Test func unknownVerbsAndTopics() throws {
    let home = try Home()
    let verb = try home.shelf("shwo", "x")
    #expect(verb.code == 64 && verb.notes.contains("did you mean `shelf show x`?"))
    #expect(try home.shelf("list", "--nonsense").code == 64)
    #expect(
      try home.shelf("mark", "raed", "all").notes.contains("did you mean `shelf mark read all`?"))
    #expect(try home.shelf("help", "filtres").notes.contains("shelf help filters"))
    #expect(try home.shelf("help", "nonsense").code == 64)
    #expect(try home.shelf("--version").out == "\(Version.text)\n")
    #expect(try home.shelf("--help").out.contains("Usage: shelf [VERB]"))
    #expect(try home.shelf("completion", "csh").code == 64)
  }

  @Test func helpSpeaksOfEveryFieldFormatAndCode() throws {
    let home = try Home()
    let filters = try home.shelf("help", "filters").out
    for word in ["unfinished", "keyword", "@view", "2w"] { #expect(filters.contains(word)) }
    let formats = try home.shelf("help", "formats").out
    for format in ExportFormat.standard { #expect(formats.contains(format.name)) }
    let codes = try home.shelf("help", "exit-codes").out
    for status in ExitStatus.allCases { #expect(codes.contains("  \(status.rawValue) ")) }
    let man = try home.shelf("help", "man").out
    for verb in CommandTree.verbs.map(CommandTree.name) where verb != "help" {
      #expect(man.contains("\\fB\(verb)"), "\(verb)")
      let help = try home.shelf("help", verb)
      #expect(help.code == 0)
      // The topic says how machines share a list, the flag what the verb takes.
      for flag in ["--help", "-h"] where verb != "sync" {
        #expect(try home.shelf(verb, flag).out == help.out, "\(verb)")
      }
    }
    for words in [["tag", "add"], ["sync", "repair"], ["remote", "add"]] {
      let help = try home.run(["help"] + words)
      #expect(help.out.contains("Usage: shelf \(words.joined(separator: " "))"))
      #expect(try home.run(words + ["--help"]).out == help.out)
    }
    for shell in ["bash", "zsh", "fish"] {
      #expect(try home.shelf("completion", shell).out.contains("__complete"))
    }
  }
}
