import Glibc
import Papers

/// The rows of the last `list` or `search`, so that `%3` names the third. A snapshot: it never moves
/// when the library changes. What may be forgotten: no failure to keep it fails a command.
struct LastListing: Sendable {
  /// At most so many rows are kept.
  static let capacity = 10_000
  private let path: String
  private let folder: String

  /// The listing kept under these paths.
  init(_ paths: Paths) {
    folder = paths.state
    path = Paths.join(paths.state, "listing")
  }

  /// The paper in a row (1…); nil when there is none.
  func paper(row: Int) -> PaperID? {
    guard row >= 1, let text = try? Files.text(path) else { return nil }
    let lines = text.split(separator: "\n", maxSplits: row, omittingEmptySubsequences: true)
    return row <= lines.count ? PaperID(link: String(lines[row - 1])) : nil
  }

  /// Keeps the first rows of a listing.
  func keep(_ rows: [PaperID]) {
    let text = rows.prefix(Self.capacity).map { $0.rawValue + "\n" }.joined()
    do {
      try Files.makeFolder(folder)
      try Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
        try Files.write(Array(text.utf8), to: descriptor, path)
      }
    } catch {
      // A read-only home lists all the same; `%3` then finds an older listing or none.
    }
  }
}
