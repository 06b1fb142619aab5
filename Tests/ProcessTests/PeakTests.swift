import Foundation
import TestSupport
import Testing

/// What a sync holds, whatever comes: by the processes that people start.
@Suite struct PeakTests {
  private static let bound = 100_000

  /// Runs a command, which may leave a conflict, and tells what it held at most, in kilobytes.
  private func peak(_ home: String, _ words: String...) throws -> Int {
    let measuring = """
      import resource, subprocess, sys
      ended = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
      if ended.returncode not in (0, 3): sys.exit(ended.stderr.decode())
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
}
