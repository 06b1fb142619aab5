import ArgumentParser
import Disk
import Glibc
import JSONText
import Papers
import Store

/// `shelf doctor [--fix]`
struct DoctorCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "doctor", abstract: "Look for damage, and mend what can be mended.",
    discussion: """
      Checks config.toml, the library's file, its tables against its log, the search index,
      permissions, what killed commands left, and room on the disk. --fix makes tables and index again
      from the log, takes loose permissions away, and removes what was left.
      """)
  @Flag(help: "Mend what can be mended.")
  var fix = false
  @Flag(help: "One JSON array of {\"good\",\"text\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    var checkup = Checkup(session, fix: fix)
    let findings = checkup.findings()
    if json {
      var json = JSONTextWriter.printed
      json.array(findings) { json, finding in
        json.object { json in
          json.member("good", finding.isGood)
          json.member("text", finding.text)
        }
      }
      try session.out.bytes(json.bytes + [0x0A])
      return checkup.worst
    }
    for finding in findings { try session.out.line(finding.line(try? session.screen())) }
    let worst = checkup.worst
    if worst != .ok, !fix { try session.say("`shelf doctor --fix` mends what can be mended") }
    return worst
  }
}

/// The checks of `doctor`, each a line.
private struct Checkup {
  struct Finding {
    var isGood: Bool
    var text: String

    func line(_ screen: Screen?) -> Styled {
      let palette = screen?.palette ?? Palette(isOn: false)
      let mark = isGood ? palette.paint("ok  ", .green) : palette.paint("!!  ", .red)
      return mark + text
    }
  }

  private let session: Session
  private let fix: Bool
  private(set) var worst = ExitStatus.ok

  init(_ session: Session, fix: Bool) {
    self.session = session
    self.fix = fix
  }

  mutating func findings() -> [Finding] {
    [checkConfiguration()] + checkLibrary() + checkPermissions() + checkLeftovers()
      + (session.networkDisk.map { [Finding(isGood: true, text: $0)] } ?? []) + [checkRoom()]
  }

  private mutating func bad(_ status: ExitStatus, _ text: String) -> Finding {
    if worst == .ok || status == .inputOutput { worst = status }
    return Finding(isGood: false, text: text)
  }

  private mutating func checkConfiguration() -> Finding {
    do {
      _ = try Configuration.read(session.paths.configuration, session.features.registers)
      return Finding(isGood: true, text: "configuration \(session.paths.configuration)")
    } catch {
      return bad(.configuration, Failure(error).message)
    }
  }

  private mutating func checkLibrary() -> [Finding] {
    let path = session.paths.library
    guard access(path, F_OK) == 0 else {
      return [Finding(isGood: true, text: "library \(path): none yet")]
    }
    do {
      // A home that cannot be written is still looked at, as far as reading goes.
      let canWrite = access(path, W_OK) == 0 && access(Paths.folder(of: path), W_OK) == 0
      let library = try Library(
        at: path, mode: canWrite ? .readWrite : .readOnly,
        surroundings: session.world.surroundings,
        understanding: session.features.understanding)
      return try checkContent(library) + [checkUnapplied(library)]
    } catch {
      let failure = Failure(error)
      return [bad(failure.status, failure.message)]
    }
  }

  private mutating func checkContent(_ library: Library) throws -> [Finding] {
    var problems = try library.problems()
    var mended: [Finding] = []
    if fix, !problems.isEmpty, library.mode == .readWrite {
      try library.rebuild()
      let left = try library.problems()
      mended = problems.filter { !left.contains($0) }
        .map { Finding(isGood: true, text: "mended: \($0)") }
      problems = left
    }
    if problems.isEmpty {
      let papers = try library.read { try $0.statistics(top: 0).papers }
      let depth = library.mode == .readOnly ? " (read-only: the file itself is whole)" : ""
      return mended + [
        Finding(isGood: true, text: "library \(library.path): \(Words.papers(papers))\(depth)")
      ]
    }
    return mended + problems.map { bad(.inputOutput, "library \(library.path): \($0)") }
  }

  private func checkUnapplied(_ library: Library) throws -> Finding {
    let count = try library.unappliedCount()
    let text =
      count == 0
      ? "every change is understood"
      : "\(Words.number(count, "change")) of a newer shelf, kept until this one is updated"
    return Finding(isGood: true, text: text)
  }

  private mutating func checkPermissions() -> [Finding] {
    let folder = Paths.folder(of: session.paths.library)
    let files = ["", "-wal", "-shm"].map { session.paths.library + $0 }
    var findings: [Finding] = []
    for path in [folder, session.paths.state, session.paths.configuration] + files {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & 0o077 != 0 else { continue }
      if fix, chmod(path, status.st_mode & 0o700) == 0 {
        findings.append(Finding(isGood: true, text: "mended: \(path) is for its owner only now"))
      } else {
        findings.append(bad(.partly, "\(path) can be looked at by others"))
      }
    }
    return findings.isEmpty ? [Finding(isGood: true, text: "permissions: owner only")] : findings
  }

  /// Files that a command was writing when it was killed. They harm nobody but take room, and the
  /// next command that writes beside them removes them, so they are told and are no trouble.
  private func checkLeftovers() -> [Finding] {
    let places = [session.paths.library, session.paths.configuration].map(Paths.folder)
    let folders = Set(places + [session.paths.state]).sorted()
    return folders.flatMap(PartialFile.abandoned).map { path in
      let isGone = fix && unlink(path) == 0
      return Finding(
        isGood: true, text: (isGone ? "mended: " : "") + "left by a shelf that was killed: \(path)")
    }
  }

  private mutating func checkRoom() -> Finding {
    var folder = Paths.folder(of: session.paths.library)
    while access(folder, F_OK) != 0, folder != "/", folder != "." {
      folder = Paths.folder(of: folder)
    }
    var status = statvfs()
    guard statvfs(folder, &status) == 0 else {
      return bad(.cannotWrite, "\(folder): \(String(cString: strerror(errno)))")
    }
    let megabytes =
      (Int(clamping: status.f_bavail) / 1024) * (Int(clamping: status.f_frsize)) / 1024
    guard megabytes >= 50 else {
      return bad(.cannotWrite, "only \(megabytes) MB are free on the disk of \(folder)")
    }
    return Finding(isGood: true, text: "room on the disk: \(megabytes) MB")
  }
}
