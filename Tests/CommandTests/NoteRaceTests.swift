import Foundation
import TestSupport
import Testing

/// What becomes of a note while an editor is open on it: nobody's words vanish, and what happened
/// is said.
@Suite struct NoteRaceTests {
  /// A home with a note of three paragraphs on 00001.
  private struct Noted {
    let home: Home
    let id: String
    static let text = "one\n\ntwo\n\nthree"

    init(_ home: Home) throws {
      self.home = home
      _ = try home.shelf("note", "add", "00001", "-m", Self.text)
      id = try #require(try home.shelf("note", "list", "--json").array.first?["id"] as? String)
    }

    init() throws { try self.init(Sample.home()) }

    var texts: [String] {
      get throws {
        try home.shelf("note", "list", "--json").array.compactMap { $0["text"] as? String }
      }
    }

    /// Edits the note with a script for an editor, in which `$BIN` is `shelf` in another terminal.
    func edit(_ script: String, takes: String = "0.02") throws -> Terminal.Run {
      let path = try home.file("editor.sh", "#!/bin/sh\nsleep \(takes)\n\(script)\n")
      try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
      return try Terminal().shelf(
        home, ["note", "edit", id], variables: ["EDITOR": path, "BIN": ShelfProcess.binary.path])
    }

    /// A line of the script that another terminal runs.
    func elsewhere(_ words: String) -> String { "\"$BIN\" \(words) </dev/null >/dev/null 2>&1" }

    func changing(_ line: String, to other: String) -> String {
      "sed 's/^\(line)$/\(other)/' \"$1\" > \"$1.new\"; cat \"$1.new\" > \"$1\"; rm \"$1.new\""
    }

    var drafts: [String] {
      let folder = home.url.path + "/state/drafts"
      return (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    }
  }

  @Test func anotherTerminalsEditOfTheSameLineIsKept() throws {
    let noted = try Noted()
    let run = try noted.edit(
      noted.elsewhere("note edit \(noted.id) -m 'one\n\ntheirs\n\nthree'")
        + "\n" + noted.changing("two", to: "mine"))
    #expect(run.code == 0, "\(run.screen)")
    let text = try #require(try noted.texts.first)
    for line in ["one", "theirs", "mine", "three", "<<<<<<< one machine", "======="] {
      #expect(text.split(separator: "\n").contains(Substring(line)), "\(line): \(text)")
    }
    #expect(run.screen.contains("in the same lines"), "\(run.screen)")
    #expect(run.screen.contains("shelf note edit \(noted.id)"), "\(run.screen)")
    let conflicts = try noted.home.shelf("conflicts", "--json").array
    #expect(conflicts.count == 1 && conflicts.first?["field"] as? String == "note:\(noted.id)")
    #expect(noted.drafts.isEmpty)
    // Mended, it is no conflict any more.
    _ = try noted.home.shelf("note", "edit", noted.id, "-m", "settled")
    #expect(try noted.home.shelf("conflicts", "--json").array.isEmpty)
  }

  /// What was merged can be taken back as it was printed; the other's edit stays.
  @Test func anUndoTakesOnlyMineBack() throws {
    let noted = try Noted()
    _ = try noted.edit(
      noted.elsewhere("note edit \(noted.id) -m 'one\n\ntheirs\n\nthree'")
        + "\n" + noted.changing("two", to: "mine"))
    #expect(try noted.home.shelf("conflicts", "--json").array.count == 1)
    let undo = try noted.home.shelf("undo")
    #expect(!undo.notes.contains("left alone"), "\(undo.notes)")
    #expect(try noted.texts == ["one\n\ntheirs\n\nthree"])
    #expect(try noted.home.shelf("conflicts", "--json").array.isEmpty)
    _ = try noted.home.shelf("redo")
    let both = try #require(try noted.texts.first)
    #expect(both.contains("mine") && both.contains("theirs"), "\(both)")
    _ = try noted.home.shelf("undo", "2")
    #expect(try noted.texts == [Noted.text])
  }

  @Test func otherLinesAreMergedWithoutMarks() throws {
    let noted = try Noted()
    let run = try noted.edit(
      noted.elsewhere("note edit \(noted.id) -m 'theirs\n\ntwo\n\nthree'")
        + "\n" + noted.changing("three", to: "mine"))
    #expect(run.code == 0, "\(run.screen)")
    #expect(try noted.texts == ["theirs\n\ntwo\n\nmine"])
    #expect(run.screen.contains("in other lines; both changes are in it"), "\(run.screen)")
    #expect(try noted.home.shelf("conflicts", "--json").array.isEmpty)
  }

  @Test func anEditBeatsARemoval() throws {
    let noted = try Noted()
    let run = try noted.edit(
      noted.elsewhere("note remove \(noted.id)") + "\n" + noted.changing("two", to: "mine"))
    #expect(run.code == 0, "\(run.screen)")
    #expect(try noted.texts == ["one\n\nmine\n\nthree"])
    #expect(run.screen.contains("the note had been removed meanwhile"), "\(run.screen)")
    #expect(noted.drafts.isEmpty)
  }

  @Test func nothingTypedWritesNothing() throws {
    let noted = try Noted()
    let before = try noted.home.shelf("log").lines.count
    let run = try noted.edit(
      noted.elsewhere("note edit \(noted.id) -m theirs"), takes: "1.6")
    #expect(run.code == 0 && run.screen.contains("nothing to change"), "\(run.screen)")
    #expect(try noted.texts == ["theirs"])
    #expect(try noted.home.shelf("log").lines.count == before + 1)
    // Not even a touched file that holds what it held.
    _ = try noted.edit("touch \"$1\"")
    #expect(try noted.texts == ["theirs"])
    #expect(noted.drafts.isEmpty)
  }

  @Test func aDraftIsStoredAgainstWhatItWasBegunWith() throws {
    let noted = try Noted()
    #expect(try noted.edit(noted.changing("two", to: "mine") + "\nexit 3").code == 74)
    #expect(try noted.texts == [Noted.text])
    _ = try noted.home.shelf("note", "edit", noted.id, "-m", "theirs\n\ntwo\n\nthree")
    let run = try noted.edit("touch \"$1\"")
    #expect(run.code == 0, "\(run.screen)")
    #expect(try noted.texts == ["theirs\n\nmine\n\nthree"])
    #expect(run.screen.contains("both changes are in it"), "\(run.screen)")
    #expect(noted.drafts.isEmpty)
  }

  @Test func aDraftOverlapsWhatCameSince() throws {
    let noted = try Noted()
    #expect(try noted.edit(noted.changing("two", to: "mine") + "\nexit 3").code == 74)
    _ = try noted.home.shelf("note", "edit", noted.id, "-m", "one\n\ntheirs\n\nthree")
    let run = try noted.edit("touch \"$1\"")
    #expect(run.code == 0, "\(run.screen)")
    let text = try #require(try noted.texts.first)
    #expect(text.contains("theirs") && text.contains("mine"), "\(text)")
    #expect(try noted.home.shelf("conflicts", "--json").array.count == 1)
  }

  @Test(arguments: [("two", true), ("three", false)])
  func aSyncWhileTheEditorIsOpen(line: String, overlaps: Bool) throws {
    let pair = try Pair()
    let noted = try Noted(pair.one)
    try pair.meet()
    _ = try pair.two.shelf("note", "edit", noted.id, "-m", "one\n\ntheirs\n\nthree")
    #expect(try pair.two.shelf("sync").code == 0)
    let run = try noted.edit(noted.elsewhere("sync") + "\n" + noted.changing(line, to: "mine"))
    #expect(run.code == 0, "\(run.screen)")
    try pair.meet()
    for home in [pair.one, pair.two] {
      let text = try #require(
        try home.shelf("note", "list", "--json").array.first?["text"] as? String)
      #expect(text.contains("theirs") && text.contains("mine"), "\(text)")
      #expect(text.contains("<<<<<<<") == overlaps, "\(text)")
      #expect(try home.shelf("conflicts", "--json").array.count == (overlaps ? 1 : 0))
    }
    #expect(try pair.one.export() == pair.two.export())
    #expect(
      run.screen.contains(overlaps ? "in the same lines" : "in other lines"), "\(run.screen)")
  }
}

/// Two homes that sync over a folder, which both have read ``Sample/day``.
final class Pair {
  let one: Home
  let two: Home
  let folder: Home

  init() throws {
    one = try Sample.home()
    two = try Home()
    folder = try Home()
    for home in [one, two] {
      let run = try home.shelf("remote", "add", "folder", folder.url.path)
      #expect(run.code == 0, "\(run.notes)")
    }
    try meet()
  }

  /// Syncs until both know the same.
  func meet() throws {
    for home in [one, two, one] {
      let run = try home.shelf("sync")
      #expect(run.code == 0 || run.code == 3, "\(run.notes)")
    }
  }
}
