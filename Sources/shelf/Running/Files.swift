import Archives
import Disk
import Glibc

/// Files of the person, read and written whole. All calls throw ``FileError``.
enum Files {
  /// The text of a small file, invalid UTF-8 repaired; at most `limit` bytes are read.
  static func text(_ path: String, limit: Int = 16 << 20) throws -> String {
    String(decoding: try bytes(path, limit: limit), as: UTF8.self)
  }

  /// What is left in an open file as text.
  static func text(of descriptor: Int32, _ path: String, limit: Int = 16 << 20) throws -> String {
    String(decoding: try bytes(of: descriptor, path, limit: limit), as: UTF8.self)
  }

  /// What is in a small file.
  static func bytes(_ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
    defer { close(descriptor) }
    return try bytes(of: descriptor, path, limit: limit)
  }

  /// What is left in an open file.
  static func bytes(of descriptor: Int32, _ path: String, limit: Int = 16 << 20) throws -> [UInt8] {
    var bytes: [UInt8] = []
    try forEachChunk(of: descriptor, path) { chunk in
      guard bytes.count + chunk.count <= limit else {
        throw FileError(verb: .read, path: path, code: EFBIG)
      }
      bytes.append(contentsOf: chunk)
    }
    return bytes
  }

  /// The first bytes of an open file, from which nothing is read by that.
  static func beginning(
    of descriptor: Int32, _ path: String
  ) throws(FileError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: ArchiveKind.markLength)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
    return Array(bytes[..<count])
  }

  /// The names of what is in a folder, in the order of their bytes.
  static func names(in folder: String) throws(FileError) -> [String] {
    guard let stream = opendir(folder) else {
      throw FileError(verb: .read, path: folder, code: errno)
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafePointer(to: &entry.pointee.d_name) {
          $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        })
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Hands out an open file in chunks.
  static func forEachChunk(
    of descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
      guard count > 0 else { return }
      try body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  /// Writes all of `bytes`.
  static func write(_ bytes: some Collection<UInt8>, to descriptor: Int32, _ path: String) throws {
    try AtomicFile.write(bytes, to: descriptor, path)
  }

  /// Replaces a file as a whole, see ``AtomicFile``; Ctrl-C takes away what is there of the new
  /// one.
  static func replace(
    _ path: String, mode: mode_t = 0o666, isFlushed: Bool = true, _ body: (Int32) throws -> Void
  ) throws {
    try AtomicFile.replace(
      path, mode: mode, isFlushed: isFlushed, announcing: Interrupt.removing, body)
  }

  /// Brings a file of the person's in step: a link stays one, permissions stay, and a file that
  /// holds the same already is not touched.
  /// - Parameter finish: see ``AtomicFile/replaceIfOther(_:mode:announcing:_:whenOther:)``.
  /// - Returns: whether it was written.
  static func keep(
    _ path: String, _ body: (Int32) throws -> Void,
    whenOther finish: (Int32) throws -> Void = { _ in }
  ) throws -> Bool {
    let path = place(path)
    var status = stat()
    let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o666
    return try AtomicFile.replaceIfOther(
      path, mode: mode, announcing: Interrupt.removing, body, whenOther: finish)
  }

  /// What is in a small file; nil where there is none.
  static func bytesIfThere(_ path: String, limit: Int = 16 << 20) throws -> [UInt8]? {
    do {
      return try bytes(path, limit: limit)
    } catch let error as FileError where error.code == ENOENT {
      return nil
    }
  }

  /// Runs `body` while no other shelf holds a lock: an empty file, made where it is not there.
  static func withLock<Result>(_ path: String, _ body: () throws -> Result) throws -> Result {
    try makeFolder(AtomicFile.folder(of: path))
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw FileError(verb: .write, path: path, code: errno) }
    defer { close(descriptor) }
    while flock(descriptor, LOCK_EX) != 0, errno == EINTR {}
    return try body()
  }

  /// What this process is called in lists of them (proc_pid_comm(5)).
  static func name(process name: String) throws {
    let path = "/proc/self/comm"
    let descriptor = open(path, O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .write, path: path, code: errno) }
    defer { close(descriptor) }
    try write(Array(name.utf8), to: descriptor, path)
  }

  /// The file that a name, or a link, leads to: what is put in its place leaves the link.
  static func place(_ path: String) -> String {
    guard let real = realpath(path, nil) else { return path }
    defer { free(real) }
    return String(cString: real)
  }

  /// Makes a folder and those above it, for the owner only.
  static func makeFolder(_ path: String) throws { try AtomicFile.makeFolder(path) }

  /// Copies standard input, or whatever writes into it, to a file without a name, so that nobody
  /// who types or downloads slowly holds the library locked.
  /// - Parameter folder: where, see ``World/temporaryFolder``.
  static func spool(in folder: String, _ fill: (Int32) throws -> Void) throws -> Int32 {
    var template = Array((folder + "/shelf-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw FileError(verb: .write, path: folder, code: errno) }
    unlink(template)
    do {
      try fill(descriptor)
      lseek(descriptor, 0, SEEK_SET)
      return descriptor
    } catch {
      close(descriptor)
      throw error
    }
  }
}

extension Failure {
  /// A file in words.
  init(file error: FileError) {
    let reason = error.reason
    switch (error.verb, error.code) {
    case (.read, ENOENT):
      self.init(.noInput, "there is no file \(error.path)", advice: "look at the name")
    case (.read, EACCES), (.read, EISDIR), (.read, EPERM):
      self.init(.noInput, "cannot read \(error.path): \(reason)")
    case (.read, EFBIG): self.init(.badInput, "\(error.path) is too large")
    case (.read, _): self.init(.inputOutput, "reading \(error.path) failed: \(reason)")
    case (.write, ENOSPC), (.write, EDQUOT):
      self.init(.cannotWrite, "no room on the disk for \(error.path)", advice: "make room first")
    case (.write, _): self.init(.cannotWrite, "cannot write \(error.path): \(reason)")
    }
  }
}
