import Archives
import Digests
import Disk
import Filters
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
    ".yaml", ".yml", ".org", ".html", ".htm", ".mbox", ".eml", ".xml", ".rdf", ".tsv",
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
    var failure = Failure(file: error)
    if error.code == ENOENT, FilterParser.looksLikeID(error.path) {
      failure.advice = "that names a paper: " + Programs.line(["shelf", "add", error.path])
    }
    failures.append((error.path, failure))
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
    guard Self.isList(name) else { return passedOver.add(.init(file: name)) }
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

  /// Whether a file is called as lists are, packed or not.
  private static func isList(_ name: String) -> Bool {
    var name = name.lowercased()
    for ending in [".gz", ".xz"] where name.hasSuffix(ending) { name.removeLast(ending.count) }
    return kinds.contains(where: name.hasSuffix)
  }
}

// MARK: Archives

extension DigestFiles {
  /// The lists in a zip archive, chosen as in a folder; the only file of one is taken whatever it
  /// is called.
  /// - Throws: where there is none to read.
  static func lists(
    among archive: ZipArchive, passedOver: inout PassedOver
  ) throws -> [ZipPart] {
    var lists: [ZipPart] = []
    for part in archive.parts {
      if archive.parts.count > 1, let reason = reason(toPassOver: part) {
        passedOver.add(reason)
      } else {
        lists.append(part)
      }
    }
    guard !lists.isEmpty else { throw ArchiveError.withoutLists }
    guard lists.contains(where: { !$0.isEncrypted }) else { throw ArchiveError.encrypted }
    return lists
  }

  private static func reason(toPassOver part: ZipPart) -> PassedOver.Kind? {
    if part.isLink { return .special }
    let path = part.name.split(separator: "/")
    let name = path.last.map(String.init) ?? ""
    let folders = path.dropLast()
    if folders.contains("node_modules") { return .packages }
    // macOS puts a hidden twin of each file beside it.
    if folders.contains(where: { $0.hasPrefix(".") && $0 != "." && $0 != ".." })
      || folders.first == "__MACOSX" || name.hasPrefix(".")
    {
      return .hiddenFile
    }
    return isList(name) ? nil : PassedOver.Kind(file: name)
  }
}
