import Disk
import Glibc
import URLText

extension RemoteKind {
  /// A path, or a `file:` URL.
  package static let directory = RemoteKind(
    "directory", schemes: ["file": "file"], takesPaths: true, explanation: "a path"
  ) { _, address, pace throws(TransportError) in
    try DirectoryFolder(path: DirectoryFolder.path(address), pace: pace)
  }
}

/// A local directory as a remote: a USB stick, or one that Syncthing carries.
///
/// Invariants: a file is replaced whole (written beside, fsynced, renamed, the directory fsynced),
/// so no reader sees half of ours; everything is relative to one open directory handle and nothing
/// follows a symbolic link inside it, so nothing outside is read or written; files are 0600, a
/// directory that we make is 0700.
package final class DirectoryFolder: RemoteFolder {
  private let path: String
  private let pace: Pace
  private var isSwept = false
  /// What was read and written, an operation counting as a request.
  package private(set) var traffic = Traffic()

  init(path: String, pace: Pace) throws(TransportError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw TransportError(
        kind: .local, method: "open", url: path, detail: "no path", isOfFolder: true)
    }
    self.path = path
    self.pace = pace
  }

  /// The path of a `file:` URL (RFC 8089), whatever host it names; any other address is one
  /// already.
  package static func path(_ address: String) -> String {
    guard address.lowercased().hasPrefix("file:") else { return address }
    var rest = address.dropFirst(5).prefix { $0 != "?" && $0 != "#" }
    if rest.hasPrefix("//") { rest = rest.dropFirst(2).drop { $0 != "/" } }
    while rest.count > 1, rest.hasSuffix("/") { rest.removeLast() }
    return PercentEncoding.decode(rest) ?? String(rest)
  }

  /// The regular files of the directory; a missing directory has none.
  package func list() throws(TransportError) -> Listing {
    traffic.requests += 1
    guard let folder = try open("list", making: false) else { return .files([]) }
    guard let found = regularFiles(folder, where: { RemoteName($0) != nil }) else {
      throw failure("list", path, errno)
    }
    let files = found.compactMap { text, info in
      RemoteName(text).map {
        ListedFile(name: $0, size: Int(info.st_size), version: Self.version(info))
      }
    }
    return .files(files.sorted { $0.name < $1.name })
  }

  /// When it was written.
  private static func version(_ info: stat) -> Int64 {
    Int64(info.st_mtim.tv_sec) &* 1_000_000_000 &+ Int64(info.st_mtim.tv_nsec)
  }

  /// Regular files of the directory whose names are wanted; nil when it cannot be read.
  private func regularFiles(
    _ folder: Descriptor, where isWanted: (String) -> Bool
  ) -> [(name: String, info: stat)]? {
    // fdopendir takes the descriptor over; the handle keeps its own.
    guard let stream = fdopendir(dup(folder.number)) else { return nil }
    defer { closedir(stream) }
    rewinddir(stream)
    var files: [(name: String, info: stat)] = []
    while let entry = readdir(stream) {
      let text = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      var info = stat()
      guard isWanted(text), fstatat(folder.number, text, &info, AT_SYMLINK_NOFOLLOW) == 0,
        info.st_mode & S_IFMT == S_IFREG
      else { continue }
      files.append((text, info))
    }
    return files
  }

  /// Takes away what processes that were killed left of their writes, once for each object. Where
  /// the directory is shared nobody can tell who still lives, but a write is over long before an
  /// hour.
  private func sweep(_ folder: Descriptor) {
    guard !isSwept else { return }
    isSwept = true
    for (name, info) in regularFiles(folder, where: Self.isPartial) ?? []
    where Double(info.st_mtim.tv_sec) + 3600 < pace.now() {
      unlinkat(folder.number, name, 0)
    }
  }

  /// `.NAME.NUMBER`, as ``write(_:_:)`` makes it.
  private static func isPartial(_ name: String) -> Bool {
    guard name.hasPrefix("."), let dot = name.lastIndex(of: "."), dot > name.startIndex else {
      return false
    }
    return RemoteName(String(name[..<dot].dropFirst())) != nil
      && UInt64(name[name.index(after: dot)...]) != nil
  }

  /// One file after the other.
  package func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    names.map { name in
      Result { () throws(TransportError) in try read(name, limit: limit) }
    }
  }

  /// A new file, renamed over the old one once it is on the disk.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    traffic.requests += 1
    guard let folder = try open("write", making: true) else {
      throw failure("write", path, ENOENT)
    }
    sweep(folder)
    // Not as ``PartialFile`` names them: the number of a process means nothing on the other
    // machines.
    let partial = ".\(name.text).\(UInt64(pace.random() * 0x1p52))"
    do {
      try AtomicFile.replace(name.text, in: folder.number, writing: partial, mode: 0o600, bytes)
    } catch {
      throw failure("write", error.path, error.code)
    }
    guard fsync(folder.number) == 0 || AtomicFile.cannotFlushFolders(errno) else {
      throw failure("write", path, errno)
    }
    traffic.bytesSent += bytes.count
  }

  /// Removes the file; one that is not there is removed.
  package func delete(_ name: RemoteName) throws(TransportError) {
    traffic.requests += 1
    guard let folder = try open("delete", making: false) else { return }
    guard unlinkat(folder.number, name.text, 0) == 0 || errno == ENOENT else {
      throw failure("delete", name.text, errno)
    }
  }

  private func read(_ name: RemoteName, limit: Int) throws(TransportError) -> ReadOutcome {
    traffic.requests += 1
    guard let folder = try open("read", making: false) else { return .missing }
    // Without NONBLOCK a named pipe in the folder would be waited for.
    let flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK
    guard let file = Descriptor(openat(folder.number, name.text, flags)) else {
      if errno == ENOENT { return .missing }
      throw failure("read", name.text, errno)
    }
    var info = stat()
    guard fstat(file.number, &info) == 0, info.st_mode & S_IFMT == S_IFREG else {
      throw failure("read", name.text, EINVAL)
    }
    guard let bytes = try contents(file, name, limit: limit) else {
      throw TransportError(
        kind: .garbled, method: "read", url: shown(name.text),
        detail: "larger than \(limit) bytes", isOfFolder: true)
    }
    traffic.bytesReceived += bytes.count
    return .found(bytes)
  }

  /// All bytes; nil when there are more than `limit`. The size is not believed: the file may grow.
  private func contents(
    _ file: Descriptor, _ name: RemoteName, limit: Int
  ) throws(TransportError) -> [UInt8]? {
    var all: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 64 * 1024)
    while true {
      let count = Glibc.read(file.number, &piece, piece.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw failure("read", name.text, errno) }
      guard count > 0 else { return all }
      guard count <= limit - all.count else { return nil }
      all += piece.prefix(count)
    }
  }

  /// The directory; nil when it is not there and is not to be made. Its parent is never made: a
  /// stick that is not plugged in must not come to be as a directory on the disk.
  private func open(_ verb: String, making: Bool) throws(TransportError) -> Descriptor? {
    let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
    if let folder = Descriptor(Glibc.open(path, flags)) { return folder }
    guard errno == ENOENT else { throw failure(verb, path, errno) }
    guard making else { return nil }
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(verb, path, errno) }
    guard let folder = Descriptor(Glibc.open(path, flags)) else { throw failure(verb, path, errno) }
    // Its own name must be on the disk too; where the parent may not be read, it is as it is.
    if let above = Descriptor(openat(folder.number, "..", flags)) { fsync(above.number) }
    return folder
  }

  /// Of a folder that is not there yet, that of the one above it.
  package var root: FolderRoot? {
    var trimmed = path[...]
    while trimmed.utf8.count > 1, trimmed.utf8.last == UInt8(ascii: "/") {
      trimmed = Substring(trimmed.utf8.dropLast())
    }
    let name = String(trimmed)
    var status = stat()
    let isLink = lstat(name, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    guard stat(name, &status) == 0 || stat(AtomicFile.folder(of: name), &status) == 0 else {
      return nil
    }
    return FolderRoot(path: path, isLink: isLink, fileSystem: UInt64(status.st_dev))
  }

  private func shown(_ name: String) -> String {
    name == path ? path : path + (path.hasSuffix("/") ? "" : "/") + name
  }

  private func failure(_ verb: String, _ name: String, _ code: Int32) -> TransportError {
    let kind: TransportError.Kind =
      switch code {
      case ENOSPC, EDQUOT, EFBIG: .full
      case EROFS: .readOnly
      case EACCES, EPERM: ["write", "delete"].contains(verb) ? .readOnly : .unauthorized
      case ENOENT, ENOTDIR, ENODEV, ENXIO, ESTALE, EHOSTDOWN: .unreachable
      default: .local
      }
    return TransportError(
      kind: kind, method: verb, url: shown(name), detail: String(cString: strerror(code)),
      isOfFolder: true)
  }
}

/// An open file descriptor, closed with its last user.
private final class Descriptor {
  let number: Int32

  /// Nil for a failed call, which leaves errno.
  init?(_ number: Int32) {
    guard number >= 0 else { return nil }
    self.number = number
  }

  deinit { close(number) }
}
