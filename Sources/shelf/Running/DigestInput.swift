import Digests
import Disk
import Glibc

/// One digest of an import, ready to be read, as often as it takes.
struct DigestInput {
  /// The file it is in.
  let file: DigestFile
  /// The open file, where the file cannot be opened again: standard input, what was fetched.
  private let held: OpenFile?

  /// Makes a file ready.
  /// - Throws: why it cannot be read.
  init(_ file: DigestFile, in world: World) throws {
    self.file = file
    held = file.isOnDisk ? nil : try Self.fetch(file, world)
    if held == nil { _ = try OpenFile(path: file.path) }
  }

  /// What the person calls it.
  var name: String { file.path }

  /// What tells its series and day.
  var path: String { Self.absolute(file) }

  /// Hands out its bytes.
  func forEachChunk(_ body: (UnsafeRawBufferPointer) throws -> Void) throws {
    let open = try held ?? OpenFile(path: file.path)
    lseek(open.descriptor, 0, SEEK_SET)
    try Files.forEachChunk(of: open.descriptor, file.path, body)
  }

  /// A bare `2025-10-02.md` belongs to the series its folder names.
  private static func absolute(_ file: DigestFile) -> String {
    guard file.path != "-", !file.path.hasPrefix("/"), !file.isURL,
      let resolved = realpath(file.path, nil)
    else { return file.path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  // MARK: What comes once

  private static func fetch(_ file: DigestFile, _ world: World) throws -> OpenFile {
    let limit = DigestReader.Limits().file
    guard file.isURL else { return try spool(file, world, limit) }
    guard let fetch = world.fetch else {
      throw Failure(
        .unreachable, "this build cannot fetch \(file.path)",
        advice: "fetch it yourself: curl -L URL | shelf import - --source NAME")
    }
    let spooled = try Files.spool(in: world.temporaryFolder) { try fetch(file.path, $0, limit) }
    return OpenFile(spooled)
  }

  /// Copies standard input, a pipe or a device.
  private static func spool(_ file: DigestFile, _ world: World, _ limit: Int) throws -> OpenFile {
    let isInput = file.path == "-"
    let name = isInput ? "standard input" : file.path
    let source = try isInput ? nil : OpenFile(path: file.path)
    var size = 0
    let spooled = try Files.spool(in: world.temporaryFolder) { into in
      try Files.forEachChunk(of: source?.descriptor ?? STDIN_FILENO, name) { chunk in
        size += chunk.count
        guard size <= limit else { throw FileError(verb: .read, path: name, code: EFBIG) }
        try Files.write(chunk, to: into, "a temporary file")
      }
    }
    return OpenFile(spooled)
  }
}

/// An open file that is closed when nobody holds it any more.
final class OpenFile: Sendable {
  /// The system's number for it.
  let descriptor: Int32

  /// Takes over an open file.
  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Opens a file to read it.
  init(path: String) throws {
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
