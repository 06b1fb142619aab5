import Foundation
import TestSupport
import Testing

@testable import shelf

/// What a person types is in the library, or in a file that the message names and the next edit
/// offers.
@Suite struct DraftTests {
  /// An editor that does as a person would: adds a line in front, and takes its time.
  private func editor(_ home: Home, _ script: String) throws -> String {
    let path = try home.file("editor.sh", "#!/bin/sh\nsleep 0.02\n\(script)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    return path
  }

  private func typing(_ text: String) -> String {
    "{ printf '%s\\n' '\(text)'; cat \"$1\"; } > \"$1.new\" && cat \"$1.new\" > \"$1\"; rm \"$1.new\""
  }

  private func drafts(_ home: Home) throws -> [String] {
    let folder = home.url.path + "/state/drafts"
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".md") || $0.hasSuffix(".toml") }.sorted()
      .map { folder + "/" + $0 }
  }

  private func notes(_ home: Home) throws -> [String] {
    try home.shelf("note", "list", "--json").array.compactMap { $0["text"] as? String }
  }

  private func add(_ home: Home, _ script: String) throws -> Terminal.Run {
    try Terminal().shelf(
      home, ["note", "add", "00001"], variables: ["EDITOR": try editor(home, script)])
  }

  @Test func theEditorsTextIsStoredWithoutWhatTellsThePaper() throws {
    let home = try Sample.home()
    let shown = home.url.path + "/shown"
    let run = try add(home, "cp \"$1\" '\(shown)'\n" + typing("# mine stays\nthought"))
    #expect(run.code == 0, "\(run.screen)")
    #expect(try notes(home) == ["# mine stays\nthought"])
    let buffer = try String(contentsOfFile: shown, encoding: .utf8)
    #expect(buffer.contains("# Caches That Remember\n# 缓存可以更小。\n"), "\(buffer)")
    #expect(buffer.contains("nothing is kept"))
    #expect(try drafts(home).isEmpty)
  }

  @Test(arguments: [
    ("exit 3", 74), ("printf '\\377\\376' >> \"$1\"", 65),
    ("shelf=$(printenv BIN); SHELF_HOME=$SHELF_HOME \"$shelf\" undo >/dev/null 2>&1", 1),
    ("head -c 17000000 /dev/zero | tr '\\0' x >> \"$1\"", 65),
  ])
  func whatCannotBeStoredIsKeptAndOffered(then: String, code: Int32) throws {
    let home = try Sample.home()
    let editor = try editor(home, typing("a thought") + "\n" + then)
    let run = try Terminal().shelf(
      home, ["note", "add", "00001"],
      variables: ["EDITOR": editor, "BIN": ShelfProcess.binary.path])
    #expect(run.code == code, "\(run.screen)")
    let kept = try #require(try drafts(home).first, "\(run.screen)")
    #expect(run.screen.contains(kept), "\(run.screen)")
    #expect(
      try String(decoding: Data(contentsOf: URL(fileURLWithPath: kept)), as: UTF8.self)
        .contains("a thought"))
    let mode = try FileManager.default.attributesOfItem(atPath: kept)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try notes(home).isEmpty)
    // Without a terminal it is only told of.
    _ = try home.shelf("redo")
    let pipe = try home.shelf("note", "add", "00001")
    #expect(pipe.code == 64 && pipe.notes.contains(kept), "\(pipe.notes)")
    guard then == "exit 3" else { return }
    let again = try add(home, typing("and another"))
    #expect(again.code == 0 && again.screen.contains(kept), "\(again.screen)")
    #expect(try notes(home) == ["and another\na thought"])
    #expect(try drafts(home).isEmpty)
  }

  @Test func aBusyLibraryKeepsTheText() throws {
    let home = try Sample.home()
    let shelf = ShelfProcess(home: home.url)
    _ = shelf
    // The tables are not where they should be: nothing can be written.
    let database = home.url.path + "/library.sqlite"
    let run = try add(
      home,
      typing("a thought")
        + "\nsqlite3 '\(database)' 'CREATE TRIGGER stop BEFORE INSERT ON change BEGIN SELECT RAISE(FAIL, stopped); END' >/dev/null"
    )
    #expect(run.code != 0)
    let kept = try #require(try drafts(home).first, "\(run.screen)")
    #expect(run.screen.contains(kept), "\(run.screen)")
  }

  @Test func anEditorThatDoesNotWaitIsTold() throws {
    let home = try Sample.home()
    let run = try Terminal().shelf(
      home, ["note", "add", "00001"], variables: ["EDITOR": "true"])
    #expect(run.code == 74, "\(run.screen)")
    #expect(run.screen.contains("does it need --wait?"), "\(run.screen)")
    let kept = try #require(try drafts(home).first)
    #expect(run.screen.contains(kept))
    // It is saved there after all, by the window that is still open.
    let text = try String(contentsOfFile: kept, encoding: .utf8)
    try ("late thought\n" + text).write(toFile: kept, atomically: false, encoding: .utf8)
    let again = try add(home, "sleep 2")
    #expect(again.code == 0 && again.screen.contains(kept), "\(again.screen)")
    #expect(try notes(home) == ["late thought"])
  }

  @Test func nothingTypedLeavesNothing() throws {
    let home = try Sample.home()
    let run = try add(home, "sleep 2")
    #expect(run.code == 64, "\(run.screen)")
    let failed = try add(home, "exit 1")
    #expect(failed.code == 74, "\(failed.screen)")
    #expect(try drafts(home).isEmpty)
  }

  @Test func aNoteIsEditedLikeIt() throws {
    let home = try Sample.home()
    _ = try home.shelf("note", "add", "00001", "-m", "first")
    let id = try #require(try home.shelf("note", "list", "--json").array.first?["id"] as? String)
    func edit(_ script: String) throws -> Terminal.Run {
      try Terminal().shelf(
        home, ["note", "edit", id], variables: ["EDITOR": try editor(home, script)])
    }
    let failed = try edit(typing("more") + "\nexit 3")
    #expect(failed.code == 74)
    #expect(try notes(home) == ["first"])
    #expect(try edit("touch \"$1\"").code == 0)
    #expect(try notes(home) == ["more\nfirst"])
    #expect(try edit(typing("lost?") + "\nexit 3").code == 74)
    let kept = try #require(try drafts(home).first)
    _ = try home.shelf("note", "remove", id)
    let removed = try home.shelf("note", "edit", id)
    #expect(removed.code == 1 && removed.notes.contains(kept), "\(removed.notes)")
  }

  @Test func aPipeThatCannotBeStoredIsKept() throws {
    let home = try Sample.home()
    _ = try Shell.sqlite(
      home.url.path + "/library.sqlite",
      "ALTER TABLE change RENAME COLUMN seen TO gone")
    let run = try home.shelf("note", "add", "00001", "-F", "-", input: "from a pipe\n")
    #expect(run.code != 0)
    let kept = try #require(try drafts(home).first, "\(run.notes)")
    #expect(run.notes.contains(kept))
    #expect(try String(contentsOfFile: kept, encoding: .utf8) == "from a pipe\n")
  }

  // MARK: config.toml

  private func config(_ home: Home) -> String {
    (try? String(contentsOfFile: home.url.path + "/config.toml", encoding: .utf8)) ?? ""
  }

  @Test func aBrokenConfigurationIsKeptBesideTheOneThatWorks() throws {
    let home = try Sample.home()
    _ = try home.file("config.toml", "list.limit = 3\n")
    let broken = try editor(home, "echo 'list.limt = 4' >> \"$1\"")
    let run = try home.shelf("config", "edit", variables: ["EDITOR": broken])
    #expect(run.code == 78)
    let kept = try #require(try drafts(home).first, "\(run.notes)")
    #expect(run.notes.contains(kept) && run.notes.contains("list.limit"), "\(run.notes)")
    #expect(config(home) == "list.limit = 3\n")
    #expect(try home.shelf("list").code == 0)
  }

  @Test func aPersonMayEditAgainKeepOrDiscard() throws {
    let home = try Sample.home()
    let script =
      "n=$(wc -l < \"$1\"); [ $n -gt 2 ] && sed -i /limt/d \"$1\" || echo 'list.limt = 4' >> \"$1\""
    for (answer, code, left) in [("x\ne\n", 0, 0), ("k\n", 78, 1), ("d\n", 0, 1)] {
      _ = try home.file("config.toml", "list.limit = 3\n# kept\n")
      let run = try Terminal().shelf(
        home, ["config", "edit"], typed: answer,
        variables: ["EDITOR": try editor(home, script)])
      #expect(run.code == code, "\(answer): \(run.screen)")
      #expect(config(home) == "list.limit = 3\n# kept\n")
      #expect(try drafts(home).count == left, "\(answer): \(run.screen)")
    }
  }

  @Test func twoEditsAtOnceKeepBoth() throws {
    let home = try Sample.home()
    _ = try home.file("config.toml", "list.limit = 3\n")
    let editor = try editor(
      home,
      "echo 'list.sort = \"id\"' >> \"$1\"; echo 'list.limit = 9' > \"$SHELF_HOME/config.toml\"")
    let run = try home.shelf("config", "edit", variables: ["EDITOR": editor])
    #expect(run.code == 75, "\(run.notes)")
    #expect(config(home) == "list.limit = 9\n")
    let kept = try #require(try drafts(home).first)
    #expect(run.notes.contains(kept))
    #expect(try String(contentsOfFile: kept, encoding: .utf8).contains("list.sort"))
  }

  @Test func aLinkedConfigurationStaysALink() throws {
    let home = try Sample.home()
    let real = try home.file("dotfiles/config.toml", "list.limit = 3\n")
    try FileManager.default.createSymbolicLink(
      atPath: home.url.path + "/config.toml", withDestinationPath: real)
    let editor = try editor(home, "echo 'list.sort = \"id\"' >> \"$1\"")
    #expect(try home.shelf("config", "edit", variables: ["EDITOR": editor]).code == 0)
    #expect(try String(contentsOfFile: real, encoding: .utf8).contains("list.sort"))
    #expect(
      try FileManager.default.destinationOfSymbolicLink(
        atPath: home.url.path + "/config.toml") == real)
  }

  // MARK: The buffer

  @Test(arguments: [
    ("a\n\nBLOCK", "a"), ("BLOCK\nbelow", "below"), ("# a\n# b\nBLOCK", "# a\n# b"),
    ("a\nMARK\n# Title\ntyped inside\n# TL;DR\nMARK", "a\ntyped inside"),
    ("a\nMARK\n# Title\n# Title\n# TL;DR\nMARK", "a\n# Title"),
    ("a\nMARK\n# Title\n# TL;DR\nMAR", "a\nMARK\n# Title\n# TL;DR\nMAR"),
    ("a\r\n\r\nBLOCK\r\n", "a"), ("MARK\nmine\nMARK\n\nBLOCK", "MARK\nmine\nMARK"),
  ])
  func onlyOurOwnLinesAreTakenOut(buffer: String, kept: String) {
    let ours = NoteBuffer(about: ["Title", "TL;DR"])
    let block = "\(NoteBuffer.mark)\n# Title\n# TL;DR\n\(NoteBuffer.mark)"
    func filled(_ text: String) -> String {
      text.replacing("BLOCK", with: block).replacing("MARK", with: NoteBuffer.mark)
    }
    #expect(NoteEditing.trimmed(ours.kept(of: filled(buffer))) == filled(kept))
    #expect(NoteEditing.trimmed(ours.kept(of: ours.text("a\n# b"))) == "a\n# b")
  }
}
