import Archives
import Changes
import Digests
import Disk
import Glibc
import Store
import Transport

/// One run of `import`, all one operation: as many digests to a transaction as are read in
/// ``Turn/length``, so that the disk is not waited for after each of thousands, and others wait no
/// longer.
///
/// Invariants: a digest comes in whole or not at all, and one that cannot be read keeps none of the
/// others out.
struct Importing {
  private let session: Session
  private let command: ImportCommand
  private var files: ArraySlice<DigestFile>
  /// What was opened and is to be read next.
  private var inputs: ArraySlice<DigestInput> = []
  private var importer: Importer
  private var outcome: ImportOutcome
  private var operation: Stamp?
  private var progress: Progress
  private var turn: Turn

  /// - Parameters:
  ///   - files: what to read.
  ///   - formats: the forms that it may have.
  init(
    _ session: Session, _ command: ImportCommand, _ files: DigestFiles,
    _ formats: [any DigestFormat]
  ) {
    self.session = session
    self.command = command
    self.files = files.found[...]
    importer = Importer(now: session.world.now(), formats: formats, keepsAll: command.all)
    outcome = ImportOutcome(of: files)
    progress = Progress(session.world, total: files.found.reduce(0) { $0 + $1.size })
    turn = Turn(session.world)
  }

  /// Reads everything.
  mutating func run() throws {
    defer { progress.clear() }
    guard !files.isEmpty else { return }
    let library = try session.library(dryRun: command.dryRun)
    if command.dryRun { return try rehearse(in: library) }
    while let input = try nextInput() {
      try record(from: input, into: library)
      turn.letOthersWrite()
    }
  }

  /// Says what came of it.
  func finish() throws -> ExitStatus {
    var outcome = outcome
    outcome.report = importer.report
    outcome.ending = command.dryRun ? .rehearsed : operation == nil ? .unchanged : .recorded
    return try outcome.say(session, asJSON: command.json)
  }

  // MARK: One digest after the other

  /// The next digest, fetched where it must be.
  private mutating func nextInput() throws -> DigestInput? {
    while inputs.isEmpty, let file = files.popFirst() {
      do {
        inputs = try DigestInput.digests(
          in: file, of: session.world, passedOver: &outcome.passedOver)[...]
      } catch {
        try leaveOut(file.path, error)
      }
    }
    return inputs.popFirst()
  }

  /// The next digest, if it can be read at once and there is time for it.
  private mutating func inputAtHand(since: Int64) throws -> DigestInput? {
    guard !inputs.isEmpty || files.first?.isOnDisk == true,
      (0..<Self.batchTime).contains(session.world.now() - since)
    else { return nil }
    return try nextInput()
  }

  /// Notes why one of the inputs is not read.
  /// - Throws: the error, where it is not of that input alone.
  private mutating func leaveOut(_ name: String, _ error: any Error) throws {
    guard let failure = Failure(ofInput: name, error) else { throw error }
    outcome.failures.append((name, failure))
  }

  private mutating func read(_ input: DigestInput, _ recorder: inout Recorder) throws {
    try importer.read(input, source: command.source, into: &recorder) { count in
      progress.advance(by: count)
    }
  }

  // MARK: Transactions

  /// Milliseconds in one transaction: as long as those who wait for the library wait anyway, see
  /// `Turn`. Each commit flushes the search index and the log, and what every paper changes is
  /// written once more.
  private static let batchTime = Turn.length

  /// Records digests from `first` on in one transaction; without one that cannot be read.
  private mutating func record(from first: DigestInput, into library: Library) throws {
    let importerBefore = importer
    var (next, taken) = (first, [DigestInput]())
    let since = session.world.now()
    do {
      try record(into: library) { importing, recorder in
        while true {
          try importing.read(next, &recorder)
          taken.append(next.letGo)
          guard let following = try importing.inputAtHand(since: since) else { return }
          next = following
        }
      }
    } catch {
      importer = importerBefore
      if !taken.isEmpty {
        try record(into: library) { importing, recorder in
          for input in taken { try importing.read(input, &recorder) }
        }
      }
      try leaveOut(next.name, error)
    }
  }

  private mutating func record(
    into library: Library, _ body: (inout Importing, inout Recorder) throws -> Void
  ) throws {
    let recorded = try library.record(command.what, continuing: operation) { recorder in
      try body(&self, &recorder)
    }
    operation = recorded.operation ?? operation
  }

  /// One transaction, so that a paper in two of the files is new once; rolled back. Each digest is
  /// read to its end before, so that none is counted in half.
  private mutating func rehearse(in library: Library) throws {
    _ = try library.record(command.what, dryRun: true) { recorder in
      while let input = try nextInput() {
        do {
          try input.forEachChunk { _ in }
          try read(input, &recorder)
        } catch {
          try leaveOut(input.name, error)
        }
      }
    }
  }
}

extension Failure {
  /// Why one of several inputs cannot be read; nil for what is no trouble of that input.
  init?(ofInput name: String, _ error: any Error) {
    switch error {
    case let error as FileError where error.verb == .read: self.init(file: error)
    case is TransportError: self.init(error)
    case is DigestReader.ReadError, is ArchiveError:
      self.init(error)
      message = "\(name): \(message)"
    case let error as Failure where error.status == .unreachable: self = error
    default: return nil
    }
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
