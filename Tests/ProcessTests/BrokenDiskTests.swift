import Foundation
import TestSupport
import Testing

/// A disk that refuses one call: each call of a command in turn (Tests/PowerLoss/recorder.c). The
/// command says so, and what was there before is there still.
@Suite struct BrokenDiskTests {
  /// A file that is replaced as a whole is flushed before it takes its name, and its name after
  /// that.
  @Test func aReplacedFileIsFlushedThenRenamedThenItsFolderFlushed() throws {
    let life = try RecordedLife()
    let file = life.disk + "/out.jsonl"
    let shelf = try filled(life)
    let outcome = try recorded(shelf, life, ["export", "jsonl", "-o", file])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let steps = try life.events().map { event -> String in
      switch event.event {
      case .create(_, let path, _): path.hasPrefix(file + ".") ? "create" : "create \(path)"
      case .write: "write"
      case .flush: "flush"
      case .rename(let old, let new): old.hasPrefix(file + ".") && new == file ? "rename" : "?"
      case .flushFolder(let path): path == life.disk ? "flush folder" : "flush \(path)"
      default: "\(event.event)"
      }
    }
    #expect(steps.filter { $0 != "write" } == ["create", "flush", "rename", "flush folder"])
    #expect(steps.last { $0 == "write" } != nil)
    #expect(steps.firstIndex(of: "flush") == steps.lastIndex(of: "write").map { $0 + 1 })
  }

  /// A call that fails leaves the file that was there as it was, and nothing beside it.
  @Test func aFailureLeavesTheOldFileWhole() throws {
    let life = try RecordedLife()
    let file = life.disk + "/out.jsonl"
    let shelf = try filled(life)
    let old = Data("what was there\n".utf8)
    var failed: [Int32] = []
    for call in 1...40 {
      try old.write(to: URL(fileURLWithPath: file))
      let outcome = try recorded(shelf, life, ["export", "jsonl", "-o", file], failing: call)
      let names = try FileManager.default.contentsOfDirectory(atPath: life.disk)
      #expect(names == ["out.jsonl"], "call \(call) left \(names)")
      let now = try Data(contentsOf: URL(fileURLWithPath: file))
      if outcome.status == 0 {
        #expect(now.count > 1000 && now.last == 0x0A, "call \(call): said to be done")
        // Its last call flushes the folder: a file system that cannot is no reason to fail.
        if try !isReached(life, call) { break }
      } else {
        #expect(now == old, "call \(call): \(outcome.errors)")
        failed.append(outcome.status)
      }
    }
    // Made, written, flushed, renamed.
    #expect(failed.count >= 4 && failed.allSatisfy { $0 == 73 || $0 == 74 }, "\(failed)")
  }

  /// An edit that a failing call meets is done and acknowledged, or is not done and said so; the
  /// library is whole after either.
  @Test(arguments: [["tag", "add", "broken", "all"], ["backup", "kept", "--replace"]])
  func anEditIsDoneOrRefused(_ words: [String]) throws {
    let life = try RecordedLife()
    // Its standard output and error are files beside the home: only the home is on the broken disk.
    let shelf = try filled(life, under: life.disk)
    let database = shelf.home.path + "/library.sqlite"
    var words = words
    if words[0] == "backup" { words[1] = shelf.home.path + "/kept" }
    #expect(try shelf.run(words).status == 0)
    let before = try shelf.run("export", "jsonl").output
    var refused = 0
    for call in 1...200 {
      if words[0] == "tag" { #expect(try shelf.run("undo").status == 0) }
      let outcome = try recorded(shelf, life, words, failing: call, of: shelf.home.path)
      if outcome.status != 0 {
        refused += 1
        #expect([73, 74].contains(outcome.status), "call \(call): \(outcome)")
      }
      let tagged = try shelf.run("count", "+broken").output
      if words[0] == "tag" {
        #expect(tagged == (outcome.status == 0 ? "12\n" : "0\n"), "call \(call): \(outcome)")
        if outcome.status != 0 { #expect(try shelf.run(words).status == 0) }
      } else {
        #expect(try Shell.sqlite(words[1], "PRAGMA integrity_check") == "ok\n", "call \(call)")
      }
      #expect(try Shell.sqlite(database, "PRAGMA integrity_check") == "ok\n", "call \(call)")
      if outcome.status == 0, try !isReached(life, call) { break }
      #expect(call < 200, "there is no end of calls")
    }
    #expect(refused >= 3, "hardly anything failed")
    #expect(try shelf.run("doctor").status == 0)
    if words[0] == "backup" { #expect(try shelf.run("export", "jsonl").output == before) }
  }

  /// A home with twelve papers: beside the recorded folder, or in it.
  private func filled(_ life: RecordedLife, under folder: String? = nil) throws -> ShelfProcess {
    let beside = URL(fileURLWithPath: life.disk).deletingLastPathComponent()
    let home = URL(fileURLWithPath: folder ?? beside.path).appendingPathComponent("home")
    let digests = try SmallDigests(folder: beside, days: 1, papersPerDay: 12)
    let shelf = ShelfProcess(home: home)
    #expect(try shelf.run("import", digests.files[0].path).status == 0)
    return shelf
  }

  private func recorded(
    _ shelf: ShelfProcess, _ life: RecordedLife, _ words: [String], failing call: Int? = nil,
    of root: String? = nil
  ) throws -> ShelfProcess.Outcome {
    var shelf = shelf
    shelf.variables = life.recording
    if let root { shelf.variables["PAPERSHELF_RECORD_ROOT"] = root }
    if let call { shelf.variables["PAPERSHELF_FAIL_AT"] = "\(call)" }
    try life.forget()
    return try shelf.run(words)
  }

  /// Whether the last command made so many calls as to meet the one that was to fail.
  private func isReached(_ life: RecordedLife, _ call: Int) throws -> Bool {
    let counted = try life.events().count { event in
      switch event.event {
      case .create, .write, .resize, .flush, .flushFolder, .rename: true
      default: false
      }
    }
    // The failing one is not in the record.
    return counted + 1 >= call
  }
}
