import Foundation

/// Where the checkout and what lies beside it are, from the place of this file.
package enum PackageRoot {
  /// The folder of Package.swift.
  package static let url = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The real digests beside the checkout; nil on a machine without them.
  package static let digests: URL? = {
    let folder = url.deletingLastPathComponent().appendingPathComponent("shared/digests")
    return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
  }()
}
