import Disk
import Glibc
import Store

/// config.toml in the editor: a copy is edited, checked, and put in its place as a whole. What the
/// person wrote and cannot stay is kept in a file of its own, and config.toml is then as it was.
struct ConfigurationEditing {
  private let session: Session
  private let template: String
  private let path: String

  /// - Parameter template: what to begin with where there is no config.toml yet.
  init(_ session: Session, template: String) {
    self.session = session
    self.template = template
    path = ConfigurationFile.place(session.paths.configuration)
  }

  /// Edits it.
  /// - Throws: ``Failure``, which says where what the person wrote is.
  func run() throws {
    let before = try ConfigurationFile.bytes(path)
    for old in Draft.kept("config", kind: ".toml", in: session.paths.drafts).reversed() {
      try session.say("what was not taken before is in \(old)")
    }
    let draft = try Draft.open(
      "config", kind: ".toml", in: session.paths.drafts, initial: before ?? Array(template.utf8),
      offering: false)
    do {
      guard try edit(draft) else { return }
      try ConfigurationFile.replace(
        path, with: try draft.bytes(), expecting: before, in: session.paths)
    } catch {
      throw sayingWhere(Failure(error), draft)
    }
    draft.remove()
    try session.say("\(path) makes sense")
  }

  /// - Returns: whether there is something to put in the place of config.toml.
  private func edit(_ draft: Draft) throws -> Bool {
    while true {
      if try Editor(session).run(on: draft) == .atOnce { throw Editor.returnedAtOnce }
      let bytes = try draft.bytes()
      do {
        guard let text = String(validating: bytes, as: UTF8.self) else {
          throw Failure(.configuration, "\(draft.path) is not UTF-8")
        }
        _ = try Configuration(text, path: draft.path, session.features.registers)
        return true
      } catch {
        guard session.world.isTerminal(STDIN_FILENO) else { throw error }
        _ = session.report(Failure(error))
        switch try session.ask("edit again, keep it in its own file, discard it?", "ekd") {
        case "e": continue
        case "d":
          draft.remove()
          try session.say("discarded; \(path) is as it was")
          return false
        default: throw error
        }
      }
    }
  }

  private func sayingWhere(_ failure: Failure, _ draft: Draft) -> Failure {
    var failure = failure
    guard !draft.isUnchanged || failure == Editor.returnedAtOnce else {
      draft.remove()
      return failure
    }
    let isTyped = !draft.isUnchanged
    failure.details.append((isTyped ? "what you wrote is kept in " : "the file is ") + draft.path)
    if isTyped { failure.details.append("\(path) is as it was") }
    return failure
  }
}

/// config.toml as a file that several may change at once.
enum ConfigurationFile {
  /// The file: who keeps config.toml among other dotfiles keeps the link.
  static func place(_ path: String) -> String { Files.place(path) }

  /// What is in it; nil when it is not there.
  static func bytes(_ path: String) throws -> [UInt8]? {
    try Files.bytesIfThere(path, limit: 1 << 20)
  }

  /// Puts `bytes` in its place as a whole, unless somebody else changed it since it was read.
  static func replace(
    _ path: String, with bytes: [UInt8], expecting before: [UInt8]?, in paths: Paths
  ) throws {
    try Files.makeFolder(Paths.folder(of: path))
    try Files.withLock(Paths.join(paths.state, "config.lock")) {
      guard try self.bytes(path) == before else {
        throw Failure(
          .busy, "\(path) was changed by somebody else meanwhile; it stays as they left it",
          advice: "look at it, and do it again: shelf config edit")
      }
      guard bytes != before else { return }
      var status = stat()
      let mode = stat(path, &status) == 0 ? status.st_mode & 0o777 : 0o600
      try Files.replace(path, mode: mode) { try Files.write(bytes, to: $0, path) }
    }
  }
}
