import Disk
import Glibc

/// A folder of small files of which one would miss none much: the newest few are kept.
struct SmallFiles {
  /// Where they are.
  let folder: String
  /// How many are kept.
  let count: Int

  /// Puts lines into one of them, whole or not at all; nothing happens where the home cannot be
  /// written.
  func keep(_ lines: [String], in path: String) {
    let isNew = access(path, F_OK) != 0
    let text = lines.map { $0 + "\n" }.joined()
    do {
      try Files.makeFolder(folder)
      try Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
        try Files.write(Array(text.utf8), to: descriptor, path)
      }
      if isNew { try sweep() }
    } catch {
      // A read-only home is looked through all the same.
    }
  }

  /// Forgets those that were written longest ago.
  private func sweep() throws {
    let files = try Files.names(in: folder).filter { !$0.hasPrefix(".") }.map { name in
      let path = Paths.join(folder, name)
      var status = stat()
      return (path: path, time: stat(path, &status) == 0 ? status.st_mtim.tv_sec : 0)
    }
    for old in files.sorted(by: { $0.time > $1.time }).dropFirst(count) { unlink(old.path) }
  }
}
