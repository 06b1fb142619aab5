import Glibc

/// Files that are on the disk, whole, when a call returns.
///
/// Invariants: a file is written beside the one it replaces, flushed and renamed, so that a reader
/// sees the old or the new, never a part; when a call throws, the old one stands as it was and
/// nothing is left beside it.
package enum AtomicFile {
  /// Told the files that a process which ends now would leave, and nothing once there are none.
  package typealias Announcement = (_ leftovers: [String]) -> Void

  /// Replaces a file by what `body` writes into an open one. What is no plain file (`/dev/stdout`)
  /// is written straight.
  /// - Parameters:
  ///   - mode: permissions before the process's mask.
  ///   - isFlushed: false for what may be forgotten at a power cut.
  /// - Throws: ``FileError``, or what `body` throws.
  package static func replace(
    _ path: String, mode: mode_t = 0o666, isFlushed: Bool = true,
    announcing announce: Announcement = { _ in }, _ body: (Int32) throws -> Void
  ) throws {
    if !isPlainOrNew(path) { return try overwrite(path, body) }
    _ = try withPartial(path, mode, isFlushed, announce) { partial in
      PartialFile.hold(partial.descriptor)
      try body(partial.descriptor)
      return true
    }
  }

  /// Replaces a file as ``replace(_:mode:isFlushed:announcing:_:)`` does, unless it holds the same
  /// bytes already: then it is not touched.
  /// - Parameter finish: told the open file that differs, to change bytes of it that are no
  ///   difference, before it takes the place of the old one.
  /// - Returns: whether it was written.
  /// - Throws: ``FileError``, or what `body` throws.
  package static func replaceIfOther(
    _ path: String, mode: mode_t = 0o666, announcing announce: Announcement = { _ in },
    _ body: (Int32) throws -> Void, whenOther finish: (Int32) throws -> Void = { _ in }
  ) throws -> Bool {
    guard isPlainOrNew(path) else {
      try overwrite(path, body)
      return true
    }
    return try withPartial(path, mode, true, announce) { partial in
      PartialFile.hold(partial.descriptor)
      try body(partial.descriptor)
      if haveSameBytes(partial.name, path) { return false }
      try finish(partial.descriptor)
      return true
    }
  }

  private static func isPlainOrNew(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG
  }

  /// Replaces a file by what `body` puts into an empty one that it is told the path of. For SQLite,
  /// which opens and locks it itself.
  /// - Throws: ``FileError``, or what `body` throws.
  package static func replace(
    _ path: String, mode: mode_t, announcing announce: Announcement = { _ in },
    byPath body: (String) throws -> Void
  ) throws {
    _ = try withPartial(path, mode, true, announce) { partial in
      try body(partial.name)
      return true
    }
  }

  /// Replaces a file of an open folder by bytes. The folder itself is not flushed.
  /// - Parameter partial: the name to write under, which nothing else may bear.
  package static func replace(
    _ name: String, in folder: Int32, writing partial: String, mode: mode_t, _ bytes: [UInt8]
  ) throws(FileError) {
    let partial = try Partial(of: name, in: folder, called: partial, mode)
    try write(bytes, to: partial.descriptor, name)
    try partial.commit(isFlushed: true)
  }

  /// - Parameter body: writes, and says whether what is written takes the place of the old one.
  private static func withPartial(
    _ path: String, _ mode: mode_t, _ isFlushed: Bool, _ announce: Announcement,
    _ body: (borrowing Partial) throws -> Bool
  ) throws -> Bool {
    PartialFile.sweep(folder(of: path))
    let name = PartialFile.name(for: path)
    // One of a process that bore our number is taken away; one that others put there is not written
    // to.
    unlink(name)
    defer { announce([]) }
    let partial = try Partial(of: path, in: AT_FDCWD, called: name, mode)
    announce(PartialFile.names(for: path))
    guard try body(partial) else { return false }
    try partial.commit(isFlushed: isFlushed)
    if isFlushed { flushFolder(of: path) }
    return true
  }

  /// Whether two files can be read and hold the same.
  private static func haveSameBytes(_ a: String, _ b: String) -> Bool {
    let files = [a, b].map { (name: String) in open(name, O_RDONLY | O_CLOEXEC) }
    defer { for file in files where file >= 0 { close(file) } }
    guard files.allSatisfy({ $0 >= 0 }) else { return false }
    let size = 1 << 16
    let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 16)
    defer { buffers.deallocate() }
    while true {
      let counts = [0, 1].map {
        fill(files[$0], buffers.baseAddress?.advanced(by: $0 * size), size)
      }
      guard counts[0] == counts[1], counts[0] >= 0, let first = buffers.baseAddress,
        memcmp(first, first.advanced(by: size), counts[0]) == 0
      else { return false }
      if counts[0] < size { return true }
    }
  }

  /// Reads as many bytes as there are, or as many as fit; below 0 where that fails.
  private static func fill(
    _ file: Int32, _ buffer: UnsafeMutableRawPointer?, _ size: Int
  ) -> Int {
    var filled = 0
    while filled < size {
      let count = read(file, buffer?.advanced(by: filled), size - filled)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return -1 }
      guard count > 0 else { break }
      filled += count
    }
    return filled
  }

  private static func overwrite(_ path: String, _ body: (Int32) throws -> Void) throws {
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .write, path: path, code: errno) }
    defer { close(descriptor) }
    try body(descriptor)
  }

  /// Writes all bytes to an open file.
  /// - Parameter path: what an error names.
  package static func write(
    _ bytes: some Collection<UInt8>, to descriptor: Int32, _ path: String
  ) throws(FileError) {
    let code = bytes.withContiguousStorageIfAvailable { buffer -> Int32 in
      var rest = UnsafeRawBufferPointer(buffer)
      while !rest.isEmpty {
        let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        guard count > 0 else { return count < 0 ? errno : ENOSPC }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return 0
    }
    guard let code else { return try write(Array(bytes), to: descriptor, path) }
    guard code == 0 else { throw FileError(verb: .write, path: path, code: code) }
  }

  // MARK: Folders

  /// The folder a path is in; `.` for a bare name.
  package static func folder(of path: String) -> String {
    // By byte: with an accent behind it, it would be another character.
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a folder and those above it, for the owner only, each on the disk with its name.
  package static func makeFolder(_ path: String) throws(FileError) {
    var status = stat()
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else {
        throw FileError(verb: .write, path: path, code: ENOTDIR)
      }
      return
    }
    let above = folder(of: path)
    if above != path { try makeFolder(above) }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw FileError(verb: .write, path: path, code: errno)
    }
    flushFolder(of: path)
  }

  /// Whether an `fsync` of a folder failed because the file system knows no such thing (fsync(2)
  /// says EINVAL; FUSE and network ones others), which is no reason to fail.
  package static func cannotFlushFolders(_ code: Int32) -> Bool {
    [EINVAL, ENOSYS, EOPNOTSUPP, ENOTTY].contains(code)
  }

  /// Flushes the folder that a name stands in, so that the name survives a power cut. A file system
  /// that cannot is no reason to fail.
  package static func flushFolder(of path: String) {
    let descriptor = open(folder(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}

/// An open file that is written beside the one it is going to replace; taken away again unless it
/// is committed.
private struct Partial: ~Copyable {
  let descriptor: Int32
  let name: String
  private let target: String
  private let folder: Int32
  private var isOpen = true
  private var isThere = true

  /// - Parameters:
  ///   - target: what it becomes, relative to the folder.
  ///   - folder: an open folder, or `AT_FDCWD`.
  init(
    of target: String, in folder: Int32, called name: String, _ mode: mode_t
  ) throws(FileError) {
    let flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
    descriptor = openat(folder, name, flags, mode)
    self.name = name
    self.target = target
    self.folder = folder
    guard descriptor >= 0 else {
      (isOpen, isThere) = (false, false)
      throw FileError(verb: .write, path: target, code: errno)
    }
  }

  /// Closed first: some network file systems rename no open file.
  consuming func commit(isFlushed: Bool) throws(FileError) {
    guard !isFlushed || fsync(descriptor) == 0 else {
      throw FileError(verb: .write, path: target, code: errno)
    }
    isOpen = false
    close(descriptor)
    guard renameat(folder, name, folder, target) == 0 else {
      throw FileError(verb: .write, path: target, code: errno)
    }
    isThere = false
  }

  deinit {
    if isThere { unlinkat(folder, name, 0) }
    if isOpen { close(descriptor) }
  }
}
