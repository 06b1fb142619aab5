import Changes
import Papers
import Sealing
import Simulator
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import Sync

/// A device of a story: a library of its own, a clock set by hand, and folders it syncs with.
final class Machine {
  let name: String
  var library: Library
  var identity: String
  var passphrase: [UInt8]?
  var weaknesses: Set<AbsentRule> = []
  var compactAt = 64
  var segmentSize = SegmentSize.standard
  var dearListing = 128 * 1024
  let clock: Clock
  static let keys = KeyCache()

  final class Clock: Sendable {
    let now: Mutex<Int64>
    let generator: Mutex<SeededGenerator>

    init(_ now: Int64, seed: UInt64) {
      self.now = Mutex(now)
      generator = Mutex(SeededGenerator(seed: seed))
    }
  }

  init(
    _ name: String, seed: UInt64? = nil, now: Int64 = 1_760_000_000_000,
    understanding: Understanding = .standard
  ) throws {
    self.name = name
    identity = name
    clock = Clock(now, seed: seed ?? name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) })
    library = try Library(
      inMemory: Self.surroundings(name, clock), understanding: understanding)
  }

  var surroundings: Surroundings { Self.surroundings(name, clock) }

  static func surroundings(_ name: String, _ clock: Clock) -> Surroundings {
    Surroundings(
      now: {
        clock.now.withLock {
          $0 += 1; return $0
        }
      }, random: { clock.generator.withLock { $0.next() } }, machineName: name)
  }

  func setClock(_ now: Int64) { clock.now.withLock { $0 = now } }

  /// Two machines that have met on a server, with one paper on their list.
  static func pair(
    sharing paper: String, _ server: SimServer, understanding: Understanding = .standard
  ) throws -> (desk: Machine, laptop: Machine) {
    let desk = try Machine("desk", understanding: understanding)
    let laptop = try Machine("laptop", understanding: understanding)
    try desk.add(paper)
    #expect(try differences([desk, laptop], server) == [])
    return (desk, laptop)
  }

  /// The desk has written one segment more than `edits`, and the laptop two; all is in the folder.
  static func lives(
    _ edits: Int, lists: Bool, versions: Bool = false
  ) throws -> (server: SimServer, desk: Machine, laptop: Machine) {
    let paper = "2509.00001"
    let server = SimServer()
    (server.lists, server.tellsVersions) = (lists, versions)
    let (desk, laptop) = try pair(sharing: paper, server)
    for round in 0..<edits {
      try desk.tag(paper, "t\(round)")
      try desk.sync(server)
    }
    try laptop.mark(paper, .read)
    #expect(try differences([desk, laptop], server) == [])
    return (server, desk, laptop)
  }

  /// The name of a file of this machine's.
  func file(_ end: String) throws -> RemoteName {
    let device = try library.read { try $0.device() }
    return try #require(RemoteName("\(device).\(end)"))
  }

  /// Another machine with a copy of this one's file.
  func copy(_ name: String) throws -> Machine {
    let other = try Machine(name)
    other.library = try Library(inMemory: other.surroundings, copying: library)
    return other
  }

  /// This machine with the state it has now, to come back to.
  func backup() throws -> Library { try Library(inMemory: surroundings, copying: library) }

  func restore(_ backup: Library) throws {
    library = try Library(inMemory: surroundings, copying: backup)
  }

  func engine(_ server: SimServer, remote: String = "home") throws -> SyncEngine {
    let folder = SimFolder(server, caller: name)
    let loop =
      weaknesses.isEmpty
      ? nil
      : WeakLoop(
        without: weaknesses, library: library, folder: folder, remote: remote,
        passphrase: passphrase, surroundings: surroundings, keyCache: Self.keys)
    let engine = SyncEngine(
      library: library, folder: folder, remote: remote, passphrase: passphrase,
      identity: identity, surroundings: surroundings, loop: loop)
    engine.compactAt = compactAt
    engine.segmentSize = segmentSize
    engine.dearListing = dearListing
    engine.keyCache = Self.keys
    engine.newDerivation = { RemoteHeader.Derivation(n: 1 << 14, r: 8, p: 1, salt: $0) }
    return engine
  }

  @discardableResult
  func sync(_ server: SimServer, remote: String = "home") throws -> SyncReport {
    try engine(server, remote: remote).sync()
  }

  // MARK: Edits

  func add(_ paper: String, title: String = "") throws {
    let id = PaperID(trusted: paper)
    _ = try library.record("add \(paper)") { recorder in
      var facts: [Fact] = [.added(id, clock.now.withLock { $0 })]
      if !title.isEmpty { facts.append(.content(id, DigestContent(PaperContent(title: title)))) }
      try recorder.write(facts)
    }
  }

  func mark(_ paper: String, _ status: ReadingStatus) throws {
    _ = try library.record("mark \(status)") {
      try $0.write([.status(PaperID(trusted: paper), status)])
    }
  }

  func tag(_ paper: String, _ tag: String, _ on: Bool = true) throws {
    _ = try library.record("tag \(tag)") {
      try $0.write([.tag(PaperID(trusted: paper), Tag(trusted: tag), on)])
    }
  }

  func note(_ paper: String, _ id: String, _ text: String?) throws {
    _ = try library.record("note \(id)") {
      try $0.write([.note(PaperID(trusted: paper), id: id, NoteVersion(text: text))])
    }
  }

  func paper(_ id: String) throws -> Paper? {
    try library.read { try $0.paper(PaperID(trusted: id)) }
  }
}

/// Syncs all until nothing moves, then says whether all libraries are equal; what differs
/// otherwise.
func differences(_ machines: [Machine], _ server: SimServer, rounds: Int = 4) throws -> [String] {
  for _ in 0..<rounds { for machine in machines { try machine.sync(server) } }
  let dumps = try machines.map { try $0.library.dump() }
  var lines: [String] = []
  for (machine, dump) in zip(machines, dumps).dropFirst() where dump != dumps[0] {
    lines += Set(dump).subtracting(dumps[0]).map { "\(machine.name) has \($0)" }
    lines += Set(dumps[0]).subtracting(dump).map { "\(machine.name) lacks \($0)" }
  }
  return lines.sorted()
}
