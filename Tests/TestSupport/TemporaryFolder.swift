import Foundation

/// A folder under the system's temporary folder, removed with its owner.
package final class TemporaryFolder: Sendable {
  /// Its path.
  package let path: String

  /// A new empty folder.
  package init() throws {
    let name = "papershelf-test-\(UUID().uuidString)"
    path = FileManager.default.temporaryDirectory.appendingPathComponent(name).path
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
