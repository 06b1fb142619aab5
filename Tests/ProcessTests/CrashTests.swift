import Foundation
import TestSupport
import Testing

/// `kill -9` at random moments of imports and bulk edits: the file stays whole, what was
/// acknowledged is there, and a digest is in the library as a whole or not at all.
@Suite(.serialized) struct CrashTests {
  @Test func survivesBeingKilled() throws {
    let seed: UInt64 = 20_251_003
    var generator = SeededGenerator(seed: seed)
    let workspace = try Workspace(seed: seed)
    let shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    let digests = try SmallDigests(folder: workspace.url, days: 40, papersPerDay: 25)
    var acknowledged: [String: String] = [:]
    var killed = 0
    for round in 0..<200 {
      let isImport = round.isMultiple(of: 2)
      let words =
        isImport
        ? ["import"] + digests.files.map(\.path)
        : ["tag", "add", "round\(round)", "all"]
      // Whole commands take some 10 to 150 ms in a debug build; every moment of them has its turn.
      let delay = UInt32.random(in: 0...120_000, using: &generator)
      let status = try shelf.kill(words, afterMicroseconds: delay)
      if status == 128 + 9 {
        killed += 1
      } else if !isImport, status == 0 {
        acknowledged["round\(round)"] = "all"
      }
      try checkWholeDigests(shelf, digests, "seed \(seed), round \(round)")
      if !isImport {
        let id = digests.ids.randomElement(using: &generator) ?? ""
        let done = try shelf.run("note", "add", id, "-m", "round \(round)")
        if done.status == 0 { acknowledged["note \(round)"] = id }
      }
    }
    let database = shelf.home.appendingPathComponent("library.sqlite").path
    #expect(try Shell.sqlite(database, "PRAGMA integrity_check") == "ok\n")
    #expect(try shelf.run("doctor").status == 0)
    let notes = try shelf.run("note", "list", "all").output
    for (what, _) in acknowledged where what.hasPrefix("note ") {
      #expect(notes.contains("round \(what.dropFirst(5))"), "seed \(seed): \(what) is lost")
    }
    let tags = try shelf.run("tag", "list").output
    for (what, _) in acknowledged where what.hasPrefix("round") {
      #expect(tags.contains(what), "seed \(seed): \(what) is lost")
    }
    #expect(killed > 50, "seed \(seed): only \(killed) commands were killed on their way")
  }

  /// Every day of the digests has all of its papers or none, and every tag all papers or none.
  private func checkWholeDigests(
    _ shelf: ShelfProcess, _ digests: SmallDigests, _ what: Comment
  ) throws {
    let database = shelf.home.appendingPathComponent("library.sqlite").path
    guard FileManager.default.fileExists(atPath: database) else { return }
    let tables = try Shell.sqlite(
      database, "SELECT count(*) FROM sqlite_master WHERE name = 'paper'")
    guard tables == "1\n" else { return }
    let partial = try Shell.sqlite(
      database,
      """
      SELECT count(*) FROM (SELECT day FROM appearance GROUP BY day
        HAVING count(*) NOT IN (0, \(digests.papersPerDay)));
      """)
    #expect(partial == "0\n", what)
  }
}

/// Digests of papers that do not exist, in the main format.
struct SmallDigests {
  var files: [URL] = []
  var ids: [String] = []
  var papersPerDay: Int

  init(folder: URL, days: Int, papersPerDay: Int) throws {
    self.papersPerDay = papersPerDay
    for day in 0..<days {
      let date = "2025-\(day < 28 ? "07" : "08")-" + String(format: "%02d", day % 28 + 1)
      var text = "# Papers for \(date)\n\n"
      for index in 0..<papersPerDay {
        let id = "2507." + String(format: "%05d", 10_000 + day * papersPerDay + index)
        ids.append(id)
        text += "## \(index).[Study number \(ids.count)](https://arxiv.org/pdf/\(id))\n"
        text += "summary:**核心关键词**：缓存, 压缩  **一句话核心总结**：第 \(ids.count) 篇。  **主要成果**：快了一倍。\n\n"
      }
      let file = folder.appendingPathComponent("\(date).md")
      try text.write(to: file, atomically: true, encoding: .utf8)
      files.append(file)
    }
  }
}
