import ArgumentParser
import Changes
import Disk
import Filters
import Glibc
import JSONText
import Papers
import Store
import Sync

/// What one run of the program works with: the world, where the files are, what is configured, the
/// library, and where to print.
///
/// Invariant: nothing is opened or parsed before a command asks for it.
final class Session {
  /// Outside.
  let world: World
  /// What can be read, written and reached.
  let features: Features
  /// Where the files are.
  let paths: Paths
  /// Standard output: data only.
  let out: Sink
  /// Standard error: everything else.
  let notes: Sink
  /// The rows that `%3` speaks of.
  let listing: LastListing
  /// Told instead of the person at standard error, once, when a write waits for another shelf.
  var whenWaiting: (@Sendable () -> Void)?
  /// `--home`
  let home: String?
  /// Whether the list was changed, by this command or by what it brought from elsewhere.
  var hasChanged = false
  /// Whether this is the process in the background, or one that does its work; see
  /// ``BackgroundWork``.
  var isBackground = false
  private var parsed: Configuration?

  /// A session of a command with its `--home`.
  /// - Parameters:
  ///   - features: what it knows.
  ///   - output: where data goes.
  ///   - errors: where everything else goes.
  init(
    _ world: World, home: String?, _ features: Features = .standard,
    output: Int32 = STDOUT_FILENO, errors: Int32 = STDERR_FILENO
  ) {
    self.world = world
    self.features = features
    self.home = home
    paths = Paths(home: home, variable: world.variable)
    listing = LastListing(paths, world)
    out = Sink(output, path: "standard output")
    notes = Sink(errors, path: "standard error")
  }

  /// A session of the same home that has read nothing yet.
  func renewed() -> Session {
    let session = Session(
      world, home: home, features, output: out.descriptor, errors: notes.descriptor)
    session.isBackground = isBackground
    return session
  }

  /// Runs the words of the command line, and prints what went wrong.
  /// - Parameter words: those of the command line, where `world` has none.
  static func run(in world: World, _ words: () throws -> [String]) -> ExitStatus {
    Interrupt.arm()
    var world = world
    do {
      world.arguments = try words()
      if world.arguments == ["--version"] { return try version() }
      let verb = try CommandTree.parse(world.arguments)
      let session = Session(world, home: verb.home.directory)
      defer { session.followUp() }
      do {
        let status = try verb.run(session)
        try session.flush()
        return status
      } catch {
        try? session.flush()
        return session.report(session.failure(error))
      }
    } catch let guide as VerbGuide {
      let session = Session(world, home: guide.home)
      return session.report(guide.failure(session))
    } catch {
      return Session(world, home: nil).report(Failure(error))
    }
  }

  /// Without the parser, which makes the whole tree to find this one flag, and without a session,
  /// which knows all that a library may hold.
  private static func version() throws -> ExitStatus {
    let out = Sink(STDOUT_FILENO, path: "standard output")
    try out.line(Version.text)
    try out.flush()
    return .ok
  }

  /// An error in words; the papers that a short id may mean with their titles.
  private func failure(_ error: any Error) -> Failure {
    var failure = Failure(error)
    if case LibraryError.ambiguous(_, let candidates) = error,
      let titles = try? existingLibrary()?.read({ try candidates.map($0.title) })
    {
      for (place, title) in titles.enumerated() where failure.details.indices.contains(place) {
        failure.details[place] += title.isEmpty ? "" : "  " + title
      }
    }
    return failure
  }

  /// Prints what went wrong.
  func report(_ failure: Failure) -> ExitStatus {
    for line in failure.lines(painting: Palette(isOn: Screen.usesColor(world, STDERR_FILENO, nil)))
    {
      try? notes.line(line)
    }
    try? notes.flush()
    return failure.status
  }

  /// Writes what is held, data first.
  func flush() throws {
    try out.flush()
    try notes.flush()
  }

  /// One JSON object, as data.
  func print(_ members: (inout JSONTextWriter) -> Void) throws {
    var json = JSONTextWriter.printed
    json.object { members(&$0) }
    try out.bytes(json.bytes + [0x0A])
  }

  /// One JSON array of objects, as data.
  func print<Value>(
    array values: [Value], _ members: (inout JSONTextWriter, Value) -> Void
  ) throws {
    var json = JSONTextWriter.printed
    json.array(values) { json, value in json.object { members(&$0, value) } }
    try out.bytes(json.bytes + [0x0A])
  }

  /// A line for the person on standard error.
  func say(_ text: String) throws {
    try out.flush()
    try notes.line(text)
  }

  /// Asks a person at a terminal for one of several letters, until it is one of them.
  /// - Returns: the letter; the last one but one, which is to keep things, when nobody answers.
  func ask(_ question: String, _ letters: String) throws -> Character {
    while true {
      try flush()
      let choice = letters.map(String.init).joined(separator: "/")
      try Files.write(
        Array("\(Printable.line(question)) [\(choice)] ".utf8), to: STDERR_FILENO, "the terminal")
      guard let line = readLine() else { return letters.dropLast().last ?? "k" }
      if let letter = line.lowercased().first, letters.contains(letter) { return letter }
    }
  }

  /// Asks the person, where there is one at a terminal; a script has said what it wants.
  func isWanted(_ question: String) throws -> Bool {
    guard world.isTerminal(STDIN_FILENO) else { return true }
    try flush()
    try Files.write(
      Array("\(Printable.line(question)) [y/N] ".utf8), to: STDERR_FILENO, "the terminal")
    return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
  }

  /// What config.toml says, or the defaults when there is none.
  func configuration() throws -> Configuration {
    if let parsed { return parsed }
    let configuration = try Configuration.read(paths.configuration, features.registers)
    parsed = configuration
    return configuration
  }

  /// How to print on standard output.
  /// - Parameter width: `--width`.
  func screen(width: Int? = nil) throws -> Screen {
    if let width, !(20...10_000).contains(width) {
      throw Failure(.usage, "--width is a number from 20 to 10000, not \(width)")
    }
    return Screen(world, try configuration(), width: width)
  }

  // MARK: The library

  /// Whether there is a library at all.
  var hasLibrary: Bool { access(paths.library, F_OK) == 0 }

  /// The library to write to, made when it is not there.
  func library(dryRun: Bool = false) throws -> Library {
    guard !dryRun else { return try rehearsal() }
    // What a restore or a migration that was killed left may be as large as the library.
    PartialFile.sweep(Paths.folder(of: paths.library))
    let isNew = !hasLibrary
    var surroundings = world.surroundings
    if let whenWaiting { surroundings.whenWaiting = whenWaiting }
    let library = try Library(
      at: paths.library, surroundings: surroundings, understanding: features.understanding)
    library.afterChange = { [weak self] in self?.hasChanged = true }
    if isNew {
      try SyncEngine.settle(library, identity: world.identity(of: paths.library))
      if let words = networkDisk { try say(words) }
    }
    return library
  }

  /// That the library is on a network disk, and what that means; nil where it is not. SQLite's
  /// shared memory is of one machine (https://sqlite.org/wal.html).
  var networkDisk: String? {
    FileSystem.network(of: Paths.folder(of: paths.library)).map {
      """
      \(paths.library) is on a network disk (\($0)): use it from one machine only; \
      machines share a list through a remote, `shelf help sync`
      """
    }
  }

  /// The library of a dry run, in which everything is rolled back: an empty one in memory where
  /// there is none, and a copy in memory where the file, or its folder, cannot be written.
  private func rehearsal() throws -> Library {
    let path = paths.library
    guard hasLibrary else {
      return try Library(
        inMemory: world.surroundings, understanding: features.understanding)
    }
    guard access(path, W_OK) == 0, access(Paths.folder(of: path), W_OK) == 0 else {
      return try Library(
        copying: path, surroundings: world.surroundings, understanding: features.understanding)
    }
    // Looked at first: opening an older one to write would bring it up to date.
    _ = try reader(at: path)
    return try Library(
      at: path, surroundings: world.surroundings, understanding: features.understanding)
  }

  /// The library to read; nil when there is none yet.
  func existingLibrary() throws -> Library? {
    do {
      return try reader(at: paths.library)
    } catch LibraryError.missing {
      return nil
    } catch LibraryError.outdated {
      // Made by an older shelf, or left empty by one that was killed at birth.
      return try library()
    }
  }

  /// The library as it stands, only to be looked at between two keys; nil where there is none, or
  /// where it would first have to be brought up to date.
  func glance() -> Library? { try? reader(at: paths.library) }

  /// The library at a path, to read only. It needs no name for the machine.
  private func reader(at path: String) throws -> Library {
    try Library(
      at: path, mode: .readOnly,
      surroundings: Surroundings(now: world.now, random: world.random, machineName: ""),
      understanding: features.understanding)
  }

  /// The registers that are known.
  var registers: Registers { features.registers }

  /// Answers a question; nil, with a hint how to begin, when there is no library yet.
  func read<Value>(_ body: (LibraryReader) throws -> Value) throws -> Value? {
    guard let library = try existingLibrary() else {
      try say("nothing here yet; `shelf import PATH` reads digests, `shelf add ID` adds a paper")
      return nil
    }
    return try library.read(body)
  }

  /// What a filter needs to know besides the library.
  func filterContext() throws -> FilterContext {
    let listing = listing
    return FilterContext(
      today: world.today, startOfDay: world.startOfDay, listing: { listing.paper(row: $0) },
      views: try configuration().views)
  }

  /// The ids on standard input, with white space or NUL between.
  func idsOfInput() throws -> [String] {
    var ids: [String] = []
    var word: [UInt8] = []
    func end() {
      if !word.isEmpty { ids.append(String(decoding: word, as: UTF8.self)) }
      word.removeAll(keepingCapacity: true)
    }
    try Files.forEachChunk(of: STDIN_FILENO, "standard input") { chunk in
      for byte in chunk { if byte <= 0x20 { end() } else { word.append(byte) } }
    }
    end()
    if ids.isEmpty { try say("there is no id on standard input") }
    return ids
  }

  /// The filter that the words of a command line mean.
  func filter(_ words: [String]) throws -> Filter {
    let text = FilterParser.join(arguments: words, registers)
    return try FilterParser.parse(forgiving: text, today: world.today, registers).readingIDsAsAnyOf
  }

  /// The filter of a verb that writes: what makes no sense is no title that was pasted, but nothing
  /// that anybody should be written by.
  func exactFilter(_ words: [String]) throws -> Filter {
    let text = FilterParser.join(arguments: words, registers)
    return try FilterParser.parse(text, today: world.today, registers).readingIDsAsAnyOf
  }
}

extension Filter {
  /// Several ids in a row mean any of them: no paper has two, so "and" would select nothing.
  var readingIDsAsAnyOf: Filter {
    switch self {
    case .not(let part): return .not(part.readingIDsAsAnyOf)
    case .or(let parts): return .or(parts.map(\.readingIDsAsAnyOf))
    case .and(let parts): return Self.conjunction(parts.map(\.readingIDsAsAnyOf))
    default: return self
    }
  }

  private static func conjunction(_ parts: [Filter]) -> Filter {
    let named = parts.filter(\.isOfIDs)
    guard named.count > 1 else { return .and(parts) }
    let ids = named.flatMap { if case .or(let ids) = $0 { ids } else { [$0] } }
    let rest = parts.filter { !$0.isOfIDs }
    return rest.isEmpty ? .or(ids) : .and([.or(ids)] + rest)
  }

  /// Whether it names papers one by one.
  var isOfIDs: Bool {
    switch self {
    case .id: true
    case .or(let parts): parts.allSatisfy { if case .id = $0 { true } else { false } }
    default: false
    }
  }
}

extension Session {
  /// Prints lines, through the pager when a person looks and they are more than fit.
  func page(_ lines: [Styled], _ screen: Screen) throws {
    let pager = world.isSet("PAGER") ? world.variable("PAGER") ?? "" : pagerOfConfiguration
    let isDumb = world.variable("TERM") == "dumb"
    if screen.isTerminal, !isDumb, lines.count >= screen.height, !pager.isEmpty {
      try flush()
      // Without these less shows colours as ESC[1m, clears the screen, and Chinese as <E7><BC><93>.
      let usual = [("LESS", "FRX"), ("LESSCHARSET", "utf-8")].filter { !world.isSet($0.0) }
      if Programs.page(pager, usual, lines.map(\.rendered).joined(separator: "\n") + "\n") {
        return
      }
    }
    for line in lines { try out.line(line) }
  }

  /// A configuration that cannot be read keeps nobody from reading help.
  private var pagerOfConfiguration: String {
    ((try? configuration()) ?? Configuration()).pager
  }
}
