import Digests
import Papers
import Testing

@Suite struct XBELTests {
  private let head =
    "<?xml version=\"1.0\"?>\n<!DOCTYPE xbel PUBLIC \"+//IDN python.org//DTD XML\" \"x.dtd\">\n"

  @Test func foldersAndWordsComeOver() throws {
    let reading = try Reading(
      head + """
        <xbel version="1.0"><folder><title>To Read</title>
        <bookmark href="https://arxiv.org/abs/2401.00001" TAGS="oil,light" added="2025-01-02T03:04:05Z">
        <title>Lamps &amp; 油</title><desc>a remark</desc></bookmark></folder>
        <bookmark href="https://example.org/shop"><title>A shop</title></bookmark></xbel>
        """)
    let entry = try #require(reading.entries.first)
    #expect(reading.entries.count == 1 && entry.content.title == "Lamps & 油")
    #expect(entry.carried?.tags.map(\.name) == ["To-Read", "light", "oil"])
    #expect(entry.carried?.notes.map(\.text) == ["a remark"])
    #expect(entry.carried?.added == 1_735_787_045_000)
    #expect(reading.problems.map(\.line) == [6])
  }

  /// A document type that declares something is refused, so that nothing is expanded or fetched.
  @Test func declarationsAreRefused() throws {
    let reading = try Reading(
      "<!DOCTYPE xbel [<!ENTITY a \"b\">]><xbel><bookmark href=\"https://arxiv.org/abs/2401.00001\"/></xbel>"
    )
    #expect(reading.entries.isEmpty && reading.problems.count == 1)
  }
}
