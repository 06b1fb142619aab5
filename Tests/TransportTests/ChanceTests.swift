import TestSupport
import Testing
import TransportContract

@testable import Transport

/// Long rows of faults from a seed: what is read is always something that was written under some
/// name, what was written survives the healing, and the same seed gives the same story.
@Suite struct ChanceTests {
  /// Faults that end by themselves at once; those that stall cost real time and have their own
  /// tests.
  private static let quick = HostileQuirk.allCases.filter {
    ![.tornHangs, .slowLoris, .oversizedBody].contains($0)
  }

  @Test("Any quirk may come at any request", arguments: 0..<12)
  func storm(_ seed: UInt64) throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.misbehave(seed: seed, every: 2, quirks: Self.quick)
    let folder = try RemoteFolders.open(
      RemoteProfile(url: server.url(), timeout: 1000), pace: TestPace(seed: seed).pace)
    let names = try (0..<4).map { try FolderContract.name("dev.\($0)") }
    var generator = SeededGenerator(seed: seed)
    for step in 0..<40 {
      let name = names[Int.random(in: 0..<4, using: &generator)]
      switch Int.random(in: 0..<4, using: &generator) {
      case 0: try? folder.write(name, Array("\(name) \(step)".utf8))
      case 1: try? folder.delete(name)
      case 2: if case .files(let files)? = try? folder.list() { #expect(files.count <= 4) }
      default:
        for result in folder.read(names, limit: 1000) {
          if case .success(.found(let bytes)) = result { #expect(bytes.count <= 1000) }
        }
      }
    }
    server.heal()
    try rewrite(folder, names)
    let after = try RemoteFolders.open(RemoteProfile(url: server.url()), pace: TestPace().pace)
    for (name, result) in zip(names, after.read(names, limit: 1000)) {
      #expect(try result.get() == .found(Array("healed \(name)".utf8)), "seed \(seed)")
    }
  }

  private func rewrite(_ folder: any RemoteFolder, _ names: [RemoteName]) throws {
    for name in names { try folder.write(name, Array("healed \(name)".utf8)) }
  }

  @Test("The memory folder tells the same story for the same seed", arguments: 0..<20)
  func sameStory(_ seed: UInt64) throws {
    #expect(try story(seed) == story(seed))
    #expect(try story(seed) != story(seed + 100))
  }

  @Test("Each fate of the memory folder is what it says")
  func fates() throws {
    let folder = MemoryFolder()
    let name = try FolderContract.name("dev.1")
    func read() throws -> ReadOutcome? { try folder.read([name], limit: 100).first?.get() }
    try folder.write(name, [1, 2, 3, 4])
    try folder.write(name, [5, 6, 7, 8])
    let reads: [(FolderFate, ReadOutcome)] = [
      (.torn, .found([5, 6])), (.mixed, .found([5, 6, 3, 4])), (.stale, .found([1, 2, 3, 4])),
      (.hidden, .missing), (.honest, .found([5, 6, 7, 8])),
    ]
    for (fate, wanted) in reads {
      folder.decide = { _ in fate }
      #expect(try read() == wanted)
    }
    folder.decide = { _ in .ignored }
    try folder.write(name, [9])
    try folder.delete(name)
    #expect(folder.remote.files[name] == [5, 6, 7, 8])
    folder.decide = { _ in .refused }
    #expect(throws: TransportError.self) { try folder.write(name, [9]) }
    #expect(folder.remote.files[name] == [5, 6, 7, 8])
    folder.decide = { _ in .doneButRefused }
    #expect(throws: TransportError.self) { try folder.write(name, [9]) }
    #expect(folder.remote.files[name] == [9])
    folder.decide = { _ in .hidden }
    #expect(try folder.list() == .files([]))
    folder.remote.wipe()
    #expect(folder.remote.files.isEmpty)
  }

  private func story(_ seed: UInt64) throws -> [String] {
    let folder = MemoryFolder()
    folder.misbehave(seed: seed, every: 2)
    let name = try FolderContract.name("dev.1")
    return (0..<60).map { step in
      if step % 3 == 0 {
        return "\(Result { () throws(TransportError) in try folder.write(name, [UInt8(step)]) })"
      }
      return "\(folder.read([name], limit: 100))"
    }
  }
}
