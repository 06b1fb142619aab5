import TestSupport
import Testing
import Transport

/// What every `RemoteFolder` must do on a polite day: one suite for all of them.
package enum FolderContract {
  /// Runs the whole contract on an empty folder and leaves some files in it.
  package static func check(
    _ folder: any RemoteFolder, _ abilities: FolderAbilities = .init()
  ) throws {
    try checkMissing(folder, abilities)
    try checkWholeFiles(folder)
    try checkManyReads(folder)
    try checkListing(folder, abilities)
    if abilities.deletes { try checkDelete(folder, abilities) }
    #expect(folder.traffic.requests > 0)
    #expect(folder.traffic.bytesReceived > 0)
    #expect(folder.traffic.bytesSent > 0)
  }

  /// The name, or a failed test.
  package static func name(_ text: String) throws -> RemoteName {
    try #require(RemoteName(text))
  }

  private static func readOne(
    _ folder: any RemoteFolder, _ name: RemoteName, limit: Int = 1 << 22
  ) throws -> ReadOutcome {
    try #require(folder.read([name], limit: limit).first).get()
  }

  /// Bytes of every value, which no text handling survives: a piece of one long row, from `seed`
  /// on.
  private static func bytes(_ count: Int, seed: Int) -> [UInt8] {
    Array(noise[seed..<(seed + count)])
  }

  private static let noise: [UInt8] = {
    var generator = SeededGenerator(seed: 1)
    return (0..<70_000).flatMap { _ in
      withUnsafeBytes(of: generator.next()) { Array($0) }
    }
  }()

  private static func checkMissing(_ folder: any RemoteFolder, _ abilities: FolderAbilities) throws
  {
    let header = try name("papershelf")
    #expect(try readOne(folder, header) == .missing)
    if abilities.lists, case .files(let files) = try folder.list() { #expect(files.isEmpty) }
    try folder.write(header, Array("first\r\n".utf8))
    #expect(try readOne(folder, header) == .found(Array("first\r\n".utf8)))
    // The page that says so may be longer than the file would be.
    #expect(try readOne(folder, name("a1.7"), limit: 1) == .missing)
  }

  private static func checkWholeFiles(_ folder: any RemoteFolder) throws {
    let segment = try name("abcdefghij0123456789.12")
    let versions = [bytes(512 * 1024, seed: 1), bytes(10, seed: 2), [], bytes(70_000, seed: 3)]
    for version in versions {
      try folder.write(segment, version)
      #expect(try readOne(folder, segment) == .found(version))
    }
    let tooLarge = try #require(folder.read([segment], limit: 69_999).first)
    guard case .failure(let error) = tooLarge else {
      Issue.record("a file larger than the limit was read")
      return
    }
    #expect(error.kind == .garbled)
    #expect(try readOne(folder, segment, limit: 70_000) == .found(versions[3]))
  }

  private static func checkManyReads(_ folder: any RemoteFolder) throws {
    let names = try (1...12).map { try name("dev.\($0)") }
    for (index, name) in names.enumerated() where index != 5 {
      try folder.write(name, bytes(100 * index + 1, seed: index))
    }
    for (index, outcome) in folder.read(names, limit: 1 << 20).enumerated() {
      let wanted = bytes(100 * index + 1, seed: index)
      let got = try outcome.get()
      #expect(
        got == (index == 5 ? .missing : .found(wanted)), "file \(index): \(Self.words(got))")
    }
    #expect(folder.read([], limit: 1).isEmpty)
  }

  private static func words(_ outcome: ReadOutcome) -> String {
    guard case .found(let bytes) = outcome else { return "missing" }
    return "\(bytes.count) bytes: " + String(decoding: bytes.prefix(60), as: UTF8.self)
  }

  private static func checkListing(_ folder: any RemoteFolder, _ abilities: FolderAbilities) throws
  {
    let listing = try folder.list()
    guard abilities.lists else {
      #expect(listing == .unsupported)
      return
    }
    guard case .files(let files) = listing else {
      Issue.record("no listing")
      return
    }
    var wanted = try (1...12).filter { $0 != 6 }.map { try name("dev.\($0)") }
    wanted += try [name("papershelf"), name("abcdefghij0123456789.12")]
    #expect(files.map(\.name) == wanted.sorted())
    #expect(files.first { $0.name.text == "dev.3" }.map { $0.size ?? 201 } == 201)
  }

  private static func checkDelete(_ folder: any RemoteFolder, _ abilities: FolderAbilities) throws {
    let gone = try name("dev.3")
    try folder.delete(gone)
    #expect(try readOne(folder, gone) == .missing)
    try folder.delete(gone)
    if abilities.lists, case .files(let files) = try folder.list() {
      #expect(!files.contains { $0.name == gone })
    }
  }
}
