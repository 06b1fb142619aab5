import Disk
import Foundation
import Store
import TestSupport
import Testing

/// What is left half written by a process that was killed, and what a living one is writing.
@Suite struct PartialFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func make(_ name: String) throws -> String {
    let path = folder.path + "/" + name
    try Data("half".utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// The number of a process that has ended.
  private func deadNumber() throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/true")
    try process.run()
    process.waitUntilExit()
    return process.processIdentifier
  }

  @Test func whatADeadProcessLeftIsRemoved() throws {
    let dead = try deadNumber()
    let left = try ["x.shelf-partial-\(dead)", "x.sqlite.shelf-partial-\(dead)-journal"].map(make)
    #expect(PartialFile.abandoned(in: folder.path) == left)
    PartialFile.sweep(folder.path)
    #expect(PartialFile.abandoned(in: folder.path) == [])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func whatALivingProcessWritesStays() throws {
    _ = try make("mine.shelf-partial-\(getpid())")
    _ = try make("others.shelf-partial-\(getppid())-journal")
    _ = try make("first.shelf-partial-1")
    #expect(PartialFile.abandoned(in: folder.path) == [])
  }

  /// The number of a process in another container, or on another machine, says nothing here: its
  /// lock does.
  @Test func whatIsLockedStays() throws {
    let path = try make("far.shelf-partial-\(deadNumber())")
    let held = open(path, O_WRONLY | O_CLOEXEC)
    #expect(held >= 0)
    PartialFile.hold(held)
    #expect(PartialFile.abandoned(in: folder.path) == [])
    close(held)
    #expect(PartialFile.abandoned(in: folder.path) == [path])
    // SQLite's own lock, of another process that is copying into the file.
    let database = folder.path + "/copy.shelf-partial-\(try deadNumber())"
    try Shell.sqlite(database, "CREATE TABLE t (x)")
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    holder.arguments = [
      "python3", "-c",
      """
      import sqlite3,sys
      c=sqlite3.connect(sys.argv[1],isolation_level=None); c.execute("BEGIN IMMEDIATE")
      print("held",flush=True); sys.stdin.read()
      """, database,
    ]
    let (said, release) = (Pipe(), Pipe())
    holder.standardOutput = said
    holder.standardInput = release
    try holder.run()
    _ = said.fileHandleForReading.availableData
    #expect(PartialFile.abandoned(in: folder.path) == [path])
    try release.fileHandleForWriting.close()
    holder.waitUntilExit()
    #expect(PartialFile.abandoned(in: folder.path) == [database, path])
  }

  @Test func otherNamesAndOtherThingsStay() throws {
    let dead = try deadNumber()
    for name in [
      "film.partial-\(dead)", "x.shelf-partial-", "x.shelf-partial-0", "x.shelf-partial--5",
      "x.shelf-partial-\(dead)-other", "x.shelf-partial-99999999999999999999",
      "shelf-partial-\(dead)",
    ] { _ = try make(name) }
    let target = try make("target")
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/link.shelf-partial-\(dead)", withDestinationPath: target)
    try FileManager.default.createDirectory(
      atPath: folder.path + "/folder.shelf-partial-\(dead)", withIntermediateDirectories: false)
    #expect(PartialFile.abandoned(in: folder.path) == [])
    #expect(PartialFile.abandoned(in: folder.path + "/nowhere") == [])
  }
}
