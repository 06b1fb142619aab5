import Foundation
import TestSupport
import Testing

@testable import Archives

/// The list of a zip archive is believed in nothing.
@Suite struct ZipTests {
  private let members: [Packing.ZipMember] = [
    .init("list/", ""), .init("list/a.md", "first\n"), .init("list/b.md", "second\n"),
  ]

  /// An open file with these bytes, which is gone when it is closed.
  private func withFile<T>(_ bytes: [UInt8], _ body: (Int32) throws -> T) throws -> T {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-zip-\(UUID().uuidString)")
    try Data(bytes).write(to: url)
    let file = try FileHandle(forReadingFrom: url)
    try FileManager.default.removeItem(at: url)
    defer { try? file.close() }
    return try body(file.fileDescriptor)
  }

  private func texts(_ bytes: [UInt8]) throws -> [String: String] {
    try withFile(bytes) { file in
      var texts: [String: String] = [:]
      for part in try ZipArchive(file).parts {
        var text: [UInt8] = []
        try part.read(from: file) { text.append(contentsOf: $0) }
        texts[part.name] = String(decoding: text, as: UTF8.self)
      }
      return texts
    }
  }

  @Test func partsAreRead() throws {
    let wanted = ["list/a.md": "first\n", "list/b.md": "second\n"]
    #expect(try texts(Packing.zip(members)) == wanted)
    #expect(try texts(Packing.zip(members, comment: "PK\u{5}\u{6} was here")) == wanted)
    var stored = members
    for index in stored.indices { stored[index].isDeflated = false }
    #expect(try texts(Packing.zip(stored)) == wanted)
    var long = members
    for index in long.indices { long[index].isLong = true }
    #expect(try texts(Packing.zip(long)) == wanted)
    #expect(try texts(Packing.zip([])) == [:])
  }

  @Test func whatIsCutOffIsTold() throws {
    let whole = Packing.zip(members)
    for count in 0..<whole.count {
      #expect(throws: ArchiveError.self) { try texts(Array(whole.prefix(count))) }
    }
  }

  /// Any byte that is another one is told, or changes nothing that is read.
  @Test func whatIsDamagedIsTold() throws {
    let whole = Packing.zip(members)
    for place in whole.indices {
      for bit in [UInt8(1), 0x80, 0xFF] {
        var bytes = whole
        bytes[place] ^= bit
        guard let texts = try? texts(bytes) else { continue }
        #expect(Set(texts.values).isSubset(of: ["first\n", "second\n", ""]), "byte \(place)")
      }
    }
  }

  @Test func partsThatShareBytesAreRefused() throws {
    var bytes = Packing.zip(members)
    // The place of the last part becomes that of the one before it.
    let entries = bytes.indices.dropLast(4).filter {
      bytes[$0...].starts(with: [0x50, 0x4B, 1, 2])
    }
    try #require(entries.count == 3)
    for index in 42..<46 { bytes[entries[2] + index] = bytes[entries[1] + index] }
    #expect(throws: ArchiveError.damaged(.zip)) { try texts(bytes) }
  }

  @Test func whatCannotBeUnpackedIsTold() throws {
    var odd = members[1]
    odd.flags = 1
    #expect(throws: ArchiveError.encrypted) { try texts(Packing.zip([odd])) }
    odd.flags = 0
    odd.method = 12
    #expect(throws: ArchiveError.unknownMethod) { try texts(Packing.zip([odd])) }
    odd.method = nil
    odd.damage = 1
    #expect(throws: ArchiveError.damaged(.zip)) { try texts(Packing.zip([odd])) }
  }

  @Test func manyPartsAreTooMany() throws {
    // A list that says it has four thousand million of them.
    var bytes = Packing.zip(members)
    let end = bytes.count - 22
    for index in 12..<16 { bytes[end + index] = 0xFE }
    #expect(throws: ArchiveError.self) { try texts(bytes) }
  }

  @Test func documentsAreNoArchives() throws {
    for name in ["mimetype", "[Content_Types].xml", "META-INF/MANIFEST.MF"] {
      let bytes = Packing.zip([.init(name, "x"), .init("a.md", "y")])
      #expect(try withFile(bytes) { try ZipArchive($0).isDocument })
    }
    #expect(try withFile(Packing.zip(members)) { try !ZipArchive($0).isDocument })
  }
}
