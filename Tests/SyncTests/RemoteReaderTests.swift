import Changes
import Foundation
import JSONText
import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

/// The format as others read it: the Python reader, and files written by earlier builds.
@Suite struct RemoteReaderTests {
  private static let hasCryptography =
    (try? run(["-c", "import cryptography"], passphrase: nil).status) == 0
  private static let vectors = PackageRoot.url.appendingPathComponent("Tests/vectors")
  private static let passphrase = "correct horse 电池"

  @Test(
    .enabled(if: hasCryptography, "python3 has no module cryptography"),
    arguments: [nil, passphrase])
  func pythonReadsWhatWeWrote(_ passphrase: String?) throws {
    let server = SimServer()
    let library = try Self.fill(server, passphrase)
    let folder = try Workspace()
    try Self.write(server, to: folder.url)
    let result = try Self.run(
      [Self.script, folder.url.path], passphrase: passphrase.map { ($0, folder.url) })
    #expect(result.status == 0 && result.errors == "")
    #expect(result.output == (try Self.lines(library)))
  }

  @Test(.enabled(if: hasCryptography, "python3 has no module cryptography"))
  func pythonNeedsTheRightPassphrase() throws {
    let server = SimServer()
    _ = try Self.fill(server, Self.passphrase)
    let folder = try Workspace()
    try Self.write(server, to: folder.url)
    let wrong = try Self.run([Self.script, folder.url.path], passphrase: ("wrong", folder.url))
    #expect(wrong.status != 0 && wrong.output == "" && wrong.errors.contains("wrong passphrase"))
  }

  /// Every later build must read these. They are written by
  /// `PAPERSHELF_WRITE_VECTORS=1 swift test --filter writeVectors` and never written again.
  @Test(arguments: ["clear", "sealed"])
  func frozenFilesAreStillRead(_ name: String) throws {
    let folder = Self.vectors.appendingPathComponent(name)
    let server = SimServer()
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
      guard let remote = RemoteName(file) else { continue }
      server.files[remote] = Array(
        try Data(contentsOf: folder.appendingPathComponent(file)))
    }
    #expect(server.files.count >= 5)
    let before = server.files
    let reader = try Machine("reader")
    reader.passphrase = name == "sealed" ? Array(Self.passphrase.utf8) : nil
    let report = try reader.sync(server)
    #expect(report.problems == [] && report.pulled > 5)
    let expected = try String(
      contentsOf: Self.vectors.appendingPathComponent("\(name).jsonl"), encoding: .utf8)
    #expect(try Self.lines(reader.library) == expected)
    for (file, bytes) in before where file.text != "peers" {
      #expect(server.files[file] == bytes, "\(file)")
    }
  }

  @Test(
    .enabled(if: hasCryptography, "python3 has no module cryptography"),
    arguments: ["clear", "sealed"])
  func pythonReadsFrozenFiles(_ name: String) throws {
    let folder = try Workspace()
    let result = try Self.run(
      [Self.script, Self.vectors.appendingPathComponent(name).path],
      passphrase: name == "sealed" ? (Self.passphrase, folder.url) : nil)
    #expect(result.status == 0 && result.errors == "")
    let expected = try String(
      contentsOf: Self.vectors.appendingPathComponent("\(name).jsonl"), encoding: .utf8)
    #expect(result.output == expected)
  }

  @Test(
    .enabled(
      if: ProcessInfo.processInfo.environment["PAPERSHELF_WRITE_VECTORS"] != nil,
      "vectors are frozen"), arguments: ["clear", "sealed"])
  func writeVectors(_ name: String) throws {
    let server = SimServer()
    let library = try Self.fill(server, name == "sealed" ? Self.passphrase : nil, isLong: false)
    let folder = Self.vectors.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Self.write(server, to: folder)
    try Self.lines(library).write(
      to: Self.vectors.appendingPathComponent("\(name).jsonl"), atomically: true, encoding: .utf8)
    #expect(server.files.count >= 5)
  }

  // MARK: What is written and read

  /// Two machines' lives: every kind of change, a note of several parts, two heads.
  private static func fill(
    _ server: SimServer, _ passphrase: String?, isLong: Bool = true
  ) throws -> Library {
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    for machine in [desk, laptop] { machine.passphrase = passphrase.map { Array($0.utf8) } }
    try desk.add("2509.00001", title: "A title with \"quotes\" and 缓存")
    try desk.tag("2509.00001", "kv/缓存")
    try desk.note("2509.00001", "n00001", "two\nlines")
    var random = SeededGenerator(seed: 9)
    let noise = String(
      (0..<900_000).map { _ in
        Character(Unicode.Scalar(UInt8.random(in: 0x23...0x5B, using: &random)))
      })
    if isLong { try desk.note("2509.00001", "n00002", noise) }
    try desk.sync(server)
    try laptop.sync(server)
    try laptop.mark("2509.00001", .reading)
    try laptop.note("2509.00001", "n00001", "two\nother lines")
    _ = try laptop.library.record("view") { try $0.write([.view("week", "added:7d")]) }
    _ = try laptop.library.undo()
    try desk.mark("2509.00001", .skipped)
    for machine in [laptop, desk, laptop] { try machine.sync(server) }
    return laptop.library
  }

  private static func write(_ server: SimServer, to folder: URL) throws {
    for (name, bytes) in server.files {
      try Data(bytes).write(to: folder.appendingPathComponent(name.text))
    }
  }

  private static func lines(_ library: Library) throws -> String {
    try library.changes(after: 0, limit: .max).map(\.change).sorted { $0.stamp < $1.stamp }
      .map { change in
        var json = JSONTextWriter()
        json.object { json in
          for (key, text) in [
            ("stamp", change.stamp.description), ("operation", change.operation.description),
            ("entity", change.entity), ("field", change.field),
          ] {
            json.key(text: key)
            json.string(text)
          }
          json.key("value")
          json.raw(change.value)
          json.key("seen")
          json.array { json in for stamp in change.seen { json.string(stamp.description) } }
          json.key("at")
          if let at = change.at { json.number(at) } else { json.null() }
        }
        return json.text + "\n"
      }.joined()
  }

  private static let script =
    PackageRoot.url.appendingPathComponent("Tests/remote-reader/read_remote.py").path

  private static func run(
    _ arguments: [String], passphrase: (text: String, folder: URL)?
  ) throws -> (status: Int32, output: String, errors: String) {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    if let passphrase {
      let file = passphrase.folder.appendingPathComponent("Passphrase File")
      try Data((passphrase.text + "\n").utf8).write(to: file)
      process.arguments?.append(contentsOf: ["--passphrase-file", file.path])
    }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    let words = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: bytes, as: UTF8.self),
      String(decoding: words, as: UTF8.self)
    )
  }
}
