import Changes
import Foundation
import Papers
import TestSupport
import Testing

@testable import Store

/// A library meets a newer build: its tables are brought up to date after a backup, and changes
/// that could only be kept take effect.
@Suite struct MigrationTests {
  private let paper = PaperID(trusted: "2510.00001")

  private func open(_ workspace: Workspace, _ understanding: Understanding) throws -> Library {
    try Library(
      at: workspace.url.appendingPathComponent("library.sqlite").path, mode: .readWrite,
      surroundings: workspace.surroundings, understanding: understanding)
  }

  private func next(_ sql: String) -> Understanding {
    var next = Understanding.standard
    next.migrations.append(.init(next.version + 1, sql))
    return next
  }

  @Test func aBackupComesBeforeAMigration() throws {
    let workspace = try Workspace()
    do {
      let library = try workspace.library()
      try library.record("add") { try $0.write([.added(paper, 5), .status(paper, .read)]) }
    }
    let migrated = try open(workspace, next("ALTER TABLE paper ADD COLUMN venue TEXT"))
    #expect(try migrated.read { try $0.paper(paper) }?.status == .read)
    let backup = try workspace.library(
      "library.sqlite.before-v\(Understanding.standard.version + 1)", mode: .readOnly)
    #expect(try backup.read { try $0.paper(paper) }?.status == .read)
    #expect(throws: LibraryError.self) { _ = try workspace.library() }
  }

  @Test func aMigrationThatFailsChangesNothing() throws {
    let workspace = try Workspace()
    do {
      let library = try workspace.library()
      try library.record("add") { try $0.write([.added(paper, 5)]) }
    }
    let broken = next("ALTER TABLE paper ADD COLUMN venue TEXT; INSERT INTO nowhere VALUES (1)")
    #expect(throws: LibraryError.self) { _ = try open(workspace, broken) }
    let library = try workspace.library()
    #expect(try library.read { try $0.isListed(paper) })
    #expect(try library.problems() == [])
  }

  @Test func whatWasKeptTakesEffectWhenItIsUnderstood() throws {
    let workspace = try Workspace()
    let stamp = Stamp(milliseconds: 9, counter: 0, device: DeviceID(bits: 3))
    do {
      let library = try workspace.library()
      try library.record("add") { try $0.write([.added(paper, 5)]) }
      try library.receive([
        Change(stamp: stamp, operation: stamp, entity: "p:2510.00001", field: "mood", value: "7")
      ])
      #expect(try library.unappliedCount() == 1)
    }
    // A build that understands more folds everything again, and once only.
    var fresh = Understanding.standard
    fresh.number += 1
    let file = workspace.url.appendingPathComponent("library.sqlite").path
    func spoilAndOpen() throws -> ReadingStatus? {
      try Shell.sqlite(file, "UPDATE paper SET status = 3")
      return try open(workspace, fresh).read { try $0.paper(paper) }?.status
    }
    #expect(try spoilAndOpen() == .unread)
    #expect(try spoilAndOpen() == .read)
    #expect(try open(workspace, fresh).unappliedCount() == 1, "this build still cannot read it")
  }
}
