import Foundation
import TestSupport
import Testing

/// A library file that somebody else made: what it holds is as untrusted as a digest.
@Suite struct HostileLibraryTests {
  private func library(_ home: Home) -> String {
    home.url.appendingPathComponent("library.sqlite").path
  }

  private func backup(of home: Home) throws -> String {
    let file = home.url.appendingPathComponent("kept").path
    #expect(try home.shelf("backup", file).code == 0)
    return file
  }

  // MARK: The schema

  static let foreign = [
    "CREATE TRIGGER t AFTER INSERT ON change BEGIN DELETE FROM device; END",
    "CREATE TRIGGER t INSTEAD OF INSERT ON v BEGIN SELECT 1; END",
    "CREATE VIEW v AS SELECT 1", "CREATE TABLE other (x)",
    "CREATE VIRTUAL TABLE other USING fts5(x)", "CREATE INDEX other ON paper(title)",
    "DROP TABLE view; CREATE VIEW view AS SELECT 'a' AS name, 'all' AS filter",
    "ALTER TABLE paper ADD COLUMN other TEXT",
    "DROP TABLE machine; CREATE TABLE machine (device TEXT, name BLOB, retired INTEGER)",
    """
    DROP TABLE machine; CREATE TABLE machine
      (device TEXT PRIMARY KEY, name TEXT NOT NULL, retired INTEGER NOT NULL CHECK (retired < 9))
      WITHOUT ROWID
    """,
  ]

  /// No backup: nothing of the library changes.
  private func expectRefused(_ file: String, _ home: Home) throws {
    let before = try home.export()
    let restored = try home.shelf("restore", file, "--yes")
    #expect(restored.code == 65, "\(restored.notes)")
    #expect(restored.notes.contains("nothing was changed"), "\(restored.notes)")
    #expect(try home.export() == before)
  }

  @Test("What no library has in its schema makes it none", arguments: foreign)
  func foreignSchemas(_ sql: String) throws {
    let home = try Sample.home()
    let other = try Sample.home()
    let file = try backup(of: other)
    // A trigger of a view wants one.
    if sql.contains("INSTEAD") { try Shell.sqlite(file, "CREATE VIEW v AS SELECT 1") }
    try Shell.sqlite(file, sql)
    try expectRefused(file, home)
    // In the place of the library, too: the cheap part of it at every command, all of it by doctor.
    try FileManager.default.removeItem(atPath: library(other))
    try FileManager.default.moveItem(atPath: file, toPath: library(other))
    #expect(try other.shelf("doctor").code == 74)
    guard sql.contains("TRIGGER") || sql.contains("VIEW") || sql.contains("TABLE other") else {
      return
    }
    for words in [["list"], ["star", "all"], ["export", "json"], ["sync"]] {
      let run = try other.run(words)
      #expect(words == ["sync"] ? [74, 78].contains(run.code) : run.code == 74, "\(run.notes)")
    }
    #expect(try Shell.sqlite(library(other), "SELECT count(*) FROM device") == "1\n")
  }

  @Test("A backup with values of another type is none")
  func otherTypes() throws {
    let home = try Sample.home()
    let before = try home.export()
    for (table, column, value) in [
      ("change", "value", "x'ff'"), ("change", "ms", "'zz'"), ("paper", "title", "x'ff'"),
      ("paper", "added", "'zz'"), ("device", "id", "x'00'"), ("operation", "what", "x'ff'"),
    ] {
      let file = try backup(of: home)
      try Shell.sqlite(file, "UPDATE \(table) SET \(column) = \(value) WHERE rowid = 1")
      let restored = try home.shelf("restore", file, "--yes")
      #expect(restored.code == 65, "\(table).\(column) = \(value): \(restored.notes)")
      #expect(try home.export() == before)
      try FileManager.default.removeItem(atPath: file)
    }
  }

  @Test(
    "A backup in which machines have no ids, or the index no form, is none",
    arguments: [
      "UPDATE meta SET value = 'zz' WHERE name = 'device'",
      "DELETE FROM meta WHERE name = 'device'", "INSERT INTO device (id) VALUES ('zz')",
      "INSERT INTO device (id) VALUES ('00000000000000FF')",
      "UPDATE search_config SET v = 'x'", "DELETE FROM search_config",
    ])
  func spoiledBookkeeping(_ sql: String) throws {
    let home = try Sample.home()
    let file = try backup(of: home)
    try Shell.sqlite(file, sql)
    try expectRefused(file, home)
    #expect(try home.shelf("star", "all").code == 0)
    // In the place of the library, it is told as every other damage.
    try Shell.sqlite(library(home), sql)
    let doctor = try home.shelf("doctor")
    #expect(doctor.code == 74, "\(doctor.out)\(doctor.notes)")
    #expect(!doctor.out.contains("inside shelf itself"), "\(doctor.out)")
  }

  @Test("No value in any column makes a command trap")
  func noTrap() throws {
    let home = try Sample.home()
    #expect(try home.shelf("tag", "add", "kv", "all").code == 0)
    #expect(try home.shelf("note", "add", "2509.00001", "-m", "a note").code == 0)
    #expect(try home.shelf("view", "save", "v", "is:unread").code == 0)
    #expect(try home.shelf("undo").code == 0)
    try Shell.sqlite(library(home), "PRAGMA wal_checkpoint(TRUNCATE)")
    let original = try Data(contentsOf: URL(fileURLWithPath: library(home)))
    let columns = try Shell.sqlite(
      library(home),
      """
      SELECT m.name || '.' || c.name FROM sqlite_schema m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name NOT LIKE 'search%' AND m.name NOT LIKE 'sqlite%'
      """
    ).split(separator: "\n").map { $0.split(separator: ".").map(String.init) }
    #expect(columns.count > 60)
    for column in columns {
      for value in ["9223372036854775807", "-9223372036854775807 - 1", "x'ff00'"] {
        for suffix in ["-wal", "-shm"] {
          try? FileManager.default.removeItem(atPath: library(home) + suffix)
        }
        try original.write(to: URL(fileURLWithPath: library(home)))
        let sql = "UPDATE OR IGNORE \(column[0]) SET \(column[1]) = \(value)"
        guard (try? Shell.sqlite(library(home), sql)) != nil else { continue }
        for words in [
          ["list", "-l"], ["log"], ["export", "markdown"], ["undo"],
        ] {
          let run = try home.run(words)
          #expect(
            !(129...200).contains(run.code) && run.code != 4 && run.code != 5 && run.code != 11,
            "\(sql): \(words) \(run.code) \(run.notes.suffix(300))")
        }
      }
    }
  }

  // MARK: Ids

  /// A library whose first paper bears an id that no digest gives.
  private func home(id: String) throws -> Home {
    let home = try Sample.home()
    let quoted = id.unicodeScalars.map { "char(\($0.value))" }.joined(separator: " || ")
    try Shell.sqlite(library(home), "UPDATE paper SET id = \(quoted) WHERE id = '2509.00001'")
    return home
  }

  @Test(
    "Only web links are opened",
    arguments: ["url:--flag", "url:file:///etc/passwd", "url:javascript:alert(1)", "url:x", "url:"])
  func onlyWebLinksAreOpened(_ id: String) throws {
    let home = try home(id: id)
    let ran = home.url.appendingPathComponent("ran").path
    _ = try home.file("config.toml", "[open]\ncommand = \"touch '\(ran)' #\"\n")
    for words in [["open", "-"], ["open", "-", "--print"]] {
      let run = try home.run(words, input: id)
      #expect(run.code == 65, "\(run.code) \(run.notes)")
      #expect(run.out.isEmpty && run.notes.contains("web"), "\(run.notes)")
      #expect(!FileManager.default.fileExists(atPath: ran))
    }
    #expect(try home.shelf("open", "2509.00002").code == 0)
    #expect(FileManager.default.fileExists(atPath: ran))
  }

  @Test("Ids are one a line, and one a NUL, whatever they hold")
  func idsAreOneALine() throws {
    for sign in ["\n", "\r", "\u{0}", " ", "\t", "\u{7F}"] {
      let home = try home(id: "url:https://x/\(sign)2510.99999")
      let lines = try home.shelf("list", "--ids", "--all").out
      #expect(lines.split(separator: "\n", omittingEmptySubsequences: false).count == 4)
      #expect(lines.split { $0.isWhitespace || $0 == "\0" }.count == 3, "\(lines.debugDescription)")
      let ended = try home.shelf("list", "-0", "--all").out
      #expect(ended.split(separator: "\0").count == 3)
      #expect(try home.shelf("export", "ids").out == lines)
    }
  }

  // MARK: Folders of this machine

  @Test("A folder that became a link is not filled; where our files are, it is used")
  func aFolderThatBecameALink() throws {
    let home = try Sample.home()
    let folder = home.url.appendingPathComponent("shared").path
    let other = home.url.appendingPathComponent("other").path
    #expect(try home.shelf("remote", "add", "stick", folder).code == 0)
    #expect(try home.shelf("sync").code == 0)
    try FileManager.default.moveItem(atPath: folder, toPath: folder + "-moved")
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: false)
    try FileManager.default.createSymbolicLink(atPath: folder, withDestinationPath: other)
    for words in [["sync"], ["sync", "repair"]] {
      let run = try home.run(words)
      #expect(run.code == 77 && run.notes.contains("link"), "\(run.code) \(run.notes)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: other) == [])
    }
    try FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder, withDestinationPath: folder + "-moved")
    #expect(try home.shelf("star", "all").code == 0)
    #expect(try home.shelf("sync").code == 0)
  }

  @Test("What is advised where the first file is damaged and as long as it was mends it")
  func aDamagedFirstFile() throws {
    let (one, two) = (try Sample.home(), try Sample.home())
    let folder = one.url.appendingPathComponent("shared").path
    #expect(try one.shelf("remote", "add", "stick", folder).code == 0)
    #expect(try one.shelf("sync").code == 0)
    let file = URL(fileURLWithPath: folder + "/papershelf")
    var bytes = Array(try Data(contentsOf: file))
    bytes[bytes.count / 2] = 1
    try Data(bytes).write(to: file)
    #expect(try two.shelf("remote", "add", "stick", folder, "--no-test").code == 0)
    let run = try two.shelf("sync")
    #expect(run.code == 74, "\(run.code) \(run.notes)")
    #expect(run.notes.contains("`shelf sync repair` on a machine that shares"), "\(run.notes)")
    _ = try one.shelf("sync", "repair")
    let after = try two.shelf("sync")
    #expect(after.code == 0, "\(after.code) \(after.notes)")
  }

  @Test("A folder on another file system is not filled", .enabled(if: geteuid() == 0))
  func aFolderOnAnotherFileSystem() throws {
    let home = try Sample.home()
    let folder = home.url.appendingPathComponent("shared").path
    #expect(try home.shelf("remote", "add", "stick", folder).code == 0)
    #expect(try home.shelf("sync").code == 0)
    try Shell.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder])
    var isMounted = true
    defer { if isMounted { _ = try? Shell.run(["umount", folder]) } }
    let run = try home.shelf("sync")
    #expect(run.code == 77 && run.notes.contains("file system"), "\(run.code) \(run.notes)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    try Shell.run(["umount", folder])
    isMounted = false
    #expect(try home.shelf("sync").code == 0)
    // Wiped in its place, it is filled again.
    for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
      try FileManager.default.removeItem(atPath: folder + "/" + name)
    }
    #expect(try home.shelf("sync").code == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).contains("papershelf"))
  }
}
