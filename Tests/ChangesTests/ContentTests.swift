import Changes
import JSONText
import Papers
import Testing

@Suite struct ContentTests {
  /// A place in a summary is its bytes there, wherever it is cut: two spaces are a break between
  /// paragraphs, and a part of a character is what a decoder makes of it.
  @Test(arguments: ["猫 walks  and 👍  é", "plain text", "  ", "a  ", "é", ""])
  func placesAreCutByBytes(_ summary: String) throws {
    let bytes = Array(summary.utf8)
    for start in 0...bytes.count + 1 {
      for length in 0...bytes.count + 1 {
        var json = JSONTextWriter()
        json.string(summary)
        let content = try DigestContent(
          json: #"{"title":"","summary":\#(json.text),"tldr":[\#(start),\#(length)]}"#)
        let from = min(start, bytes.count)
        let part = Array(bytes[from..<min(from + length, bytes.count)])
        #expect(
          content.content.tldr.hasBytes(of: Self.paragraphs(part)), "\(start) \(length)")
      }
    }
  }

  private static func paragraphs(_ bytes: [UInt8]) -> String {
    var out: [UInt8] = []
    for byte in bytes {
      if byte == 0x20, out.last == 0x20 {
        out.removeLast()
        out += [0x0A, 0x0A]
      } else {
        out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }
}
