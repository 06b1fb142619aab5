import ArgumentParser
import Disk
import Glibc
import JSONText
import Papers
import Store

/// `shelf restore FILE`
struct RestoreCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "restore", abstract: "Put a backup in the place of the library.",
    discussion: """
      The backup is checked first, and the library as it is now is kept beside it. Asks only on a
      terminal.
      """)
  @Argument(
    help: ArgumentHelp("A file that `shelf backup` wrote.", valueName: "file"),
    completion: .file())
  var file: String
  @Flag(help: "Do not ask.")
  var yes = false
  @Flag(name: [.customShort("n"), .long], help: "Check the file, and change nothing.")
  var dryRun = false
  @Flag(help: "A JSON object, {\"file\",\"papers\",\"kept\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let papers = try examine(session)
    func printJSON(_ kept: String?) throws {
      try session.print { json in
        json.member("file", file)
        json.member("papers", papers)
        json.member("kept", kept)
      }
    }
    guard !dryRun else {
      guard !json else {
        try printJSON(nil)
        return .ok
      }
      try session.say("\(file) is whole: \(Words.papers(papers)); nothing was changed (--dry-run)")
      return .ok
    }
    guard try isWanted(papers, session) else {
      try session.say("nothing was changed")
      return .ok
    }
    let kept = try replace(session)
    guard !json else {
      try printJSON(kept)
      return .ok
    }
    try session.say("\(Words.papers(papers)) restored from \(file)")
    if let kept {
      try session.say("the library as it was: \(kept)")
      try session.say("back: shelf restore \(kept)")
    }
    for line in whatSyncBrings(session) { try session.say(line) }
    return .ok
  }

  /// A sync adds and takes nothing away: what other machines know, or this one sent, comes again.
  private func whatSyncBrings(_ session: Session) -> [String] {
    guard let remotes = try? session.configuration().remotes.keys.sorted(), !remotes.isEmpty else {
      return []
    }
    let removing = remotes.map { Programs.line(["shelf", "remote", "remove", $0]) }
    return [
      "the next sync brings back what was synced since the backup was made",
      "  → to stay without it, before you sync: " + removing.joined(separator: "; "),
    ]
  }

  /// How many papers a whole backup holds.
  private func examine(_ session: Session) throws -> Int {
    guard access(file, R_OK) == 0 else { throw FileError(verb: .read, path: file, code: errno) }
    try checkIsFile()
    do {
      let library = try Library(
        at: file, mode: .readOnly, surroundings: session.world.surroundings,
        understanding: session.features.understanding)
      let problems = try library.problems()
      if let first = problems.first { throw LibraryError.damaged(path: file, detail: first) }
      return try library.read { try $0.statistics(top: 0).papers }
    } catch LibraryError.damaged(_, let detail) {
      throw Failure(.badInput, "\(file) is no whole library: \(detail); nothing was changed")
    } catch LibraryError.outdated {
      throw Failure(.badInput, "\(file) holds no library; nothing was changed")
    }
  }

  /// SQLite would wait for ever for a pipe to begin, and has odd words for a folder.
  private func checkIsFile() throws {
    var status = stat()
    guard stat(file, &status) == 0 else { throw FileError(verb: .read, path: file, code: errno) }
    let type = status.st_mode & S_IFMT
    guard type == S_IFREG else {
      throw Failure(
        .badInput,
        "\(file) is \(type == S_IFDIR ? "a folder" : "no plain file"), and so no backup; "
          + "nothing was changed")
    }
  }

  private func isWanted(_ papers: Int, _ session: Session) throws -> Bool {
    guard !yes, access(session.paths.library, F_OK) == 0 else { return true }
    return try session.isWanted(
      "Put \(Words.papers(papers)) of \(file) in the place of \(session.paths.library)?")
  }

  /// - Returns: where the library as it was is now; nil when there was none.
  private func replace(_ session: Session) throws -> String? {
    let path = session.paths.library
    guard access(path, F_OK) == 0 else {
      try session.library().replaceContent(with: file)
      return nil
    }
    let kept = path + ".before-restore-" + Self.compact(session.world.now())
    do {
      let library = try session.library()
      Interrupt.removing(PartialFile.names(for: kept))
      defer { Interrupt.removing([]) }
      try library.backup(to: kept, replacing: true)
      try library.replaceContent(with: file)
    } catch LibraryError.damaged {
      try setAside(path, as: kept)
      try session.library().replaceContent(with: file)
    }
    return kept
  }

  /// A library too damaged to be copied is kept as it is, its log with it.
  private func setAside(_ path: String, as kept: String) throws {
    for suffix in ["", "-wal", "-shm"] where access(path + suffix, F_OK) == 0 {
      guard rename(path + suffix, kept + suffix) == 0 else {
        throw FileError(verb: .write, path: kept + suffix, code: errno)
      }
    }
    AtomicFile.flushFolder(of: path)
  }

  /// `20251002T080000123Z`
  private static func compact(_ milliseconds: Int64) -> String {
    Timestamp.rfc3339(milliseconds).filter { !"-:.".contains($0) }
  }
}
