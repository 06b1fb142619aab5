import Foundation
import TestSupport
import Testing

@testable import Archives

/// What is packed comes out as it went in, whatever the pieces; what is spoiled is an error and
/// never more than was there.
@Suite struct UnpackingTests {
  /// `printf 'a line\nanother line\n' | xz -9`
  static let xz =
    "/Td6WFoAAATm1rRGAgAhARwAAAAQz1jMAQATYSBsaW5lCmFub3RoZXIgbGluZQoAPHgVOPstyy4AASwU"
    + "+AptAx+2830BAAAAAARZWg=="
  static let text = "a line\nanother line\n"

  private func unpacked(
    _ bytes: [UInt8], _ kind: ArchiveKind, piece: Int = 1 << 20, most: Int = .max
  ) throws -> [UInt8] {
    var unpacking = try Unpacking(kind)
    var out: [UInt8] = []
    var rest = bytes[...]
    let take = { (chunk: UnsafeRawBufferPointer) in
      out.append(contentsOf: chunk)
      #expect(out.count <= most)
    }
    while !rest.isEmpty {
      try rest.prefix(piece).withUnsafeBytes { try unpacking.feed($0, take) }
      rest = rest.dropFirst(piece)
    }
    try unpacking.finish(take)
    return out
  }

  private var xz: [UInt8] { Array(Data(base64Encoded: Self.xz) ?? Data()) }

  @Test(arguments: [1, 2, 7, 1 << 20])
  func itComesOutAsItWentIn(piece: Int) throws {
    let long = Array(repeating: Self.text, count: 20_000).joined().utf8
    #expect(try unpacked(Packing.gzip(Array(long)), .gzip, piece: piece) == Array(long))
    #expect(try unpacked(xz, .xz, piece: piece) == Array(Self.text.utf8))
  }

  @Test func severalPartsAreOne() throws {
    let one = Packing.gzip(Array(Self.text.utf8))
    let twice = Array((Self.text + Self.text).utf8)
    #expect(try unpacked(one + one + [0, 0, 0], .gzip) == twice)
    #expect(try unpacked(xz + xz + [0, 0, 0, 0], .xz) == twice)
    #expect(try unpacked(Packing.gzip([]), .gzip) == [])
  }

  @Test(arguments: [ArchiveKind.gzip, .xz])
  func whatIsCutOffIsTold(_ kind: ArchiveKind) throws {
    let whole = kind == .gzip ? Packing.gzip(Array(Self.text.utf8)) : xz
    for count in 0..<whole.count {
      #expect(throws: ArchiveError.cutOff(kind), "\(count) bytes") {
        try unpacked(Array(whole.prefix(count)), kind)
      }
    }
  }

  @Test(arguments: [ArchiveKind.gzip, .xz])
  func whatIsDamagedIsTold(_ kind: ArchiveKind) throws {
    let whole = kind == .gzip ? Packing.gzip(Array(Self.text.utf8)) : xz
    #expect(throws: ArchiveError.damaged(kind)) { try unpacked(whole + Array(1...32), kind) }
    // Some bytes of a head are of no account.
    for place in 12..<whole.count {
      var bytes = whole
      bytes[place] ^= 0x10
      do {
        let out = try unpacked(bytes, kind, most: 1 << 20)
        #expect(out == Array(Self.text.utf8), "byte \(place)")
      } catch is ArchiveError {}
    }
  }

  @Test func aBombIsStopped() throws {
    let bomb = Packing.gzip([UInt8](repeating: 0x20, count: 64 << 20))
    #expect(bomb.count < 100_000)
    #expect(throws: ArchiveError.bomb(.gzip)) { try unpacked(bomb, .gzip, most: 17 << 20) }
  }

  @Test func theFirstBytesTell() {
    #expect(ArchiveKind(mark: Packing.gzip([1])) == .gzip)
    #expect(ArchiveKind(mark: xz) == .xz)
    #expect(ArchiveKind(mark: Packing.zip([.init("a", "b")])) == .zip)
    #expect(ArchiveKind(mark: Packing.zip([])) == .zip)
    for text in ["", "#", "PK", "PK are letters", "\u{1F}\u{8}"] {
      #expect(ArchiveKind(mark: Array(text.utf8)) == nil)
    }
  }
}
