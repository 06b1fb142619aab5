import Foundation
import TestSupport
import Testing

/// Places where a library cannot live well: each gets the right words and exit code, and nothing is
/// lost or half written. Mounting needs root; without it the tests of mounts are skipped visibly.
@Suite(.serialized) struct HardPlacesTests {
  static let isRoot = geteuid() == 0

  private func prepared(_ workspace: Workspace) throws -> ShelfProcess {
    let shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    let digests = try SmallDigests(folder: workspace.url, days: 2, papersPerDay: 5)
    #expect(try shelf.run(["import"] + digests.files.map(\.path)).status == 0)
    return shelf
  }

  @Test(.enabled(if: isRoot)) func aReadOnlyHomeCanBeReadAndSaysWhyNotWritten() throws {
    let workspace = try Workspace()
    let home = try prepared(workspace).home
    let mount = workspace.url.appendingPathComponent("read-only")
    try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: true)
    try Shell.run(["mount", "--bind", home.path, mount.path])
    defer { _ = try? Shell.run(["umount", mount.path]) }
    try Shell.run(["mount", "-o", "remount,ro,bind", mount.path])
    let shelf = ShelfProcess(home: mount)
    #expect(try shelf.run("count", "all").output == "10\n")
    #expect(try shelf.run("search", "压缩", "--ids").output.split(separator: "\n").count == 10)
    let write = try shelf.run("read", "all")
    #expect(write.status == 73)
    #expect(write.errors.contains(mount.path), "\(write.errors)")
    #expect(try shelf.run("count", "is:unread").output == "10\n")
  }

  @Test(.enabled(if: isRoot)) func aFullDiskKeepsWhatIsThere() throws {
    let workspace = try Workspace()
    let mount = workspace.url.appendingPathComponent("tiny")
    try FileManager.default.createDirectory(at: mount, withIntermediateDirectories: true)
    try Shell.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount.path])
    defer { _ = try? Shell.run(["umount", mount.path]) }
    let shelf = ShelfProcess(home: mount.appendingPathComponent("home"))
    let digests = try SmallDigests(folder: workspace.url, days: 2, papersPerDay: 5)
    #expect(try shelf.run("import", digests.files[0].path).status == 0)
    let text = String(repeating: "一段很长的话。", count: 150_000)
    let note = try shelf.run("note", "add", digests.ids[0], "-F", "-", input: text)
    #expect(note.status == 73, "\(note.errors)")
    #expect(note.errors.contains("no room"), "\(note.errors)")
    #expect(try shelf.run("count", "all").output == "5\n")
    #expect(try shelf.run("count", "has:note").output == "0\n")
    let database = shelf.home.appendingPathComponent("library.sqlite").path
    #expect(try Shell.sqlite(database, "PRAGMA integrity_check") == "ok\n")
  }

  @Test func withoutLibcryptoNothingIsSentAndItIsSaidWhatToInstall() throws {
    let workspace = try Workspace()
    var shelf = try prepared(workspace)
    let folder = workspace.url.appendingPathComponent("remote")
    let broken = workspace.url.appendingPathComponent("broken")
    for place in [folder, broken] {
      try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    }
    try Data("no library".utf8).write(to: broken.appendingPathComponent("libcrypto.so.3"))
    #expect(try shelf.run("remote", "add", "home", folder.path).status == 0)
    shelf.variables["LD_LIBRARY_PATH"] = broken.path
    let sync = try shelf.run("sync")
    #expect(sync.status == 74)
    #expect(sync.errors.contains("libcrypto.so.3") && sync.errors.contains("libssl3"), "\(sync)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    #expect(try shelf.run("count", "all").output == "10\n", "what needs none works")
    shelf.variables["LD_LIBRARY_PATH"] = nil
    #expect(try shelf.run("sync").status == 0)
  }

  @Test func aBackupOfOneLetterInTheFolderOneIsIn() throws {
    let workspace = try Workspace()
    let shelf = try prepared(workspace)
    #expect(try shelf.run("backup", "b").status == 0)
    #expect(try shelf.run("restore", "b", "--yes").status == 0)
    let file = workspace.url.appendingPathComponent("b").path
    #expect(try Shell.sqlite(file, "SELECT count(*) FROM paper") == "10\n")
  }

  @Test func aDamagedFileIsSaidToBe() throws {
    let workspace = try Workspace()
    let shelf = try prepared(workspace)
    let file = shelf.home.appendingPathComponent("library.sqlite")
    var bytes = [UInt8](try Data(contentsOf: file))
    for place in stride(from: 16384 * 2 + 8, to: bytes.count, by: 7) { bytes[place] ^= 0x5A }
    try Data(bytes).write(to: file)
    for words in [["list"], ["search", "压缩"], ["read", "all"], ["doctor"]] {
      let outcome = try shelf.run(words)
      #expect(outcome.status == 74, "\(words): \(outcome.status) \(outcome.errors)")
    }
    try Data("not a library at all, but text".utf8).write(to: file)
    let outcome = try shelf.run("list")
    #expect(outcome.status == 74)
    #expect(outcome.errors.contains("shelf restore"), "\(outcome.errors)")
  }

  /// 4-byte Unicode, combining marks, right-to-left text, a megabyte, a thousand tags.
  @Test func largeAndStrangeTextsComeBackAsTheyWere() throws {
    let workspace = try Workspace()
    let shelf = try prepared(workspace)
    let texts = [
      "𝔘𝔫𝔦𝔠𝔬𝔡𝔢 👩‍👩‍👧‍👦 🇩🇪 e\u{301}\u{323} שלום עולם مرحبا \u{202E}x\u{202C} \u{1B}[31m",
      String(repeating: "注意力机制 attention 🧠\n", count: 32_000),
    ]
    for text in texts {
      let id = "2507.10000"
      #expect(try shelf.run("note", "add", id, "-F", "-", input: text).status == 0)
    }
    let tags = (0..<1000).map { "t\($0)" }.joined(separator: ",")
    #expect(try shelf.run("tag", "add", tags, "2507.10001").status == 0)
    let lines = try shelf.run("export", "jsonl", "all").output.split(separator: "\n")
    let objects = try lines.map {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
    }
    let noted = objects.first { $0["id"] as? String == "2507.10000" }
    let notes = (noted?["notes"] as? [[String: Any]] ?? []).compactMap { $0["text"] as? String }
    #expect(
      notes.map { $0.trimmingCharacters(in: .newlines) }
        == texts.map { $0.trimmingCharacters(in: .newlines) })
    let tagged = objects.first { $0["id"] as? String == "2507.10001" }
    #expect((tagged?["tags"] as? [String])?.count == 1000)
    let shown = try shelf.run("show", "2507.10000").output
    #expect(!shown.contains("\u{1B}") && !shown.contains("\u{202E}"))
    #expect(try shelf.run("search", "🧠", "注意力").status != 70)
    #expect(try shelf.run("doctor").status == 0)
  }

  @Test func anEmptyLibraryIsNoTrouble() throws {
    let workspace = try Workspace()
    let shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    for words in [["list"], ["stats"], [], ["log"], ["count"], ["tag", "list"], ["view", "list"]] {
      #expect(try shelf.run(words).status == 0, "\(words)")
    }
    #expect(try shelf.run("list", "--json").output == "[]\n")
    #expect(try shelf.run("undo").status == 1)
    #expect(try shelf.run("show", "2507.10000").status == 1)
  }
}
