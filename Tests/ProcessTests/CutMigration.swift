import Foundation
import Store
import TestSupport

/// A migration by `MigrationProbe`, which knows one version more than this build, and may be ended
/// at any moment.
enum CutMigration {
  static let probe = ShelfProcess.binary.deletingLastPathComponent()
    .appendingPathComponent("MigrationProbe")

  /// Looks at a library whose migration was ended: its tables are the old ones or the new ones, and
  /// with the new ones a backup of the old stands beside it.
  /// - Parameter acknowledged: whether the migration said that it is done.
  /// - Returns: what is wrong.
  static func trouble(in library: String, acknowledged: Bool) throws -> String? {
    let old = Understanding.standard.version
    let found = try Shell.sqlite(library, "PRAGMA integrity_check; PRAGMA user_version")
    switch found {
    case "ok\n\(old)\n": return acknowledged ? "not migrated" : nil
    case "ok\n\(old + 1)\n":
      let backup = try Shell.sqlite(library + ".before-v\(old + 1)", "PRAGMA integrity_check")
      return backup == "ok\n" ? nil : "a broken backup: \(backup)"
    default: return "broken: \(found)"
    }
  }
}
