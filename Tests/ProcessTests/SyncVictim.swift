import Foundation
import TestSupport
import Transport

/// Two machines that meet on Apache and whose syncs are killed: those that send and fetch, and
/// those that put a log together and remove what was in its place.
struct SyncVictim {
  /// Two homes and their folder on the server.
  private struct Pair {
    let desk: ShelfProcess
    let laptop: ShelfProcess
    /// The server's folder on the disk.
    let remote: String
    var tags: [String] = []
  }

  /// What a pair was at a moment: the files of both homes and of the server.
  private struct Snapshot {
    var libraries: [String: Data] = [:]
    var remote: [String: Data] = [:]
  }

  private let server: RealServer
  private let folder: URL
  private let digests: SmallDigests
  private var plain: Pair
  /// A pair whose desk puts its log together in its next sync.
  private var full: (pair: Pair, snapshot: Snapshot)?
  /// Compactions that were brought to their end.
  private var compacted = 0

  /// Edits acknowledged so far, each looked for on both machines.
  var acknowledged: Int { plain.tags.count + compacted }

  init(folder: URL) throws {
    self.folder = folder
    server = try RealServer(.apacheBasic)
    let place = folder.appendingPathComponent("syncs")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    digests = try SmallDigests(folder: place, days: 1, papersPerDay: 12)
    plain = try Self.pair("plain", folder, server, digests)
  }

  private static func pair(
    _ name: String, _ folder: URL, _ server: RealServer, _ digests: SmallDigests
  ) throws -> Pair {
    let homes = ["desk", "laptop"].map {
      ShelfProcess(home: folder.appendingPathComponent("\(name)-\($0)"))
    }
    let pair = Pair(
      desk: homes[0], laptop: homes[1], remote: server.root.path + "/data/basic/my/\(name)")
    let password = folder.appendingPathComponent("password")
    try Data("sesame\n".utf8).write(to: password)
    chmod(password.path, 0o600)
    try does(homes[0], "import", digests.files[0].path)
    let url = server.profile.url.replacing("/my/shelf", with: "/my/\(name)/")
    for home in homes {
      try does(
        home, "remote", "add", "home", url, "--user", "ada", "--password-file", password.path)
      try does(home, "sync", "home")
    }
    return pair
  }

  // MARK: Sending and fetching

  /// Kills a sync with an edit to send, and now and then sees what both machines came to.
  mutating func killSync(_ round: Int, _ cut: (ShelfProcess) throws -> Int32) throws -> String? {
    let home = plain.tags.count.isMultiple(of: 2) ? plain.desk : plain.laptop
    try Self.does(home, "tag", "add", "s\(round)", digests.ids[round % digests.ids.count])
    plain.tags.append("s\(round)")
    let status = try cut(home)
    guard [0, 3, 128 + 9].contains(status) else { return "a sync ended with \(status)" }
    if let trouble = try integrity(home) { return trouble }
    return plain.tags.count.isMultiple(of: 10) ? try settle() : nil
  }

  /// Both machines sync until they show the same; what is wrong then.
  func settle() throws -> String? { try settle(plain) }

  private func settle(_ pair: Pair) throws -> String? {
    for _ in 0..<2 {
      for home in [pair.desk, pair.laptop] { try Self.does(home, "sync", "home") }
    }
    let shown = try [pair.desk, pair.laptop].map { try $0.run("export", "jsonl").output }
    guard shown[0] == shown[1] else { return "the machines differ" }
    for tag in pair.tags where !shown[0].contains("\"\(tag)\"") { return "\(tag) is lost" }
    return try pair.laptop.run("sync", "verify").status == 0 ? nil : "the folder is not whole"
  }

  // MARK: Putting together

  /// Kills the sync that puts a log together, or the one that removes what it replaced.
  mutating func killCompaction(
    _ round: Int, _ cut: (ShelfProcess) throws -> Int32
  ) throws -> String? {
    var (pair, snapshot) = try full ?? fill()
    full = (pair, snapshot)
    try lay(snapshot, pair)
    try Self.does(pair.desk, "tag", "add", "c\(round)", digests.ids[round % digests.ids.count])
    pair.tags.append("c\(round)")
    // Old segments go when the other machine has said that it has the new ones.
    if compacted.isMultiple(of: 2) {
      for home in [pair.desk, pair.laptop] { try Self.does(home, "sync", "home") }
      try Self.does(pair.desk, "tag", "add", "again", digests.ids[0])
    }
    let status = try cut(pair.desk)
    guard [0, 3, 128 + 9].contains(status) else { return "a sync ended with \(status)" }
    if let trouble = try integrity(pair.desk) { return trouble }
    if let trouble = try settle(pair) { return trouble }
    // What was replaced goes with a sync that has something to send, once the other machine has
    // said that it has the new; one whose request the server does not answer in time leaves it to
    // the next.
    for attempt in 0..<3 {
      guard try longestLog(pair) >= 20 else { break }
      try Self.does(pair.desk, "tag", "add", "after\(attempt)", digests.ids[0])
      for home in [pair.desk, pair.laptop] { try Self.does(home, "sync", "home") }
    }
    let left = try longestLog(pair)
    guard left < 20 else { return "nothing was put together: \(left) segments" }
    compacted += 1
    return nil
  }

  /// Makes so many small segments that the next one has all of them put together.
  private func fill() throws -> (Pair, Snapshot) {
    var pair = try Self.pair("full", folder, server, digests)
    var round = 0
    while try longestLog(pair) < 63 {
      guard round < 70 else { throw RecordedLife.Unexpected(what: "the log does not grow") }
      try Self.does(pair.desk, "tag", "add", "f\(round)", digests.ids[round % 12])
      try Self.does(pair.desk, "sync", "home")
      pair.tags.append("f\(round)")
      round += 1
    }
    try Self.does(pair.laptop, "sync", "home")
    var snapshot = Snapshot()
    for home in [pair.desk, pair.laptop] {
      let library = home.home.path + "/library.sqlite"
      snapshot.libraries[library] = try Data(contentsOf: URL(fileURLWithPath: library))
    }
    for name in try names(pair) {
      let file = URL(fileURLWithPath: pair.remote + "/" + name)
      snapshot.remote[name] = try Data(contentsOf: file)
    }
    return (pair, snapshot)
  }

  /// Puts everything back as it was. The libraries stay the files they are, inode and all: in other
  /// files they would take themselves for copies.
  private func lay(_ snapshot: Snapshot, _ pair: Pair) throws {
    for (path, bytes) in snapshot.libraries {
      for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
      let file = open(path, O_WRONLY | O_CLOEXEC)
      guard file >= 0, ftruncate(file, 0) == 0 else {
        throw RecordedLife.Unexpected(what: "cannot lay \(path)")
      }
      try FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: bytes)
    }
    for name in try names(pair) where snapshot.remote[name] == nil {
      unlink(pair.remote + "/" + name)
    }
    for (name, bytes) in snapshot.remote {
      try bytes.write(to: URL(fileURLWithPath: pair.remote + "/" + name))
      // Apache runs as somebody else when root starts it.
      chmod(pair.remote + "/" + name, 0o666)
    }
  }

  /// The files of the folder; not what the server keeps there for itself.
  private func names(_ pair: Pair) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: pair.remote).filter { !$0.hasPrefix(".") }
  }

  /// Segments of the machine that has the most: sixty-four small ones of one machine are put
  /// together.
  private func longestLog(_ pair: Pair) throws -> Int {
    let numbered = try names(pair).filter { $0.contains(".") && $0.last?.isNumber == true }
    return Dictionary(grouping: numbered) { $0.prefix { $0 != "." } }.values.map(\.count).max() ?? 0
  }

  private func integrity(_ home: ShelfProcess) throws -> String? {
    let found = try Shell.sqlite(home.home.path + "/library.sqlite", "PRAGMA integrity_check")
    return found == "ok\n" ? nil : "broken: \(found)"
  }

  /// A command that must end well.
  private static func does(_ home: ShelfProcess, _ words: String...) throws {
    let outcome = try home.run(words)
    guard [0, 3].contains(outcome.status) else {
      let what = "\(words) ended with \(outcome.status): \(outcome.errors)"
      throw RecordedLife.Unexpected(what: what)
    }
  }
}
