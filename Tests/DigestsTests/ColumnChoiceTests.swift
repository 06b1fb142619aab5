import Foundation
import Papers
import Testing

@testable import Digests

/// A list whose columns the person explains.
@Suite struct ColumnChoiceTests {
  private func read(_ text: String, _ choices: [ColumnChoice]) throws -> Reading {
    try Reading(
      Array(text.utf8), name: "list.csv", chunks: [5], formats: [DigestFormats.csv(choices)])
  }

  @Test(arguments: [",", ";", "\t"])
  func columnsAreWhatThePersonSays(_ separator: String) throws {
    let text = """
      Heading,Where,Mood,Author names,Title
      Tin Kettles,https://arxiv.org/abs/2509.00009,calm,"Ann Ash; Bo Birch",a shelf mark

      """
    let choices = [
      ColumnChoice(.title, column: "heading"), ColumnChoice(.url, column: "Where"),
      ColumnChoice(.authors, column: "Author names"),
    ]
    let reading = try read(text.replacingOccurrences(of: ",", with: separator), choices)
    let entry = try #require(reading.entries.first)
    #expect(reading.problems.isEmpty && reading.entries.count == 1)
    #expect(entry.id.rawValue == "2509.00009" && entry.content.title == "Tin Kettles")
    #expect(entry.bibliography.authors == ["Ann Ash", "Bo Birch"])
    #expect(entry.carried?.notes.first?.text == "Mood: calm\nTitle: a shelf mark")
  }

  @Test func aColumnThatIsNotThereEndsReading() {
    let error = DigestReader.ReadError.noColumn("Headline", there: ["Heading", "Where"])
    for text in ["Heading,Where\nA,https://arxiv.org/abs/2509.00009\n", "Heading,Where"] {
      #expect(throws: error) { try read(text, [ColumnChoice(.title, column: "Headline")]) }
    }
    #expect(throws: DigestReader.ReadError.noColumn("x", there: [])) {
      try read("", [ColumnChoice(.title, column: "x")])
    }
  }

  @Test func withoutLinksThereAreNoPapers() throws {
    let reading = try read("Heading,Where\nA,B\n", [ColumnChoice(.title, column: "Heading")])
    #expect(reading.entries.isEmpty)
    #expect(reading.problems.first?.message.contains("--column url=NAME") == true)
  }

  @Test func aHeaderThatNeverEndsIsCut() throws {
    let long = String(repeating: "a,", count: 200_000)
    #expect(throws: DigestReader.ReadError.self) {
      try read(long, [ColumnChoice(.title, column: "x")])
    }
  }
}
