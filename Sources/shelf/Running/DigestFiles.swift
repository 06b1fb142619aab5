import Digests
import Disk
import Glibc

/// A digest to import: where it is, and how it is called.
struct DigestFile: Hashable {
  /// The path, URL, or `-`.
  var path: String
  /// Its size, bytes; 0 when it is not known.
  var size: Int
  /// Whether it is a pipe or a device, which can be read but once.
  var isStream = false

  /// Whether it must be fetched.
  var isURL: Bool { path.hasPrefix("http://") || path.hasPrefix("https://") }
  /// Whether it can be read at once: neither fetched nor waited for.
  var isOnDisk: Bool { path != "-" && !isURL && !isStream }
}

/// Finds the digests that paths mean: a file is itself, a folder every digest in it and below.
///
/// Links to folders are followed once each (a loop ends by itself), and the order is that of the
/// names. What is passed over is counted: hidden files and folders (`.git` is one), `node_modules`,
/// virtual environments of Python, and files whose names end otherwise than those of lists do. A
/// file that is named itself is read whatever it is called.
struct DigestFiles {
  private static let kinds = [
    ".md", ".markdown", ".json", ".jsonl", ".txt", ".bib", ".ris", ".csv", ".rss", ".atom",
  ]
  private static let deepest = 64
  private var visited = Set<String>()
  /// The digests, in order.
  private(set) var found: [DigestFile] = []
  /// The paths that are not there, and the folders that cannot be read.
  private(set) var failures: [(name: String, failure: Failure)] = []

  /// What there is besides.
  private(set) var passedOver = PassedOver()

  /// The digests of all `paths`.
  static func find(_ paths: [String]) -> DigestFiles {
    var files = DigestFiles()
    for path in paths { files.add(path) }
    return files
  }

  private mutating func add(_ path: String) {
    let file = DigestFile(path: path, size: 0)
    if path == "-" || file.isURL { return found.append(file) }
    var status = stat()
    guard stat(path, &status) == 0 else {
      return fail(FileError(verb: .read, path: path, code: errno))
    }
    guard status.st_mode & S_IFMT != S_IFDIR else { return addFolder(path, status, depth: 0) }
    let isFile = status.st_mode & S_IFMT == S_IFREG
    found.append(DigestFile(path: path, size: Int(status.st_size), isStream: !isFile))
  }

  private mutating func fail(_ error: FileError) {
    failures.append((error.path, Failure(file: error)))
  }

  private mutating func addFolder(_ folder: String, _ status: stat, depth: Int) {
    guard depth < Self.deepest else { return passedOver.add(.tooDeep) }
    guard visited.insert("\(status.st_dev):\(status.st_ino)").inserted else { return }
    do throws(FileError) {
      for name in try Files.names(in: folder) where name != "." && name != ".." {
        addEntry(Paths.join(folder, name), name, depth: depth)
      }
    } catch {
      fail(error)
    }
  }

  private mutating func addEntry(_ path: String, _ name: String, depth: Int) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      return passedOver.add(name.hasPrefix(".") ? .hiddenFile : .deadLink)
    }
    let isFolder = status.st_mode & S_IFMT == S_IFDIR
    if let reason = Self.reason(toPassOver: path, name, isFolder: isFolder) {
      return passedOver.add(reason)
    }
    if isFolder { return addFolder(path, status, depth: depth + 1) }
    guard status.st_mode & S_IFMT == S_IFREG else { return passedOver.add(.special) }
    guard Self.kinds.contains(where: name.lowercased().hasSuffix) else {
      return passedOver.add(file: name)
    }
    found.append(DigestFile(path: path, size: Int(status.st_size)))
  }

  /// What is nobody's list, whatever is in it.
  private static func reason(
    toPassOver path: String, _ name: String, isFolder: Bool
  ) -> PassedOver.Kind? {
    if name.hasPrefix(".") { return isFolder ? .hiddenFolder : .hiddenFile }
    guard isFolder else { return nil }
    if name == "node_modules" { return .packages }
    return access(Paths.join(path, "pyvenv.cfg"), F_OK) == 0 ? .virtualEnvironment : nil
  }
}
