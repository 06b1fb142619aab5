import ArgumentParser
import Changes
import Digests
import Disk
import Glibc
import JSONText
import Papers
import Store

/// `shelf import PATH|DIR|URL|-…`
struct ImportCommand: Verb {
  static let configuration = CommandConfiguration(
    verb: "import", abstract: "Read digests, lists of other programs, or exports of shelf itself.",
    discussion: """
      A folder means every .md .markdown .json .jsonl .txt .bib .ris .csv .rss .atom in it and below;
      - is standard input. What a file is, its content tells.
      Reading a digest again changes nothing, whatever way and under whatever name it comes. What you
      did to a paper is never changed. The series of a digest is the folder or repository that the
      day's file hangs in.
      """)

  @Argument(help: ArgumentHelp("Files, folders, URLs, or -.", valueName: "path"))
  var paths: [String] = []
  @Option(help: ArgumentHelp("The series these digests belong to.", valueName: "name"))
  var source: String?
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp("What the files are, whatever they look like.", valueName: "format"))
  var format: String?
  @Flag(help: "Keep entries of lists that are no papers, too, by their address.")
  var all = false
  @Flag(name: [.customShort("n"), .long], help: "Say what would change, and change nothing.")
  var dryRun = false
  @Flag(help: "Print the counts and problems as JSON.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !paths.isEmpty else {
      throw Failure(
        .usage, "`shelf import` needs to know what to read",
        advice: "give files, folders or URLs; - is standard input")
    }
    let formats = try formats(of: session)
    let files = try DigestFiles.find(paths)
    var importing = Importing(session, self, files, formats)
    try importing.run()
    return try importing.finish()
  }

  /// The forms that the files may have: all, or the one the person names.
  private func formats(of session: Session) throws -> [any DigestFormat] {
    let all = session.features.digestFormats
    guard let format else { return all }
    let named = all.filter { $0.name == format && !format.isEmpty }
    guard named.isEmpty else { return named }
    let names = all.map(\.name).filter { !$0.isEmpty }
    throw Failure(
      .usage, "there is no format “\(format)” to import",
      advice: "it is one of " + names.joined(separator: ", "))
  }

  /// What `log` says of it.
  var what: String {
    let names = paths.prefix(3).map { $0 == "-" ? "-" : Paths.name(of: $0) }
    return "import " + names.joined(separator: " ") + (paths.count > 3 ? " …" : "")
  }
}

/// One run of `import`, all one operation: as many files to a transaction as are read in
/// ``Turn/length``, so that the disk is not waited for after each of thousands, and others wait no
/// longer.
private struct Importing {
  private let session: Session
  private let command: ImportCommand
  private let files: [DigestFile]
  private var importer: Importer
  private var operation: Stamp?
  private var progress: Progress
  private var turn: Turn

  init(
    _ session: Session, _ command: ImportCommand, _ files: [DigestFile],
    _ formats: [any DigestFormat]
  ) {
    self.session = session
    self.command = command
    self.files = files
    importer = Importer(
      now: session.world.now(), formats: formats, keepsAll: command.all)
    progress = Progress(session.world, total: files.reduce(0) { $0 + $1.size })
    turn = Turn(session.world)
  }

  mutating func run() throws {
    defer { progress.clear() }
    let library = try session.library(dryRun: command.dryRun)
    guard !command.dryRun else {
      // One transaction, so that a paper in two of the files is new once; rolled back.
      _ = try library.record(command.what, dryRun: true) { recorder in
        for file in files { try read(file, &recorder) }
      }
      return
    }
    var next = files.startIndex
    while next < files.endIndex {
      next = try record(from: next, into: library)
      turn.letOthersWrite()
    }
  }

  /// Records files from `start` on in one transaction.
  /// - Returns: the first one that is not recorded yet.
  /// - Throws: what is wrong with one of them; those before it are recorded.
  private mutating func record(from start: Int, into library: Library) throws -> Int {
    let importerBefore = importer
    var next = start
    // What has to be fetched first is fetched before others are kept waiting.
    let descriptor = try open(files[start])
    defer { close(descriptor) }
    let since = session.world.now()
    do {
      try record(into: library) { importing, recorder in
        try importing.read(descriptor, importing.files[start], &recorder)
        next += 1
        while next < importing.files.endIndex, importing.files[next].isOnDisk,
          (0..<Self.batchTime).contains(importing.session.world.now() - since)
        {
          try importing.read(importing.files[next], &recorder)
          next += 1
        }
      }
    } catch let error where next > start {
      importer = importerBefore
      try record(into: library) { importing, recorder in
        for file in importing.files[start..<next] { try importing.read(file, &recorder) }
      }
      throw error
    }
    return next
  }

  /// Milliseconds in one transaction: as long as those who wait for the library wait anyway, see
  /// `Turn`. Each commit flushes the search index and the log, and what every paper changes is
  /// written once more.
  private static let batchTime = Turn.length

  private mutating func record(
    into library: Library, _ body: (inout Importing, inout Recorder) throws -> Void
  ) throws {
    let recorded = try library.record(command.what, continuing: operation) { recorder in
      try body(&self, &recorder)
    }
    operation = recorded.operation ?? operation
  }

  private mutating func read(_ file: DigestFile, _ recorder: inout Recorder) throws {
    let descriptor = try open(file)
    defer { close(descriptor) }
    try read(descriptor, file, &recorder)
  }

  private mutating func read(
    _ descriptor: Int32, _ file: DigestFile, _ recorder: inout Recorder
  ) throws {
    try importer.read(
      descriptor, name: file.path, series: DigestSource.series(path: Self.absolute(file.path)),
      source: command.source, into: &recorder
    ) { count in progress.advance(by: count) }
  }

  /// A bare `2025-10-02.md` belongs to the series its folder names.
  private static func absolute(_ path: String) -> String {
    guard path != "-", !path.hasPrefix("/"), !DigestFile(path: path, size: 0).isURL,
      let resolved = realpath(path, nil)
    else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  private func open(_ file: DigestFile) throws -> Int32 {
    if file.path == "-" {
      return try Files.spool(in: session.world.temporaryFolder) { into in
        try Files.forEachChunk(of: STDIN_FILENO, "standard input") {
          try Files.write($0, to: into, "a temporary file")
        }
      }
    }
    if file.isURL {
      guard let fetch = session.world.fetch else {
        throw Failure(
          .unreachable, "this build cannot fetch \(file.path)",
          advice: "fetch it yourself: curl -L URL | shelf import - --source NAME")
      }
      return try Files.spool(in: session.world.temporaryFolder) {
        try fetch(file.path, $0, DigestReader.Limits().file)
      }
    }
    let descriptor = Glibc.open(file.path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw FileError(verb: .read, path: file.path, code: errno) }
    return descriptor
  }

  // MARK: The report

  func finish() throws -> ExitStatus {
    let report = importer.report
    if command.json {
      try printJSON(report)
    } else {
      for problem in report.problems { try session.say(Self.line(problem)) }
      try report.added.sayBelow(Self.summary(report, files.count), session)
      if command.dryRun {
        try session.say("nothing was changed (--dry-run)")
      } else if operation != nil {
        try session.say("undo: shelf undo")
      }
    }
    if report.problems.isEmpty { return .ok }
    // Nothing but files that are no lists of papers.
    return report.papers == 0 && report.problems.allSatisfy(\.isRefusal) ? .badInput : .partly
  }

  private static func line(_ problem: Problem) -> String {
    let place = problem.line > 0 ? "\(problem.file):\(problem.line)" : problem.file
    return "\(place): \(problem.message)"
  }

  private static func summary(_ report: ImportReport, _ files: Int) -> String {
    var parts = [
      "\(report.new) new", "\(report.updated) updated", "\(report.seenAgain) seen again",
    ]
    if !report.problems.isEmpty { parts.append(Words.number(report.problems.count, "problem")) }
    let from = files == 1 ? "" : " in \(Words.number(files, "file"))"
    return "\(Words.papers(report.papers))\(from): " + parts.joined(separator: ", ")
  }

  private func printJSON(_ report: ImportReport) throws {
    var json = JSONTextWriter.printed
    json.object { json in
      json.member("papers", report.papers)
      json.member("new", report.new)
      json.member("updated", report.updated)
      json.member("seenAgain", report.seenAgain)
      json.key("problems")
      json.array(report.problems) { json, problem in
        json.object { json in
          json.member("file", problem.file)
          json.member("line", problem.line)
          json.member("message", problem.message)
        }
      }
    }
    try session.out.bytes(json.bytes + [0x0A])
  }
}

/// Fairness between writers: those who wait look every ``Library/waitingLook`` milliseconds whether
/// the library is free, and an import of many files would leave it free only for instants. So every
/// three seconds it stands aside for long enough that everyone who waits has looked.
private struct Turn {
  /// Milliseconds.
  static let length: Int64 = 3000

  private let now: @Sendable () -> Int64
  private var since: Int64

  init(_ world: World) {
    now = world.now
    since = world.now()
  }

  mutating func letOthersWrite() {
    guard now() - since >= Self.length || now() < since else { return }
    usleep(UInt32(4 * Library.waitingLook) * 1000)
    since = now()
  }
}
