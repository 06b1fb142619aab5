import Digests
import Disk
import Glibc

/// A digest to import: where it is, and how it is called.
struct DigestFile: Hashable {
  /// The path, URL, or `-`.
  var path: String
  /// Its size, bytes; 0 when it is not known.
  var size: Int

  /// Whether it must be fetched.
  var isURL: Bool { path.hasPrefix("http://") || path.hasPrefix("https://") }
  /// Whether it can be read at once: neither fetched nor waited for.
  var isOnDisk: Bool { path != "-" && !isURL }
}

/// Finds the digests that paths mean: a file is itself, a folder every digest in it and below.
///
/// Hidden files are passed over, links to folders are followed once each (a loop ends by itself),
/// and the order is that of the names.
struct DigestFiles {
  private static let kinds = [
    ".md", ".markdown", ".json", ".jsonl", ".txt", ".bib", ".ris", ".csv", ".rss", ".atom",
    ".yaml", ".yml", ".org", ".html", ".htm", ".mbox", ".eml", ".xml", ".rdf", ".tsv",
  ]
  private static let deepest = 64
  private var visited = Set<String>()
  private var found: [DigestFile] = []

  /// The digests of all `paths`, in order.
  /// - Throws: ``FileError`` when a named path is not there or a folder cannot be read.
  static func find(_ paths: [String]) throws -> [DigestFile] {
    var files = DigestFiles()
    for path in paths { try files.add(path) }
    return files.found
  }

  private mutating func add(_ path: String) throws {
    let file = DigestFile(path: path, size: 0)
    if path == "-" || file.isURL { return found.append(file) }
    var status = stat()
    guard stat(path, &status) == 0 else { throw FileError(verb: .read, path: path, code: errno) }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      return found.append(DigestFile(path: path, size: Int(status.st_size)))
    }
    try addFolder(path, status, depth: 0)
  }

  private mutating func addFolder(_ folder: String, _ status: stat, depth: Int) throws {
    guard depth < Self.deepest, visited.insert("\(status.st_dev):\(status.st_ino)").inserted
    else { return }
    for name in try Files.names(in: folder) where !name.hasPrefix(".") {
      let path = Paths.join(folder, name)
      var status = stat()
      guard stat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: try addFolder(path, status, depth: depth + 1)
      case S_IFREG where Self.kinds.contains(where: name.lowercased().hasSuffix):
        found.append(DigestFile(path: path, size: Int(status.st_size)))
      default: continue
      }
    }
  }
}
