import Changes
import Glibc
import Papers
import Sealing
import Store
import Transport

/// The exports that `sync.NAME.publish` names, put beside the files of the sync so that the list
/// can be read at the folder's address. Whoever can read the folder can read them, and nobody reads
/// them for a sync: their names are none of its files'. Not `index.html`: Apache's mod_dir, asked
/// to list a folder that has one, tells of that file alone.
struct Publishing {
  /// One that there is, and the file it becomes.
  static let files: [(format: String, file: String)] = [
    ("html", "list.html"), ("atom", "list.atom"),
  ]

  private let remote: Remote
  private let session: Session
  private let path: String

  init(_ remote: Remote, _ session: Session) {
    self.remote = remote
    self.session = session
    path = Self.path(remote.name, in: session.paths)
  }

  private static func path(_ remote: String, in paths: Paths) -> String {
    Paths.join(Paths.join(paths.state, "publish"), Draft.name(remote))
  }

  /// Forgets what was written to a remote.
  static func forget(_ remote: String, in paths: Paths) { unlink(path(remote, in: paths)) }

  /// Writes those that tell something else than when they were last written.
  /// - Parameter isLost: whether the folder may have lost them.
  /// - Returns: the files that were written.
  func bringInStep(through folder: any RemoteFolder, isLost: Bool) throws -> [String] {
    let wanted = Self.files.filter { remote.published.contains($0.format) }
    guard !wanted.isEmpty, let library = try session.existingLibrary() else { return [] }
    let formats = wanted.map(\.format).joined(separator: ",")
    let state = "\(try library.lastPlace()) \(session.world.today) \(formats)"
    let known = isLost ? Known() : Known((try? Files.text(path, limit: 64 << 10)) ?? "")
    guard known.state != state else { return [] }
    var (now, written) = (Known(), [String]())
    now.state = state
    for (format, file) in wanted {
      guard let format = session.features.exportFormats.first(where: { $0.name == format }),
        let name = RemoteName(file)
      else { continue }
      let export = try Exporting(session, format, [])
      let before = known.files[file]
      var hash = ""
      if let before { hash = Self.hash(try export.bytes(saying: before.moment)) }
      if let before, hash == before.hash {
        now.files[file] = before
        continue
      }
      let moment = Timestamp.minute(session.world.now(), in: session.world.zone)
      let bytes = try export.bytes(saying: moment)
      try folder.write(name, bytes)
      now.files[file] = (Self.hash(bytes), moment)
      written.append(file)
    }
    keep(now)
    return written
  }

  private static func hash(_ bytes: [UInt8]) -> String { Hex.text(SealedFile.hash(bytes)) }

  private func keep(_ known: Known) {
    try? Files.makeFolder(Paths.folder(of: path))
    try? Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
      try Files.write(Array(known.text.utf8), to: descriptor, path)
    }
  }

  /// What was written last.
  private struct Known {
    /// What it was made of.
    var state = ""
    /// The SHA-256 of each file, and when it says that it was made.
    var files: [String: (hash: String, moment: String)] = [:]

    init() {}

    init(_ text: String) {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      state = String(lines[0])
      for line in lines.dropFirst() {
        let parts = line.split(separator: " ", maxSplits: 2)
        guard parts.count == 3 else { continue }
        files[String(parts[0])] = (String(parts[1]), String(parts[2]))
      }
    }

    var text: String {
      let lines = files.sorted { $0.key < $1.key }.map {
        "\($0.key) \($0.value.hash) \($0.value.moment)"
      }
      return ([state] + lines).joined(separator: "\n") + "\n"
    }
  }
}
