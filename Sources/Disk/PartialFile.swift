import Glibc

/// The file that is written beside the one it is going to replace: `NAME.shelf-partial-PID`.
///
/// Invariants: the name says whose it is, so that one left by a process that was killed can be told
/// and taken away by anybody later; one that a living process writes is never touched. A process on
/// another machine or in another container that shares the folder has a number that means nothing
/// here: its file is told by the lock on it, ours or SQLite's.
package enum PartialFile {
  private static let mark = ".shelf-partial-"

  /// Where this process writes what becomes `path`.
  package static func name(for path: String) -> String { path + mark + "\(getpid())" }

  /// ``name(for:)``, and the journal that SQLite puts beside it.
  package static func names(for path: String) -> [String] {
    [name(for: path), name(for: path) + "-journal"]
  }

  /// Marks an open file as one that is being written, until it is closed. A file system without
  /// locks leaves the process number in the name.
  package static func hold(_ descriptor: Int32) {
    var lock = whole(F_WRLCK)
    _ = fcntl(descriptor, openFileSetLock, &lock)
  }

  /// The files in a folder that processes left which are no more; their paths, in order.
  package static func abandoned(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var found: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard let writer = writer(of: name) else { continue }
      let path = folder.hasSuffix("/") ? folder + name : folder + "/" + name
      if isAbandoned(path, by: writer) { found.append(path) }
    }
    return found.sorted()
  }

  /// Removes them. What cannot be removed stays: it is in nobody's way.
  package static func sweep(_ folder: String) {
    for path in abandoned(in: folder) { unlink(path) }
  }

  /// The process that a name tells of; nil for any other name.
  private static func writer(of name: String) -> pid_t? {
    // By bytes: this runs in every command that writes, and a search by characters costs more than
    // all else that such a command does with names.
    let (bytes, mark, journal) = (Array(name.utf8), Array(mark.utf8), Array("-journal".utf8))
    guard bytes.count > mark.count,
      let start = (0...bytes.count - mark.count).last(where: { start in
        mark.indices.allSatisfy { bytes[start + $0] == mark[$0] }
      })
    else { return nil }
    var rest = bytes[(start + mark.count)...]
    if rest.count >= journal.count, rest.suffix(journal.count).elementsEqual(journal) {
      rest.removeLast(journal.count)
    }
    guard rest.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return pid_t(String(decoding: rest, as: UTF8.self)).flatMap { $0 > 0 ? $0 : nil }
  }

  private static func isAbandoned(_ path: String, by writer: pid_t) -> Bool {
    // A number that somebody else bears by now keeps the file until that process has ended, too.
    guard kill(writer, 0) != 0, errno == ESRCH else { return false }
    let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      status.st_uid == geteuid()
    else { return false }
    var lock = whole(F_WRLCK)
    return fcntl(descriptor, openFileGetLock, &lock) != 0 || lock.l_type == Int16(F_UNLCK)
  }

  // Locks of the open file and not of the process: SQLite's, which are of the process, would be
  // lost when any descriptor of the file is closed. Their macros want _GNU_SOURCE, so the numbers
  // of Linux stand here.
  private static let openFileGetLock: Int32 = 36
  private static let openFileSetLock: Int32 = 37

  private static func whole(_ type: Int32) -> flock {
    flock(
      l_type: Int16(type), l_whence: Int16(SEEK_SET), l_start: 0, l_len: 0, l_pid: 0)
  }
}
