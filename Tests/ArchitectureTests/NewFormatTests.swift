import ArgumentParser
import Changes
import Digests
import Foundation
import Papers
import TestSupport
import Testing

@testable import shelf

/// A digest of a form that shelf does not know: a line a paper, below a line of its own.
struct PaperCards: DigestFormat {
  let explanation = "a box of cards"

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    let mark = Array("CARDS".utf8)
    for index in 0..<min(head.count, mark.count) where head[index] != mark[index] { return .no }
    return head.count < mark.count ? .needsMore : .yes
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader {
    LinesReader(Cards(opening), of: opening)
  }

  /// `2510.00001 the title`
  private struct Cards: DigestLines {
    private let opening: DigestOpening
    private var index = 0

    init(_ opening: DigestOpening) { self.opening = opening }

    mutating func take(
      _ line: borrowing Span<UInt8>, _ place: LineReader.Place, _ findings: inout Findings
    ) {
      let text = line.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
      let words = text.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { return }
      guard let id = PaperID(link: words[0]) else {
        return findings.report("a card without a paper", line: place.number)
      }
      findings.add(
        DigestEntry(
          id: id, content: PaperContent(title: words[1]),
          appearance: Appearance(date: opening.date, index: index, source: opening.source),
          line: place.number))
      index += 1
    }

    mutating func finish(_ findings: inout Findings) {}
  }
}

/// A format that shelf does not write: the title of a paper upside down.
private struct UpsideDown: Exporter {
  static let format = ExportFormat("upside-down", explanation: "for reading in bed") { _ in
    UpsideDown()
  }

  func append(_ paper: Paper, into out: inout [UInt8]) {
    out.append(contentsOf: String(paper.content.title.reversed()).utf8)
    out.append(0x0A)
  }
}

/// A format of digests, and one of exports, that are declared in one file each, are read and
/// written by the commands, and explained by their help.
@Suite struct NewFormatTests {
  private let features = Features(
    digestFormats: [PaperCards()] + DigestFormats.standard,
    exportFormats: ExportFormat.standard + [UpsideDown.format])
  private let cards = "\n CARDS\n2510.00001 Small Cats\nfish and chips\n2510.00002 Large Maps\n"

  @Test func aDigestIsImportedAndExported() throws {
    let shelf = try ShelfWithFeatures(features)
    try shelf.run("import", try shelf.file("box-2025-10-02.md", cards))
    #expect(
      try shelf.run("list", "--format", "{id} {title} {date} {source}", "--sort", "id")
        == "2510.00001 Small Cats 2025-10-02 box\n2510.00002 Large Maps 2025-10-02 box\n")
    #expect(try shelf.run("export", "upside-down", "--sort", "id") == "staC llamS\nspaM egraL\n")
  }

  @Test(arguments: [1, 3, 7, 1000])
  func anyPiecesGiveTheSame(_ size: Int) throws {
    var reader = DigestReader(
      name: "box-2025-10-02.md", source: "box", object: Registers.standard.paperObject,
      formats: features.digestFormats)
    var found: [DigestReader.Event] = []
    var rest = Array(cards.utf8)[...]
    while !rest.isEmpty {
      try rest.prefix(size).withUnsafeBytes { try reader.feed($0) { found.append($0) } }
      rest = rest.dropFirst(size)
    }
    try reader.finish { found.append($0) }
    let lines = found.map { event in
      switch event {
      case .entry(let entry): "\(entry.line) \(entry.id)"
      case .problem(let problem): "\(problem.line) \(problem.message)"
      }
    }
    #expect(lines == ["3 2510.00001", "4 a card without a paper", "5 2510.00002"])
  }

  /// What begins alike is still what it was.
  @Test(arguments: ["CAR", "C", "CARTS\n## [Old](https://arxiv.org/abs/2510.00003)\n"])
  func othersAreStillThemselves(_ text: String) throws {
    let shelf = try ShelfWithFeatures(features)
    _ = try? shelf.run("import", try shelf.file("list.md", text))
    #expect(try shelf.run("count") == (text.count > 5 ? "1\n" : "0\n"))
  }

  @Test func helpNamesThem() throws {
    #expect(HelpTopic.formats.text(100, features).contains("upside-down  for reading in bed"))
    let shelf = try ShelfWithFeatures(features)
    let unknown = #expect(throws: Failure.self) { try shelf.run("export", "upside-dwn") }
    #expect(unknown?.advice == "did you mean “upside-down”?")
  }

  @Test func theStandardOnesAreToldInHelp() {
    let help = ExportCommand.configuration.discussion
    for format in ExportFormat.standard { #expect(help.contains(format.name)) }
    let flags = FormatFlag.allCases.map(\.format.name)
    #expect(flags == ["json", "jsonl", "csv", "tsv", "ids"])
  }
}
