import Archives
import Digests
import Disk
import Glibc
import Papers

/// One digest of an import, ready to be read, as often as it takes: a file, what a gzip or xz file
/// holds, or a part of a zip archive. What is packed within that is not opened again.
struct DigestInput {
  private enum Form {
    case plain
    case packed(ArchiveKind)
    case part(ZipPart)
  }

  /// What is known of a digest that a source brought, besides what it says itself.
  struct Origin {
    /// The series that it is of.
    var series: String
    /// The day that it was asked for.
    var day: PaperDate?
  }

  /// The file it is in.
  let file: DigestFile
  /// What is known of it, where a source brought it.
  let origin: Origin?
  /// The open file; nil once it was let go.
  private let held: OpenFile?
  private let form: Form

  private init(_ file: DigestFile, _ held: OpenFile?, _ form: Form, _ origin: Origin?) {
    self.file = file
    self.origin = origin
    self.held = held
    self.form = form
  }

  /// What the person calls it; a part of what was fetched without the query, which names no path.
  var name: String {
    if case .part(let part) = form { Self.address(of: file) + "/" + part.name } else { file.path }
  }

  /// What the server says that it is.
  var contentType: String? { held?.type }

  /// What tells its series and day.
  var path: String {
    guard case .part(let part) = form else { return Self.absolute(file) }
    return Self.folder(of: file) + "/" + Self.withoutBranch(part.name)
  }

  /// Hands out its bytes.
  /// - Parameter progress: is told how many bytes of the file were read.
  func forEachChunk(
    progress: (Int) throws -> Void = { _ in }, _ body: (UnsafeRawBufferPointer) throws -> Void
  ) throws {
    let open = try held ?? OpenFile(path: file.path)
    lseek(open.descriptor, 0, SEEK_SET)
    var unpacking: Unpacking?
    switch form {
    case .part(let part):
      return try part.read(from: open.descriptor) { chunk in
        try progress(chunk.count)
        try body(chunk)
      }
    case .packed(let kind): unpacking = try Unpacking(kind)
    case .plain: break
    }
    try Files.forEachChunk(of: open.descriptor, file.path) { chunk in
      try progress(chunk.count)
      if unpacking == nil { try body(chunk) } else { try unpacking?.feed(chunk, body) }
    }
    try unpacking?.finish(body)
  }

  /// The same without the open file, where that can be opened again.
  var letGo: DigestInput { file.isOnDisk ? DigestInput(file, nil, form, origin) : self }

  // MARK: Names

  /// A bare `2025-10-02.md` belongs to the series its folder names.
  private static func absolute(_ file: DigestFile) -> String {
    guard file.path != "-", !file.path.hasPrefix("/"), !file.isURL,
      let resolved = realpath(file.path, nil)
    else { return file.path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// A zip archive as the folder that it is.
  private static func folder(of file: DigestFile) -> String {
    if file.path == "-" { return "" }
    guard file.isURL else { return withoutZip(absolute(file)) }
    return withoutZip(Paths.name(of: address(of: file)))
  }

  private static func address(of file: DigestFile) -> String {
    file.isURL ? String(file.path.prefix { $0 != "?" && $0 != "#" }) : file.path
  }

  private static func withoutZip(_ path: String) -> String {
    path.lowercased().hasSuffix(".zip") ? String(path.dropLast(4)) : path
  }

  /// GitHub packs a repository as a folder that is called after it and the branch.
  private static func withoutBranch(_ path: String) -> String {
    guard let slash = path.firstIndex(of: "/") else { return path }
    for branch in ["-main", "-master"] where path[..<slash].hasSuffix(branch) {
      return String(path[..<slash].dropLast(branch.count)) + path[slash...]
    }
    return path
  }

  // MARK: Opening

  /// The digests in a file, fetched where it must be.
  /// - Parameter passedOver: counts what a zip archive holds besides.
  /// - Throws: why nothing of it can be read.
  static func digests(
    in file: DigestFile, of world: World, passedOver: inout PassedOver
  ) throws -> [DigestInput] {
    let open = file.isOnDisk ? try OpenFile(path: file.path) : try fetch(file, world)
    return try digests(in: file, open, nil, passedOver: &passedOver)
  }

  /// The digests in what a source answered.
  /// - Parameter address: what was asked.
  static func digests(
    in answer: [UInt8], of address: String, type: String?, _ origin: Origin, _ world: World,
    passedOver: inout PassedOver
  ) throws -> [DigestInput] {
    let spooled = try Files.spool(in: world.temporaryFolder) {
      try Files.write(answer, to: $0, "a temporary file")
    }
    let file = DigestFile(path: address, size: answer.count)
    return try digests(in: file, OpenFile(spooled, type: type), origin, passedOver: &passedOver)
  }

  private static func digests(
    in file: DigestFile, _ open: OpenFile, _ origin: Origin?, passedOver: inout PassedOver
  ) throws -> [DigestInput] {
    switch ArchiveKind(mark: try Files.beginning(of: open.descriptor, file.path)) {
    case nil: return [DigestInput(file, open, .plain, origin)]
    case .gzip: return [DigestInput(file, open, .packed(.gzip), origin)]
    case .xz: return [DigestInput(file, open, .packed(.xz), origin)]
    case .zip:
      let archive = try ZipArchive(open.descriptor)
      // What that is, the reader of digests tells.
      if archive.isDocument { return [DigestInput(file, open, .plain, origin)] }
      let parts = try DigestFiles.lists(among: archive, passedOver: &passedOver)
      return parts.map { DigestInput(file, open, .part($0), origin) }
    }
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
    var type: String?
    let spooled = try Files.spool(in: world.temporaryFolder) {
      type = try fetch(file.path, $0, limit)
    }
    return OpenFile(spooled, type: type)
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

  /// What the server says that it is, of a file that was fetched.
  let type: String?

  /// Takes over an open file.
  init(_ descriptor: Int32, type: String? = nil) {
    self.descriptor = descriptor
    self.type = type
  }

  /// Opens a file to read it.
  init(path: String) throws {
    type = nil
    descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .read, path: path, code: errno) }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
