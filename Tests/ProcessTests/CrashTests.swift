import Foundation
import TestSupport
import Testing

/// `kill -9` at random moments of every command that writes: the file stays whole, what was
/// acknowledged is there, and of what was under way all is there or nothing. Syncs go over Apache
/// (``SyncVictim``).
///
/// 180 kills, or so many as PAPERSHELF_KILLS says, from PAPERSHELF_SEED where that is set:
///
///     PAPERSHELF_KILLS=1000 swift test --filter CrashTests
@Suite(.serialized) struct CrashTests {
  @Test func survivesBeingKilled() throws {
    let variables = ProcessInfo.processInfo.environment
    let seed = SeededGenerator.wanted ?? 20_251_003
    let count = variables["PAPERSHELF_KILLS"].flatMap { Int($0) } ?? 180
    guard RealServerKind.apacheBasic.isInstalled else { try Test.cancel("Apache is not installed") }
    var victim = try Victim(seed: seed)
    for round in 0..<count {
      let verb = Victim.Verb.allCases[round % Victim.Verb.allCases.count]
      let trouble = try victim.kill(verb, round)
      #expect(trouble == nil, "seed \(seed), round \(round): \(trouble ?? "")")
    }
    #expect(try victim.lost() == [], "seed \(seed): acknowledged and lost")
    #expect(try victim.shelf.run("doctor", "--fix").status == 0)
    #expect(victim.leftovers > 0, "no kill left a file half written beside the one it was to be")
    #expect(try victim.parts() == [], "what was left half written stays")
    #expect(try victim.syncs.settle() == nil, "seed \(seed)")
    let tallies = Victim.Verb.allCases.map { verb in
      let tally = victim.tallies[verb] ?? Victim.Tally()
      #expect(tally.cut * 4 >= tally.rounds, "seed \(seed): \(verb) was hardly ever cut: \(tally)")
      return "\(verb) \(tally.cut)/\(tally.rounds) (\(tally.halfDone) half done)"
    }
    print(
      """
      killed on the way, of all tried: \(tallies.joined(separator: ", ")); \
      \(victim.leftovers) half-written files removed later; \(victim.acknowledged) acknowledged edits held
      """)
  }
}

/// A home whose commands are killed.
struct Victim {
  enum Verb: String, CaseIterable {
    case `import`, edit, undo, backup, restore, migrate, redo, sync, compact
  }

  struct Tally {
    /// Commands started.
    var rounds = 0
    /// Those that the signal ended.
    var cut = 0
    /// Those of them that had begun to write.
    var halfDone = 0
  }

  let shelf: ShelfProcess
  private(set) var tallies: [Verb: Tally] = [:]
  /// Files found half written after a kill.
  private(set) var leftovers = 0
  private(set) var syncs: SyncVictim
  private let workspace: Workspace
  private let database: String
  private let plain: SmallDigests
  private var generator: SeededGenerator
  /// About as long as each command lasts here, in microseconds: found out on the way.
  private var most: [Verb: UInt32] = [:]
  private var notes: [String] = []
  private var tags: [String] = []

  init(seed: UInt64) throws {
    generator = SeededGenerator(seed: seed)
    workspace = try Workspace(seed: seed)
    shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    database = shelf.home.appendingPathComponent("library.sqlite").path
    plain = try SmallDigests(folder: workspace.url, days: 4, papersPerDay: 50)
    syncs = try SyncVictim(folder: workspace.url)
    guard try shelf.run(["import"] + plain.files.map(\.path)).status == 0 else {
      throw RecordedLife.Unexpected(what: "the first import fails")
    }
  }

  /// Starts a command, kills it, and looks.
  /// - Returns: what is wrong.
  mutating func kill(_ verb: Verb, _ round: Int) throws -> String? {
    switch verb {
    case .import: return try killImport(round)
    case .edit: return try killEdit(round)
    case .undo, .redo: return try killUndo(verb, round)
    case .backup: return try killBackup(round)
    case .restore: return try killRestore(round)
    case .migrate: return try killMigration(round)
    case .sync, .compact: return try killSync(verb, round)
    }
  }

  // MARK: Each command

  /// Each file of an import is in the library as a whole or not at all.
  private mutating func killImport(_ round: Int) throws -> String? {
    let first = 200 + round * 20
    let fresh = try SmallDigests(
      folder: workspace.url, days: 2, papersPerDay: 10, first: first, month: round + 1)
    let status = try cut(.import, ["import"] + fresh.files.map(\.path))
    let whole = try ask(
      """
      SELECT count(*) FROM (SELECT day FROM appearance GROUP BY day HAVING count(*) NOT IN (10, 50));
      SELECT count(*) FROM appearance WHERE day IN ('\(fresh.days.joined(separator: "', '"))');
      """)
    guard whole.first == "0" else { return "a digest is there in part" }
    return status == 0 && whole.last != "20" ? "an imported digest is lost" : nil
  }

  /// A tag is on all papers of a filter or on none.
  private mutating func killEdit(_ round: Int) throws -> String? {
    let status = try cut(.edit, ["tag", "add", "r\(round)", plain.filter])
    let count = try tagged("r\(round)")
    guard ["0", "200"].contains(count) else { return "\(count) of 200 papers are tagged" }
    if status == 0 {
      guard count == "200" else { return "r\(round) is lost" }
      tags.append("r\(round)")
    }
    let id = plain.ids.randomElement(using: &generator) ?? ""
    let note = try shelf.run("note", "add", id, "-m", "round \(round)")
    if note.status == 0 { notes.append("round \(round)") }
    return nil
  }

  /// An edit is taken back, or done again, as a whole.
  private mutating func killUndo(_ verb: Verb, _ round: Int) throws -> String? {
    guard try shelf.run("tag", "add", "u\(round)", plain.filter).status == 0 else {
      return "an edit fails"
    }
    if verb == .redo, try shelf.run("undo").status != 0 { return "undo fails" }
    let status = try cut(verb, [verb == .undo ? "undo" : "redo"])
    let count = try tagged("u\(round)")
    let done = verb == .undo ? "0" : "200"
    guard ["0", "200"].contains(count) else { return "\(count) of 200 papers are tagged" }
    return status == 0 && count != done ? "acknowledged and not done: \(count) papers" : nil
  }

  /// A backup is there whole or not at all.
  private mutating func killBackup(_ round: Int) throws -> String? {
    let file = shelf.home.path + "/backup-\(round)"
    let status = try cut(.backup, ["backup", file])
    defer { try? FileManager.default.removeItem(atPath: file) }
    if status != 0 { leftovers += try parts().count }
    guard FileManager.default.fileExists(atPath: file) else {
      return status == 0 ? "no backup" : nil
    }
    let sql = "PRAGMA integrity_check; SELECT count(*) FROM paper"
    let count = try ask("SELECT count(*) FROM paper").first ?? ""
    return try Shell.sqlite(file, sql) == "ok\n\(count)\n" ? nil : "a broken backup"
  }

  /// The library is what it was or what the backup was.
  private mutating func killRestore(_ round: Int) throws -> String? {
    let file = shelf.home.path + "/kept"
    guard try shelf.run("backup", file, "--replace").status == 0,
      try shelf.run("tag", "add", "x\(round)", plain.filter).status == 0
    else { return "a backup or an edit fails" }
    let status = try cut(.restore, ["restore", file, "--yes"])
    if status != 0 { leftovers += try parts().count }
    let count = try tagged("x\(round)")
    for name in try FileManager.default.contentsOfDirectory(atPath: shelf.home.path)
    where name.contains(".before-restore-") {
      let path = shelf.home.path + "/" + name
      // The next command that writes removes it.
      if name.contains(".shelf-partial-") { continue }
      if try Shell.sqlite(path, "PRAGMA integrity_check") != "ok\n" { return "broken: \(name)" }
      try FileManager.default.removeItem(atPath: path)
    }
    guard ["0", "200"].contains(count) else { return "\(count) of 200 papers are tagged" }
    return status == 0 && count != "0" ? "not restored" : nil
  }

  /// The tables are the old ones or the new ones, and a backup of the old is beside the new.
  private mutating func killMigration(_ round: Int) throws -> String? {
    let folder = shelf.home.path + "/migrating"
    let copy = folder + "/library.sqlite"
    try? FileManager.default.removeItem(atPath: folder)
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Shell.sqlite(database, "VACUUM INTO '\(copy)'")
    let status = try cut(.migrate, [copy], program: CutMigration.probe)
    if let trouble = try CutMigration.trouble(in: copy, acknowledged: status == 0) {
      return trouble
    }
    // The next one brings it to its end.
    _ = try Shell.run([CutMigration.probe.path, copy])
    return try CutMigration.trouble(in: copy, acknowledged: true)
  }

  /// What was sent or came is there, and both machines come to show the same.
  private mutating func killSync(_ verb: Verb, _ round: Int) throws -> String? {
    var syncs = syncs
    defer { self.syncs = syncs }
    let words = ["sync", "home"]
    return verb == .sync
      ? try syncs.killSync(round) { try cut(verb, words, home: $0) }
      : try syncs.killCompaction(round) { try cut(verb, words, home: $0) }
  }

  // MARK: Killing and asking

  /// Runs a command and kills it within about its time; the exit code.
  private mutating func cut(
    _ verb: Verb, _ words: [String], program: URL = ShelfProcess.binary,
    home: ShelfProcess? = nil
  ) throws -> Int32 {
    let shelf = home ?? shelf
    let longest = most[verb] ?? 60_000
    let before = try files(shelf)
    // Loading the program takes some milliseconds in which nothing can break. The optimized one has
    // ended after so many.
    let delay = UInt32.random(in: min(8_000, longest / 3)...longest, using: &generator)
    let status = try shelf.kill(words, afterMicroseconds: delay, program: program)
    var tally = tallies[verb] ?? Tally()
    tally.rounds += 1
    if status == 128 + 9 {
      tally.cut += 1
      if try files(shelf) != before { tally.halfDone += 1 }
      most[verb] = min(2_000_000, longest / 8 * 9)
    } else {
      most[verb] = max(5_000, longest / 5 * 4)
    }
    tallies[verb] = tally
    return status
  }

  /// The files that a command may change, with their sizes and times.
  private func files(_ shelf: ShelfProcess) throws -> [String] {
    let names =
      FileManager.default.enumerator(atPath: shelf.home.path)?
      .compactMap { $0 as? String } ?? []
    return names.filter { !$0.hasSuffix("-shm") }.sorted().map { name in
      var status = stat()
      stat(shelf.home.path + "/" + name, &status)
      return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }
  }

  /// Answers, after a check of the file, which must be whole.
  private func ask(_ sql: String) throws -> [String] {
    let lines = try Shell.sqlite(database, "PRAGMA integrity_check;" + sql).split(separator: "\n")
    guard lines.first == "ok" else { throw RecordedLife.Unexpected(what: "\(lines)") }
    return lines.dropFirst().map(String.init)
  }

  /// Files half written that are beside the library.
  func parts() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: shelf.home.path)
      .filter { $0.contains(".shelf-partial-") }
  }

  /// How many edits were acknowledged, and must be there at the end.
  var acknowledged: Int { notes.count + tags.count + syncs.acknowledged }

  private func tagged(_ tag: String) throws -> String {
    try ask("SELECT count(*) FROM tag WHERE name = '\(tag)'").first ?? ""
  }

  /// What was acknowledged and is not there. Restores are of the moment before: they lose nothing
  /// of it.
  func lost() throws -> [String] {
    let notes = try shelf.run("note", "list", "all").output
    let tags = try shelf.run("tag", "list").output
    return self.notes.filter { !notes.contains($0) } + self.tags.filter { !tags.contains($0) }
  }
}

/// Digests of papers that do not exist, in the main format.
struct SmallDigests {
  var files: [URL] = []
  var ids: [String] = []
  var days: [String] = []
  var papersPerDay: Int
  /// The filter that selects all of them.
  var filter: String { days.map { "date:\($0)" }.joined(separator: " or ") }

  /// - Parameters:
  ///   - first: the number of the first paper.
  ///   - month: counts months from July 2025, for days that others do not have.
  init(folder: URL, days: Int, papersPerDay: Int, first: Int = 0, month: Int = 0) throws {
    self.papersPerDay = papersPerDay
    for day in 0..<days {
      let months = 6 + month + day / 28
      let date = String(format: "%04d-%02d-%02d", 2025 + months / 12, months % 12 + 1, day % 28 + 1)
      self.days.append(date)
      var text = "# Papers for \(date)\n\n"
      for index in 0..<papersPerDay {
        let id = "2507." + String(format: "%05d", 10_000 + first + day * papersPerDay + index)
        ids.append(id)
        text += "## \(index).[Study number \(id)](https://arxiv.org/pdf/\(id))\n"
        text += "summary:**核心关键词**：缓存, 压缩  **一句话核心总结**：第 \(id) 篇。  **主要成果**：快了一倍。\n\n"
      }
      let file = folder.appendingPathComponent("\(date).md")
      try text.write(to: file, atomically: true, encoding: .utf8)
      files.append(file)
    }
  }
}
