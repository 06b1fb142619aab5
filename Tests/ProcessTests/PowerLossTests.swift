import Foundation
import TestSupport
import Testing

/// The power goes at any moment, and the disk keeps what was flushed and any part of the rest. The
/// library is whole, holds every command that had returned, of the one under way all or nothing,
/// and sync goes on.
///
/// How: the real `shelf` runs under a recorder of file operations (Tests/PowerLoss/recorder.c);
/// disks are made from the record as they might be after a cut (``SimulatedDisk``), and `shelf`
/// runs on them.
@Suite struct PowerLossTests {
  @Test func editsBackupsAndRestoresSurvive() throws {
    let life = try RecordedLife()
    let backup = life.disk + "/desk/one.sqlite"
    let digests = try SmallDigests(
      folder: URL(fileURLWithPath: try folder(life, "digests")), days: 3, papersPerDay: 12)
    try life.does("desk", "import", digests.files[0].path)
    try life.does("desk", "tag", "add", "early", "all")
    try life.does("desk", "note", "add", digests.ids[0], "-m", "灯 one")
    try life.does("desk", "backup", backup)
    try life.does("desk", "import", digests.files[1].path)
    try life.does("desk", "read", digests.ids[1], digests.ids[14])
    try life.does("desk", "undo")
    try life.does("desk", "redo")
    try life.does("desk", "restore", backup, "--yes")
    try life.does("desk", "tag", "add", "late", "all")
    try life.does("desk", "undo")
    try life.does("desk", "import", digests.files[2].path)
    try life.does("desk", "backup", backup, "--replace")
    try life.does("desk", "star", digests.ids[30])
    try life.does("desk", "view", "save", "mine", "+early")
    try life.does("desk", "export", "json", "-o", life.disk + "/desk/out.json")

    let cuts = try PowerCuts(life, seed: 20_251_006)
    try cuts.make(90) { cut in
      try checkShows(cut, life, "desk")
      let acknowledged = life.steps.filter { $0.end <= cut.place }
      for step in acknowledged where step.words[0] == "backup" {
        #expect(try Shell.sqlite(step.words[1], "PRAGMA integrity_check") == "ok\n", "\(cut)")
      }
      if let step = acknowledged.last(where: { $0.words[0] == "export" }) {
        #expect(FileManager.default.fileExists(atPath: step.words[3]), "\(cut)")
      }
      for file in cut.files.keys where file.contains(".before-restore-") && !file.contains("-wal") {
        guard !file.contains(".shelf-partial-"), !file.hasSuffix("-shm") else { continue }
        #expect(try Shell.sqlite(file, "PRAGMA integrity_check") == "ok\n", "\(cut): \(file)")
      }
      // It goes on from there.
      #expect(try life.shelf("desk").run("add", "2501.00001").status == 0, "\(cut)")
      #expect(try life.shelf("desk").run("doctor").status == 0, "\(cut)")
    }
    cuts.report("edits, backup, restore")
    try checkNothingIsOpenToOthers(life)
    // A disk that does not flush loses edits, and the eyes above see it.
    let lying = try PowerCuts(life, seed: 20_251_009, isLying: true)
    var noticed = 0
    try lying.make(12) { if try !isAsAllowed($0, life, "desk") { noticed += 1 } }
    #expect(noticed > 3, "only \(noticed) of 12 cuts of a disk that lies were noticed")
  }

  /// From their first moment the files of a home are the owner's alone; an export is as the mask
  /// says.
  private func checkNothingIsOpenToOthers(_ life: RecordedLife) throws {
    var made = 0
    for (event, _) in try life.events() {
      switch event {
      case .create(_, let path, let mode) where !path.contains("out.json"):
        #expect(mode & 0o077 == 0, "\(path) was made with \(String(mode, radix: 8))")
        made += 1
      case .makeFolder(let path, let mode):
        #expect(mode & 0o077 == 0, "\(path) was made with \(String(mode, radix: 8))")
      default: break
      }
    }
    #expect(made > 20, "only \(made) files were made")
  }

  @Test func syncGoesOn() throws {
    let life = try RecordedLife()
    let remote = life.disk + "/stick"
    let digests = try SmallDigests(
      folder: URL(fileURLWithPath: try folder(life, "digests")), days: 1, papersPerDay: 12)
    for home in ["desk", "laptop"] {
      try life.does(home, "import", digests.files[0].path)
      try life.does(home, "remote", "add", "home", remote)
      try life.does(home, "sync", "home")
    }
    // Sixty-four small segments are put together: the desk makes more.
    for round in 0..<68 {
      try life.does("desk", "tag", "add", "d\(round)", digests.ids[round % 12])
      try life.does("desk", "sync", "home")
      guard round % 8 == 7 else { continue }
      try life.does("laptop", "note", "add", digests.ids[round % 12], "-m", "l\(round)")
      try life.does("laptop", "sync", "home")
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: remote)
    #expect(files.count < 68, "nothing was put together: \(files.count) files")

    let cuts = try PowerCuts(life, seed: 20_251_007)
    // The laptop keeps its power; the stick is in the desk or in the laptop.
    try cuts.make(90, of: "desk", keeping: ["laptop"], orAlso: "stick") { cut in
      try checkShows(cut, life, "desk")
      let acknowledged = life.steps.filter { $0.end <= cut.place }
      let homes = ["desk", "laptop"].filter { home in
        acknowledged.contains { $0.home == home && $0.words[0] == "remote" }
      }
      for home in homes + homes + homes {
        let outcome = try life.shelf(home).run("sync", "home")
        #expect([0, 2, 3].contains(outcome.status), "\(cut): \(outcome.errors)")
      }
      guard homes.count == 2 else { return }
      let dumps = try homes.map { try life.shelf($0).run("export", "jsonl").output }
      #expect(dumps[0] == dumps[1], "\(cut): the machines differ")
      for step in acknowledged where ["tag", "note"].contains(step.words[0]) {
        let word = step.words[0] == "tag" ? step.words[2] : step.words[4]
        #expect(dumps[0].contains("\"\(word)\""), "\(cut): \(word) is lost")
      }
      #expect(try life.shelf("laptop").run("sync", "verify").status == 0, "\(cut)")
    }
    cuts.report("sync")
  }

  @Test func migrationsSurvive() throws {
    let life = try RecordedLife()
    let digests = try SmallDigests(
      folder: URL(fileURLWithPath: try folder(life, "digests")), days: 1, papersPerDay: 12)
    try life.does("desk", "import", digests.files[0].path)
    try life.does("desk", "note", "add", digests.ids[0], "-m", "灯 one")
    let library = life.disk + "/desk/library.sqlite"
    let recording = life.recording.map { "\($0.key)=\($0.value)" }
    var wanted = ""
    try life.does("desk", "migrate") {
      wanted = try Shell.run(["env"] + recording + [CutMigration.probe.path, library])
      return wanted
    }
    let cuts = try PowerCuts(life, seed: 20_251_008)
    try cuts.make(40, after: life.steps[1].end) { cut in
      let trouble = try CutMigration.trouble(in: library, acknowledged: false)
      #expect(trouble == nil, "\(cut): \(trouble ?? "")")
      #expect(try Shell.run([CutMigration.probe.path, library]) == wanted, "\(cut)")
    }
    cuts.report("migration")
  }

  private func folder(_ life: RecordedLife, _ name: String) throws -> String {
    let path = URL(fileURLWithPath: life.disk).deletingLastPathComponent().path + "/" + name
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    return path
  }

  /// The library is whole and shows what it showed before or after the command that was under way.
  private func checkShows(_ cut: PowerCuts.Cut, _ life: RecordedLife, _ home: String) throws {
    let isAllowed = try isAsAllowed(cut, life, home)
    #expect(isAllowed, "\(cut): it shows neither what was before nor what came")
    let doctor = try life.shelf(home).run("doctor")
    #expect(doctor.status == 0, "\(cut): \(doctor.output)")
    let database = life.disk + "/\(home)/library.sqlite"
    if FileManager.default.fileExists(atPath: database) {
      #expect(try Shell.sqlite(database, "PRAGMA integrity_check") == "ok\n", "\(cut)")
    }
  }

  private func isAsAllowed(
    _ cut: PowerCuts.Cut, _ life: RecordedLife, _ home: String
  ) throws -> Bool {
    let steps = life.steps.filter { $0.home == home }
    let before = steps.last { $0.end <= cut.place }
    let during = steps.first { $0.start < cut.place && cut.place < $0.end }
    let shown = try life.shelf(home).run("export", "jsonl")
    return shown.status == 0
      && [before?.shows ?? "", during?.shows].contains { $0 == shown.output }
  }
}
