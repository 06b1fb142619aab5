import Foundation
import Papers
import Testing

@testable import Digests

/// What a server declares is believed where the text does not say otherwise itself.
@Suite struct DeclaredEncodingTests {
  private func titles(_ bytes: [UInt8], _ type: String?, piece: Int = 7) throws -> [String] {
    try Reading(bytes, chunks: [piece], contentType: type).entries.map(\.content.title)
  }

  /// `## 0.[…](https://arxiv.org/abs/2509.00001)` with a title of these bytes.
  private func digest(_ title: [UInt8]) -> [UInt8] {
    Array("# Papers for 2025-10-02\n\n## 0.[".utf8) + title
      + Array("](https://arxiv.org/abs/2509.00001)\n".utf8)
  }

  @Test(
    arguments: [
      (
        "text/plain; charset=ISO-8859-1", [0x43, 0x61, 0x66, 0xE9, 0x20, 0x42, 0x61, 0x72],
        "Café Bar"
      ),
      ("text/plain;charset=\"windows-1251\"", [0xCC, 0xE8, 0xF0, 0x20, 0x31], "Мир 1"),
      ("text/markdown; x=y; Charset=Big5", [0xA4, 0xE9, 0xA5, 0xBB], "日本"),
      ("text/plain; charset=gb2312", [0xC8, 0xD5, 0xB1, 0xBE], "日本"),
      ("text/plain; charset=shift_jis", [0x93, 0xFA, 0x96, 0x7B], "日本"),
    ] as [(String, [UInt8], String)])
  func namedOnes(_ type: String, _ title: [UInt8], _ wanted: String) throws {
    for piece in [1, 7, 1000] {
      #expect(try titles(digest(title), type, piece: piece) == [wanted])
    }
  }

  @Test func sixteenBitsWithoutAMark() throws {
    let text = String(decoding: digest(Array("Tin 日本 𝒦".utf8)), as: UTF8.self)
    let big = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
    let little = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
    #expect(try titles(big, "text/plain; charset=utf-16be") == ["Tin 日本 𝒦"])
    #expect(try titles(little, "text/plain; charset=UTF-16") == ["Tin 日本 𝒦"])
    #expect(try titles([0xFE, 0xFF] + big, "text/plain; charset=utf-16le") == ["Tin 日本 𝒦"])
  }

  /// Many servers call everything Latin-1.
  @Test(arguments: [
    "text/plain; charset=iso-8859-1", "text/plain; charset=gbk", "text/plain; charset=utf-8",
    "text/plain; charset=../../evil", "text/plain; charset=", "text/plain", "", ";;;=;charset",
  ])
  func textThatIsUTF8StaysSo(_ type: String) throws {
    #expect(try titles(digest(Array("Café 日本".utf8)), type) == ["Café 日本"])
  }
}
