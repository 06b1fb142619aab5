import Changes
import Digests
import Foundation
import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// A digest that tells who wrote its papers: `2510.00001|Ann; Bo|cs.CL cs.LG|2025-09-30|7`, below a
/// line of its own.
private struct Catalogue: DigestFormat {
  let explanation = "a catalogue"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let mark = Array("CATALOGUE".utf8)
    for index in 0..<min(head.count, mark.count) where head[index] != mark[index] { return .no }
    return head.count < mark.count ? .needsMore : .yes
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(Lines(opening), of: opening)
  }

  private struct Lines: DigestLines {
    private let opening: DigestOpening
    private var index = 0

    init(_ opening: DigestOpening) { self.opening = opening }

    mutating func take(
      _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
    ) {
      let text = line.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      let cells = text.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5, let id = PaperID(link: cells[0]) else { return }
      var said = Bibliography()
      said.authors = cells[1].split(separator: ";").map { $0.filter { $0 != " " } }
      said.categories = cells[2].split(separator: " ").map(String.init)
      said.published = PublicationDate(cells[3])
      said.votes = Int64(cells[4])
      findings.add(
        DigestEntry(
          id: id, content: PaperContent(title: "Title"), bibliography: said,
          appearance: Appearance(date: opening.date, index: index, source: opening.source),
          line: place.number))
      index += 1
    }

    mutating func finish(_ findings: inout Findings) {}
  }
}

/// What a digest says of who wrote a paper comes into the library with the rest of it, as one
/// operation, and out of it in every form.
@Suite struct BibliographyImportTests {
  private let features = Features(digestFormats: [Catalogue()] + DigestFormats.standard)
  private let whole = "CATALOGUE\n2510.00001|Ann;Bo|cs.CL cs.LG|2025-09-30|7\n2510.00002||||\n"
  private let poorer = "CATALOGUE\n2510.00001|Ann|||3\n"
  private let richer = "CATALOGUE\n2510.00001|Ann;Bo;Cy||2025-09-29|9\n"
  private static let template = "{id} {authors} {categories} {published} {votes}"

  private func told(_ shelf: ShelfWithFeatures) throws -> String {
    try shelf.run("list", "2510.00001", "--format", Self.template)
  }

  @Test func itIsReadOnceAndTakenBackAtOnce() throws {
    let shelf = try ShelfWithFeatures(features)
    let file = try shelf.file("a-2025-10-02.md", whole)
    try shelf.run("import", file)
    #expect(try told(shelf) == "2510.00001 Ann; Bo cs.CL, cs.LG 2025-09-30 7\n")
    let (before, log) = (try shelf.run("export", "json"), try shelf.run("log"))
    #expect(try shelf.run("import", file, "--json").contains(#""updated":0,"seenAgain":2"#))
    #expect(try shelf.run("export", "json") == before && shelf.run("log") == log)
    #expect(try shelf.run("count", "has:author") == "1\n")
    try shelf.run("undo")
    #expect(try shelf.run("count") == "0\n")
    try shelf.run("redo")
    #expect(try told(shelf) == "2510.00001 Ann; Bo cs.CL, cs.LG 2025-09-30 7\n")
  }

  /// One that says less takes nothing away; one that says more is an update, and read again none.
  @Test func anotherDigestAddsToIt() throws {
    let shelf = try ShelfWithFeatures(features)
    try shelf.run("import", try shelf.file("a-2025-10-02.md", whole))
    let less = try shelf.file("a-2025-10-03.md", poorer)
    #expect(try shelf.run("import", less, "--json").contains(#""updated":0,"seenAgain":1"#))
    #expect(try told(shelf) == "2510.00001 Ann; Bo cs.CL, cs.LG 2025-09-30 7\n")
    let more = try shelf.file("a-2025-10-04.md", richer)
    #expect(try shelf.run("import", more, "--json").contains(#""updated":1"#))
    let sum = "2510.00001 Ann; Bo; Cy cs.CL, cs.LG 2025-09-29 9\n"
    #expect(try told(shelf) == sum)
    for file in [less, more] {
      #expect(try shelf.run("import", file, "--json").contains(#""updated":0"#))
      #expect(try told(shelf) == sum)
    }
    try shelf.run("undo")
    #expect(try told(shelf) == "2510.00001 Ann; Bo cs.CL, cs.LG 2025-09-30 7\n")
    #expect(try shelf.library().problems() == [])
  }

  /// Another library's export adds to a paper as a digest does, and takes nothing away either.
  @Test(arguments: ExportFormat.standard.filter(\.isLossless).map(\.name))
  func exportsBringItBack(_ format: String) throws {
    let shelf = try ShelfWithFeatures(features)
    try shelf.run("import", try shelf.file("a-2025-10-02.md", whole))
    try shelf.library().record("more") { recorder in
      let id = "2510.00002"
      try recorder.write([
        Authors.fact(id, ["Lee, \"Ann\" \\", "  ", "", "a\u{0}b\n-->", "e\u{301} é"]),
        CodeLinks.fact(id, ["https://a.org/<x>", "no address"]),
        Abstract.fact(id, "One\r\n\n---\n<!-- two --> \u{202E} "), Votes.fact(id, .min),
        Published.fact(id, PublicationDate("0001-01-01")), Citekey.fact(id, "é {"),
        Categories.fact(id, ["cs.CL", "编程"]),
      ])
    }
    let file = shelf.folder.path + "/export"
    try shelf.run("export", format, "-o", file, "--sort", "id")
    let written = try shelf.run("export", format, "--sort", "id")
    let other = try ShelfWithFeatures(features)
    try other.run("import", file)
    #expect(try other.run("export", format, "--sort", "id") == written)
    #expect(try other.run("import", file, "--json").contains(#""updated":0"#))
    let third = try ShelfWithFeatures(features)
    try third.run("import", try third.file("a-2025-10-04.md", richer))
    try third.run("import", file)
    #expect(try told(third) == "2510.00001 Ann; Bo; Cy cs.CL, cs.LG 2025-09-29 9\n")
    #expect(try third.library().problems() == [])
  }

  @Test func everyOutputHasIt() throws {
    let shelf = try ShelfWithFeatures(features)
    try shelf.run("import", try shelf.file("a-2025-10-02.md", whole))
    let card = try shelf.run("show", "2510.00001").split(separator: "\n").map(String.init)
    #expect(
      card.prefix(4) == [
        "Title", "Ann, Bo", "https://arxiv.org/abs/2510.00001",
        "published 2025-09-30, cs.CL cs.LG, 7 votes",
      ])
    #expect(!card.contains { $0.contains("authors") }, "the history does not say it again")
    let tail =
      #""authors":["Ann","Bo"],"categories":["cs.CL","cs.LG"],"#
      + #""published":"2025-09-30","code":[],"votes":7,"#
    #expect(try shelf.run("show", "2510.00001", "--json").contains(tail))
    let rows = try shelf.run("show", "2510.00001", "--tsv").split(separator: "\n")
    #expect(rows[0].hasSuffix("authors\tcategories\tpublished\tcode\tvotes\tabstract\tcitekey"))
    #expect(rows[1].hasSuffix("Ann; Bo\tcs.CL, cs.LG\t2025-09-30\t\t7\t\t"))
    #expect(try shelf.run("search", "bo", "--ids") == "2510.00001\n")
    #expect(try shelf.run("export", "html").contains(">Ann, Bo</p>"))
    #expect(HelpTopic.filters.text(100, features).contains("author, or words of a name"))
    #expect(HelpTopic.formats.text(100, features).contains(" authors categories published code"))
  }
}
