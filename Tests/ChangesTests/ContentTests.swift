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

  /// Who names all of a summary a thousand times made two gigabytes of a kilobyte.
  @Test func aSummaryIsNotReadMoreThanOnce() throws {
    let summary = String(repeating: "word ", count: 1_000)
    let whole = "[0,\(summary.utf8.count)]"
    let sections = Array(repeating: "[\"part\",\(whole)]", count: 1_000).joined(separator: ",")
    let content = try DigestContent(
      json: #"{"title":"","summary":"\#(summary)","sections":[\#(sections)]}"#
    ).content
    #expect(content.sections.count == 1_000 && content.sections[0].text.hasBytes(of: summary))
    #expect(content.sections.reduce(0) { $0 + $1.text.utf8.count } == summary.utf8.count)
    // What a digest says is read as it was written, a TL;DR that begins it and all parts.
    let parts = (0..<20).map { PaperContent.Section(label: "p\($0)", text: "part \($0) of it.") }
    let said = PaperContent(
      title: "t", summary: "short. " + parts.map { "p: \($0.text)" }.joined(separator: " "),
      keywords: ["a", "b"], tldr: "short.", sections: parts)
    let text = Content.json(DigestContent(said))
    #expect(try DigestContent(json: text).content == said && !text.contains("part 7 of it.\"]"))
  }

  @Test func partsWithoutEndAreNotHeld() throws {
    let many = 50_000
    let content = try DigestContent(
      json: """
        {"title":"","summary":"s","keywords":[\(repeatElement("\"k\"", count: many).joined(separator: ","))],\
        "sections":[\(repeatElement("[\"\",[0,1]]", count: many).joined(separator: ","))]}
        """
    ).content
    #expect(content.keywords.count == 1 << 14 && content.sections.count == 1 << 14)
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
