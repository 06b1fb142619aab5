import Foundation
import TestSupport
import Testing

/// What a sync holds, whatever comes: by the processes that people start.
@Suite struct PeakTests {
  private static let bound = 100_000

  /// Runs a command, which may leave a conflict or pass something over, and tells what it held at most, in kilobytes.
  private func peak(_ home: String, _ words: String...) throws -> Int {
    let measuring = """
      import resource, subprocess, sys
      ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
      if ended.returncode not in (0, 2, 3): sys.exit(ended.stderr.decode())
      print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
      """
    let output = try Shell.run(
      ["SHELF_HOME=\(home)", "python3", "-c", measuring, ShelfProcess.binary.path] + words)
    return try #require(Int(output.trimmingCharacters(in: .whitespacesAndNewlines)))
  }

  /// Somebody with the key writes many long notes on one paper, and two write on in one at the same
  /// time: what compresses well is little to send.
  @Test func manyLongNotesAreNotHeldAtOnce() throws {
    let folder = try TemporaryFolder()
    let text = folder.path + "/text"
    let line = String(repeating: "word ", count: 20) + "\n"
    func write(_ first: String, _ bytes: Int) throws {
      let lines = first + "\n" + String(repeating: line, count: bytes / line.utf8.count)
      try Data(lines.utf8).write(to: URL(fileURLWithPath: text))
    }
    let (liar, other, person) = (folder.path + "/a", folder.path + "/b", folder.path + "/c")
    let remote = folder.path + "/remote"
    try FileManager.default.createDirectory(atPath: remote, withIntermediateDirectories: false)
    for home in [liar, other, person] {
      let shelf = ShelfProcess(home: URL(fileURLWithPath: home))
      #expect(try shelf.run("remote", "add", "home", remote).status == 0)
    }
    let shelf = ShelfProcess(home: URL(fileURLWithPath: liar))
    #expect(try shelf.run("add", "2501.00001").status == 0)
    var id = ""
    for index in 0..<6 {
      try write("note \(index)", 14_000_000)
      let outcome = try shelf.run("note", "add", "2501.00001", "-F", text)
      let told = try #require((outcome.output + outcome.errors).firstMatch(of: /\(note (\w+)\)/))
      id = String(told.output.1)
    }
    #expect(try peak(liar, "sync") < Self.bound)
    #expect(try peak(other, "sync") < Self.bound)
    for (home, word) in [(liar, "one"), (other, "two")] {
      try write(word, 14_000_000)
      let shelf = ShelfProcess(home: URL(fileURLWithPath: home))
      #expect(try shelf.run("note", "edit", id, "-F", text).status == 0)
      #expect(try peak(home, "sync") < Self.bound)
    }
    #expect(try peak(person, "sync") < Self.bound)
    #expect(try peak(person, "sync", "verify") < Self.bound)
    #expect(try peak(person, "sync", "repair") < Self.bound)
    #expect(try peak(person, "star", "2501.00001") < Self.bound)
    let held = ShelfProcess(home: URL(fileURLWithPath: person))
    #expect(try held.run("conflicts").output.contains(id))
  }

  /// Somebody with the key says things of one paper without end: small changes, changes that have
  /// seen much, versions of a note that nobody has seen.
  @Test func aPaperThatMuchIsSaidOfIsNotHeldAtOnce() throws {
    let folder = try TemporaryFolder()
    let remote = folder.path + "/remote"
    try FileManager.default.createDirectory(atPath: remote, withIntermediateDirectories: false)
    let (liar, person) = (folder.path + "/a", folder.path + "/b")
    for home in [liar, person] {
      let shelf = ShelfProcess(home: URL(fileURLWithPath: home))
      #expect(try shelf.run("remote", "add", "home", remote).status == 0)
    }
    #expect(try ShelfProcess(home: URL(fileURLWithPath: liar)).run("add", "2501.00001").status == 0)
    #expect(try ShelfProcess(home: URL(fileURLWithPath: liar)).run("sync").status == 0)
    let shelf = ShelfProcess(home: URL(fileURLWithPath: person))
    #expect(try shelf.run("sync").status == 0)
    #expect(try shelf.run("tag", "add", "mine", "2501.00001").status == 0)
    let saying = """
      import sqlite3, sys
      library = sqlite3.connect(sys.argv[1])
      def one(sql): return library.execute(sql).fetchone()[0]
      device = one("SELECT number FROM device d JOIN meta m ON m.value = d.id WHERE m.name = 'device'")
      place, ms, number = one("SELECT max(seq) FROM change"), one("SELECT max(ms) FROM change") + 1, \
        one("SELECT max(number) FROM operation") + 1
      def stamps(count): return " ".join(f"1.{i}.0000000000000001" for i in range(count))
      said = [("starred", "true" if i % 2 else "false", None) for i in range(170000)] \
        + [("status", '"read"', stamps(60000)) for i in range(20)] \
        + [("note:aaaaaaaa", '{"text":"a%d","created":1}' % i, None) for i in range(3000)]
      library.execute("INSERT INTO operation VALUES (?, ?, 0, ?, 1, 'do', 'x', NULL, 0, ?, ?, ?)",
        (number, ms, device, place + 1, place + len(said) + 1, len(said)))
      rows = [("o:", "did", '{"kind":"do","what":"x"}', None)] + [("p:2501.00001",) + s for s in said]
      library.executemany(
        "INSERT INTO change (seq, ms, counter, device, operation, entity, field, value, seen) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        ((place + 1 + i, ms, i, device, number) + row for i, row in enumerate(rows)))
      library.commit()
      """
    _ = try Shell.run(["python3", "-c", saying, liar + "/library.sqlite"])
    #expect(try peak(liar, "sync") < Self.bound)
    #expect(try peak(person, "sync") < Self.bound)
    #expect(try peak(person, "sync", "verify") < Self.bound)
    #expect(try peak(person, "star", "2501.00001") < Self.bound)
    #expect(try peak(person, "sync") < Self.bound)
    let row = try shelf.run("show", "2501.00001", "--json").output
    #expect(row.contains("\"mine\"") && row.contains("\"starred\":true"))
  }
}
