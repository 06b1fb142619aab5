import Foundation
import TestSupport
import Testing

/// Libraries and remote folders that an earlier build made (Tests/old-builds/README.md): every
/// later build reads them, and finds in them what that build found.
@Suite struct OldBuildTests {
  @Test(arguments: OldBuild.libraries)
  func answersAsItDid(_ name: String) throws {
    let old = OldBuild(name)
    let home = try old.restored()
    let before = try home.version()
    for (file, words) in try old.questions() {
      let run = try home.run(words)
      #expect(run.code == 0, "\(file): \(run.notes)")
      #expect(try isSame(asItWasSaid(run.out, file), asItWasSaid(old.text(file), file)), "\(file)")
    }
    for line in try old.lines("counts.tsv") {
      let cells = line.split(separator: "\t", maxSplits: 1).map(String.init)
      let run = try home.shelf("count", cells[1])
      let answer = run.code == 0 ? run.out.filter { $0 != "\n" } : "exit \(run.code)"
      #expect(answer == OldBuild.mended[name]?[cells[1]] ?? cells[0], "count \(cells[1])")
    }
    try home.checkHealth(unknown: old.unknownChanges)
    try home.checkBackups(from: before)
  }

  @Test(arguments: OldBuild.libraries)
  func itsLastCommandsCanBeTakenBack(_ name: String) throws {
    let old = OldBuild(name)
    let home = try old.restored()
    #expect(try home.shelf("undo", "3").code == 0)
    let run = try home.shelf("list", "--format", #"{id}\t{status}\t{star}\t{tags}"#)
    #expect(try isSame(run.out, old.text("undone.tsv")))
    try home.checkHealth(unknown: old.unknownChanges)
  }

  @Test(arguments: OldBuild.folders)
  func aNewMachineReadsItsFolder(_ name: String) throws {
    let old = OldBuild(name)
    let folder = try old.copiedFolder()
    let before = try folder.files()
    let home = try Home()
    try old.sync(home, folder)
    for file in ["tags.json", "views.json", "conflicts.json", "stats.json"] {
      let words = try #require(try old.questions().first { $0.file == file }?.words)
      let answer = try asItWasSaid(home.run(words).out, file)
      #expect(try isSame(answer, asItWasSaid(old.text(file), file)), "\(file)")
    }
    let papers = try old.papers()
    #expect(try isSame(home.papers(), papers))
    let now = try home.papersAsNow()
    #expect(try isSame(folder.papersByTheReader(old), old.asTheReaderShows(now)))
    for (file, bytes) in before where file != "peers" {
      #expect(try folder.files()[file] == bytes, "\(file)")
    }
    try home.checkHealth(unknown: old.unknownChanges)
  }

  /// It is updated, and goes on under its own name where it stopped.
  @Test(arguments: OldBuild.folders)
  func itsMachineGoesOn(_ name: String) throws {
    let old = OldBuild(name)
    let folder = try old.copiedFolder()
    let home = try old.restored()
    let (before, files) = (try home.version(), try folder.files())
    try old.sync(home, folder)
    #expect(try isSame(home.papers(), old.papers()))
    #expect(try Set(folder.files().keys) == Set(files.keys))
    #expect(try home.shelf("star", "2509.90005").code == 0)
    #expect(try home.shelf("note", "add", "2509.90003", "-m", "后来写的").code == 0)
    try old.sync(home, folder)
    #expect(try folder.files().count == files.count + 1)
    let verified = try home.shelf("sync", "verify")
    #expect(verified.code == 0, "\(verified.out)")
    let papers = try home.papersAsNow()
    #expect(papers.contains { $0.contains("后来写的") })
    #expect(try isSame(folder.papersByTheReader(old), old.asTheReaderShows(papers)))
    let other = try Home()
    try old.sync(other, folder)
    #expect(try isSame(other.papersAsNow(), papers))
    try home.checkHealth(unknown: old.unknownChanges)
    try home.checkBackups(from: before)
  }
}

/// One library of `Tests/old-builds/v1`, and what the build that made it said of it.
private struct OldBuild {
  static let libraries = ["plain", "desk", "laptop", "sealed", "newer"]
  /// Those whose remote folder is kept.
  static let folders = ["desk", "sealed", "newer"]

  /// What is counted now, where what the old build counted was a fault: a tag is the same tag,
  /// whether an accent of it is a letter's own or stands behind it.
  static let mended = ["plain": ["+café": "2"]]

  private static let root = PackageRoot.url.appendingPathComponent("Tests/old-builds")
  let name: String

  init(_ name: String) { self.name = name }

  /// Changes in it of kinds that only a later build may know.
  var unknownChanges: Int { name == "newer" ? 4 : 0 }
  var isSealed: Bool { name == "sealed" }

  var url: URL { Self.root.appendingPathComponent("v1").appendingPathComponent(name) }

  func text(_ file: String) throws -> String {
    try String(contentsOf: url.appendingPathComponent(file), encoding: .utf8)
  }

  func lines(_ file: String) throws -> [String] {
    try text(file).split(separator: "\n").map(String.init)
  }

  /// The papers as lines without loss, in an order that depends on nothing else.
  func papers() throws -> [String] { ordered(try lines("export.jsonl")) }

  /// Commands, each with the file that holds the old build's answer.
  func questions() throws -> [(file: String, words: [String])] {
    let list = Self.root.appendingPathComponent("questions.txt")
    return try String(contentsOf: list, encoding: .utf8).split(separator: "\n").map { line in
      let cells = line.split(separator: "\t").map(String.init)
      return (cells[0], cells[1].split(separator: " ").map(String.init))
    }
  }

  /// A home with the library as the old build left it.
  func restored() throws -> Home {
    let home = try Home()
    _ = try home.file("library.sqlite", "")
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: home.library)
    _ = try Program.run(
      ["sqlite3", "-bail", home.library], input: url.appendingPathComponent("library.sql"))
    return home
  }

  func copiedFolder() throws -> Folder {
    try Folder(copying: url.appendingPathComponent("remote"))
  }

  /// Syncs a home with a folder, which it gets to know first.
  func sync(_ home: Home, _ folder: Folder) throws {
    if try home.shelf("remote", "list").out.isEmpty {
      var words = ["remote", "add", "folder", folder.url.path]
      if isSealed {
        words += ["--encrypt", "--passphrase-file", try passphrase(in: home.url)]
      }
      #expect(try home.run(words).code == 0)
    }
    let run = try home.shelf("sync")
    #expect(run.code == 0 || run.code == 3, "\(run.notes)")
  }

  /// The passphrase in a file that only we can read.
  func passphrase(in folder: URL) throws -> String {
    let file = folder.appendingPathComponent("passphrase")
    if !FileManager.default.fileExists(atPath: file.path) {
      try FileManager.default.copyItem(at: Self.root.appendingPathComponent("passphrase"), to: file)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
    }
    return file.path
  }

  /// Papers but for those that Tests/remote-reader shows otherwise: it merges no notes, and shows a
  /// status it does not know.
  func asTheReaderShows(_ lines: [String]) -> [String] {
    let left = name == "newer" ? ["2509.90021"] : ["2509.90001", "2509.90002"]
    return lines.filter { line in !left.contains { line.hasPrefix(#"{"id":"\#($0)""#) } }
  }
}

/// A copy of a remote folder, which goes with the test.
private final class Folder {
  let url: URL

  init(copying source: URL) throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-folder-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: source, to: url)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func files() throws -> [String: Data] {
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    return try names.reduce(into: [:]) {
      $0[$1] = try Data(contentsOf: url.appendingPathComponent($1))
    }
  }

  /// What Tests/remote-reader, which is no part of Papershelf, reads in it.
  func papersByTheReader(_ old: OldBuild) throws -> [String] {
    let reader = PackageRoot.url.appendingPathComponent("Tests/remote-reader/read_remote.py").path
    var words = ["python3", reader, url.path, "--papers"]
    let workspace = try Workspace()
    if old.isSealed { words += ["--passphrase-file", try old.passphrase(in: workspace.url)] }
    let lines = try Program.run(words).split(separator: "\n").map(String.init)
    return old.asTheReaderShows(ordered(lines))
  }
}

extension Home {
  fileprivate var library: String { url.appendingPathComponent("library.sqlite").path }

  /// The version of the library's tables.
  fileprivate func version(of file: String = "library.sqlite") throws -> Int {
    let path = url.appendingPathComponent(file).path
    let text = try Program.run(["sqlite3", path, "PRAGMA user_version"])
    return try #require(Int(text.filter { $0 != "\n" }))
  }

  /// The papers as ``OldBuild/papers()`` has them.
  fileprivate func papers() throws -> [String] {
    ordered(try papersAsNow().map { asItWasSaid($0, "export.jsonl") })
  }

  /// The papers as this build has them.
  fileprivate func papersAsNow() throws -> [String] {
    ordered(try shelf("export", "jsonl").lines)
  }

  fileprivate func checkHealth(unknown: Int) throws {
    let run = try shelf("doctor")
    #expect(run.code == 0 && run.lines.allSatisfy { $0.hasPrefix("ok ") }, "\(run.out)")
    let words = unknown == 0 ? "every change is understood" : "\(unknown) changes of a newer shelf"
    #expect(run.out.contains(words), "\(run.out)")
  }

  /// Before tables are changed, and only then, a copy of the library is put beside it.
  fileprivate func checkBackups(from before: Int) throws {
    let now = try version()
    let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
    let backups = names.filter { $0.hasPrefix("library.sqlite.before-") }.sorted()
    let versions = now > before ? Array(before + 1...now) : []
    #expect(backups == versions.map { "library.sqlite.before-v\($0)" }.sorted())
    for version in versions {
      #expect(try self.version(of: "library.sqlite.before-v\(version)") == version - 1)
    }
  }
}

/// An answer without what only later builds say: that nobody has said who wrote a paper, and the
/// lead; the name of a view in conflict; how the days went.
private func asItWasSaid(_ text: String, _ file: String) -> String {
  switch file {
  case "conflicts.json": text.replacing(#/"name":(null|"[^"]*"),/#, with: "")
  case "stats.json":
    // A paper counted on one of its days only, and each day by that.
    text.replacing(#/,"days":.*\}/#, with: "}")
  default:
    text.replacing(
      #/,"authors":\[\],"categories":\[\],"published":null,"code":\[\],"votes":null,"lead":(null|"(\\.|[^"\\])*"),"citekey":null,"abstract":null/#,
      with: "")
  }
}

// Swift's own == and < take a letter with its accent for the same letter and an accent.

private func isSame(_ a: String, _ b: String) -> Bool { a.utf8.elementsEqual(b.utf8) }

private func isSame(_ a: [String], _ b: [String]) -> Bool { a.elementsEqual(b, by: isSame) }

private func ordered(_ lines: [String]) -> [String] {
  lines.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
}

/// Programs besides `shelf`.
private enum Program {
  struct Failure: Error {
    let words: [String]
    let errors: String
  }

  /// What a program prints that ends well and has nothing to complain of.
  static func run(_ words: [String], input: URL? = nil) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    process.standardInput =
      try input.map { try FileHandle(forReadingFrom: $0) } ?? FileHandle.nullDevice
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let complaints = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, complaints.isEmpty else {
      throw Failure(words: words, errors: String(decoding: complaints, as: UTF8.self))
    }
    return text
  }
}
