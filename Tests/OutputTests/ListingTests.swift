import Papers
import TestSupport
import Testing

@testable import shelf

@Suite struct ListingTests {
  private let off = Palette(isOn: false)

  /// A paper that no digest dates: it shows the day it came on the list.
  private func titled(_ title: String, id: String = "2510.00001") -> Paper {
    var paper = Samples.titled(title, id: id)
    paper.added = 1_760_000_000_000
    return paper
  }

  @Test func pipeTruncatesNothing() {
    let listing = Listing(zone: Timestamp.utc)
    #expect(listing.header() == nil)
    #expect(
      listing.row(Samples.plain)
        == "2509.26507  queued   ★  2025-10-02  Small Cats Learn Large Maps  +kv +survey/猫")
    let long = String(repeating: "很长的题目", count: 100)
    #expect(
      listing.row(titled(long, id: "doi:10.1000/long-identifier"))
        == Styled("doi:10.1000/long-identifier  unread      2025-10-09  " + long))
  }

  @Test func terminalShowsAnAlignedTable() {
    let rows = [Samples.plain, titled("一只猫的长长长长长长长长长长长长长长长长长长题目")]
    let listing = Listing(
      palette: off, cells: CellWidth(), zone: Timestamp.utc, width: 72, rows: rows)
    #expect(
      [listing.header() ?? Styled()] + rows.enumerated().map { listing.row($1, number: $0 + 1) }
        == [
          "    id          status      date        title             tags",
          "%1  2509.26507  queued   ★  2025-10-02  Small Cats Lear…  +kv +survey/猫",
          "%2  2510.00001  unread      2025-10-09  一只猫的长长长…",
        ])
  }

  @Test func longIdentifiersAndTagsLeaveTheTitleItsPlace() {
    var paper = titled("A Title of Some Length", id: "doi:10.1000/a-long-suffix.12345")
    paper.tags = ["one", "two", "three", "four"].map(Tag.init(trusted:))
    let listing = Listing(
      palette: off, cells: CellWidth(), zone: Timestamp.utc, width: 86, rows: [paper])
    #expect(
      listing.row(paper, number: 1)
        == "%1  …/a-long-suffix.12345  unread      2025-10-09  A Title of Some…  +one +two +three…")
  }

  @Test func columnsAreTheCallers() {
    let listing = Listing(columns: [.title, .id], zone: Timestamp.utc)
    #expect(listing.row(titled("A\nB")) == "A␊B  2510.00001")
  }

  @Test func colourIsOnlyAround() {
    let rows = Samples.nasty + [Samples.plain]
    let plain = Listing(
      palette: off, cells: CellWidth(), zone: Timestamp.utc, width: 80, rows: rows)
    let colour = Listing(
      palette: Palette(isOn: true), cells: CellWidth(), zone: Timestamp.utc, width: 80, rows: rows)
    for row in rows {
      let painted = colour.row(row).rendered
      #expect(painted.contains("\u{1B}[") && !plain.row(row).rendered.contains("\u{1B}"))
      #expect(painted.replacing(#/\u{1B}\[[0-9;]+m/#, with: "") == plain.row(row).rendered)
    }
  }

  @Test(arguments: [1, 20, 30, 40, 50, 80, 200], [1, 2])
  func rowsFitTheTerminal(_ width: Int, _ ambiguous: Int) {
    let cells = CellWidth(ambiguous: ambiguous)
    var random = SeededGenerator(seed: 41)
    let rows = (0..<200).map { _ in
      var paper = titled(Samples.text(60, &random))
      paper.tags = (0..<Int.random(in: 0...5, using: &random)).map { Tag(trusted: "tag\($0)") }
      paper.starred = Bool.random(using: &random)
      return paper
    }
    let listing = Listing(palette: off, cells: cells, zone: Timestamp.utc, width: width, rows: rows)
    for row in rows {
      #expect(
        cells.width(of: listing.row(row).rendered) <= max(width, 13),
        "seed 41: \(listing.row(row).rendered)")
    }
  }
}
