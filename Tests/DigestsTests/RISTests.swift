import Digests
import Papers
import Testing

@Suite struct RISTests {
  private let two = """
    TY  - JOUR
    AU  - Author, Ada
    A1  - Writer, Berta
    TI  - A Title That
    Goes On
    AB  - First line
    goes on.
    PY  - 2024
    DA  - 2024/05/06/
    DO  - https://doi.org/10.1000/ABC
    KW  - one
    KW  - two
    N1  - Read this again.
    ID  - key24
    ER  - 

    TY  - UNPB
    T1  - Second
    AN  - arXiv:2401.00002
    UR  - https://example.org/2
    ER  - 
    """

  @Test func recordsAreRead() throws {
    let reading = try Reading(two, name: "refs.ris")
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["doi:10.1000/abc", "2401.00002"])
    #expect(reading.entries.map(\.line) == [1, 17])
    let first = try #require(reading.entries.first)
    #expect(first.content.title == "A Title That Goes On")
    #expect(first.content.summary == "First line goes on.")
    #expect(first.content.keywords == ["one", "two"])
    #expect(first.bibliography.authors == ["Author, Ada", "Writer, Berta"])
    #expect(first.bibliography.published?.text == "2024-05-06")
    #expect(first.carried?.notes.map(\.text) == ["Read this again."])
    #expect(first.bibliography.citekey == "key24")
    #expect(try Reading(two.replacing("\n", with: "\r\n")) == reading)
  }

  @Test func aRecordWithoutItsEndIsKeptAndTold() throws {
    let cut = "TY  - JOUR\nTI  - A\nDO  - 10.1000/1\nTY  - JOUR\nTI  - B\nDO  - 10.1000/2\n"
    let reading = try Reading(cut)
    #expect(reading.entries.map(\.content.title) == ["A", "B"])
    #expect(reading.problems.map(\.line) == [4])
  }

  /// A title that is an address is none.
  @Test func noTitleIsMadeUp() throws {
    let reading = try Reading(
      "TY  - GEN\nTI  - 2401.00001\nUR  - arxiv.org/abs/2401.00001\nER  - \n")
    #expect(reading.entries.map(\.content.title) == [""])
  }
}
