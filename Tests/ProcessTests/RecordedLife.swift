import Foundation
import TestSupport

/// Commands run one after another in homes on one recorded disk, and what each home showed after
/// each.
final class RecordedLife {
  /// One command.
  struct Step {
    var words: [String]
    var home: String
    /// Where its entries of the log begin and end.
    var start: Int
    var end: Int
    /// What the home showed after it.
    var shows: String
  }

  struct Unexpected: Error { var what: String }

  /// The recorded folder.
  let disk: String
  private(set) var steps: [Step] = []
  private let folder: TemporaryFolder
  private let log: String
  private let recorder: String

  init() throws {
    folder = try TemporaryFolder()
    // The kernel tells paths without links.
    let real = URL(fileURLWithPath: folder.path).resolvingSymlinksInPath().path
    disk = real + "/disk"
    log = real + "/log"
    recorder = real + "/recorder.so"
    try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
    let source = PackageRoot.url.appendingPathComponent("Tests/PowerLoss/recorder.c").path
    try Shell.run(["clang", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", recorder, source])
    try Data().write(to: URL(fileURLWithPath: log))
  }

  /// The `shelf` of a home.
  func shelf(_ home: String, isRecorded: Bool = false) -> ShelfProcess {
    var shelf = ShelfProcess(home: URL(fileURLWithPath: disk + "/" + home))
    shelf.variables["TMPDIR"] = folder.path
    if isRecorded { shelf.variables.merge(recording) { $1 } }
    return shelf
  }

  /// What makes a process be recorded.
  var recording: [String: String] {
    [
      "LD_PRELOAD": recorder, "PAPERSHELF_RECORD_ROOT": disk, "PAPERSHELF_RECORD_LOG": log,
    ]
  }

  /// Empties the record.
  func forget() throws { try Data().write(to: URL(fileURLWithPath: log)) }

  /// Runs a command and then looks what the home shows.
  func does(_ home: String, _ words: String...) throws {
    let start = try length()
    let outcome = try shelf(home, isRecorded: true).run(words)
    guard [0, 2, 3].contains(outcome.status) else {
      throw Unexpected(what: "\(words) ended with \(outcome.status): \(outcome.errors)")
    }
    let end = try length()
    let shows = try shelf(home, isRecorded: true).run("export", "jsonl").output
    steps.append(Step(words: words, home: home, start: start, end: end, shows: shows))
  }

  /// Notes a step made by other means.
  func does(_ home: String, _ what: String, _ body: () throws -> String) throws {
    let start = try length()
    let shows = try body()
    steps.append(
      Step(words: [what], home: home, start: start, end: try length(), shows: shows))
  }

  private func length() throws -> Int {
    let size = try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int
    guard let size else { throw Unexpected(what: "no log") }
    return size
  }

  /// All that was recorded.
  func events() throws -> [(event: DiskEvent, end: Int)] {
    try DiskEvent.read(Array(try Data(contentsOf: URL(fileURLWithPath: log))))
  }

  // MARK: The disk

  /// The files that are there.
  func files() throws -> [String: [UInt8]] {
    var files: [String: [UInt8]] = [:]
    for name in FileManager.default.enumerator(atPath: disk)?.compactMap({ $0 as? String }) ?? [] {
      let path = disk + "/" + name
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { continue }
      files[path] = Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }
    return files
  }

  /// Makes the disk hold these files and no others. A library stays the file it was, inode and all,
  /// as it would on a disk: one in another file takes itself for a copy.
  func lay(_ files: [String: [UInt8]]) throws {
    for path in try self.files().keys where files[path] == nil {
      if path.hasSuffix("/library.sqlite"), access(aside(path), F_OK) != 0 {
        rename(path, aside(path))
      } else {
        unlink(path)
      }
    }
    for (path, bytes) in files {
      let above = URL(fileURLWithPath: path).deletingLastPathComponent()
      try FileManager.default.createDirectory(
        at: above, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      if access(aside(path), F_OK) == 0 { rename(aside(path), path) }
      let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
      guard file >= 0, ftruncate(file, 0) == 0 else { throw Unexpected(what: "cannot lay \(path)") }
      try FileHandle(fileDescriptor: file, closeOnDealloc: true).write(contentsOf: Data(bytes))
    }
  }

  private func aside(_ path: String) -> String {
    folder.path + "/aside" + path.dropFirst(disk.count).replacing("/", with: "-")
  }
}
