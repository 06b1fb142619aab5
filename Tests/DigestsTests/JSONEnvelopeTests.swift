import Digests
import Papers
import Testing

@Suite struct JSONEnvelopeTests {
  /// Ids and titles of what comes out.
  private func papers(_ text: String) throws -> [String] {
    let reading = try Reading(text, name: "list.json")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    return reading.entries.map { "\($0.id) \($0.content.title)" }
  }

  @Test(
    arguments: [
      #"{"papers":[{"arxiv_id":"2401.00001v2","title":"A"},{"doi":"10.1000/1","title":"B"}]}"#,
      #"{"count":2,"data":{"results":[{"pdf_url":"https://arxiv.org/pdf/2401.00001","title":"A"},{"DOI":"https://doi.org/10.1000/1","title":"B"}]}}"#,
      #"{"messages":[{"status":"ok","count":2}],"collection":[{"title":"A","doi":"10.48550/arXiv.2401.00001"},{"title":"B","doi":"10.1000/1"}]}"#,
      #"{"2401.00001":{"title":"A"},"10.1000/1":{"title":"B"}}"#,
      #"[{"id":"x1","title":"A","URL":"http://arxiv.org/abs/2401.00001"},{"id":"x2","title":["B"],"DOI":"10.1000/1"}]"#,
      #"{"SLAM":{"2401.00001":"|**2026-01-02**|**A**|X et.al.|[2401.00001](http://arxiv.org/abs/2401.00001)|null|\n"},"NLP":[{"title":"B","externalIds":{"DOI":"10.1000/1"}}]}"#,
      "{\"items\":[\n{\"link\":\"arxiv.org/abs/2401.00001\",\"title\":\"A\"},\n{\"link\":\"https://doi.org/10.1000/1\",\"title\":\"B\"}\n]}\n",
      "{\"title\":\"A\",\"entry_id\":\"http://arxiv.org/abs/2401.00001v1\"}\n{\"title\":\"B\",\"doi\":\"doi:10.1000/1\"}\n",
    ])
  func inAnyEnvelope(_ text: String) throws {
    #expect(try papers(text) == ["2401.00001 A", "doi:10.1000/1 B"])
  }

  @Test func bareIdsAndDays() throws {
    let reading = try Reading(
      #"{"2025-10-01":["2401.00001","https://arxiv.org/abs/2401.00002"],"2025-10-02":{"papers":[{"id":2401.00003,"title":"C"},{"id":"2401.00001","title":"A"}]}}"#
    )
    #expect(reading.problems.isEmpty)
    #expect(
      reading.entries.map { "\($0.id) \($0.appearance.date?.text ?? "")" } == [
        "2401.00001 2025-10-01", "2401.00002 2025-10-01", "2401.00003 2025-10-02",
        "2401.00001 2025-10-02",
      ])
  }

  @Test func huggingFaceHasMoreThanATitle() throws {
    let reading = try Reading(
      #"""
      [{"paper":{"id":"2401.00001","title":"T","summary":"S.","upvotes":7,"ai_summary":"One.",
        "ai_keywords":["a","b c"],"authors":[{"_id":"1","name":"Ada Author","hidden":false}],
        "githubRepo":"https://github.com/x/y","publishedAt":"2025-09-30T00:00:00.000Z",
        "submittedOnDailyAt":"2025-10-01T00:00:00.000Z"},"title":"T","numComments":2}]
      """#)
    let entry = try #require(reading.entries.first)
    #expect(entry.content.tldr == "One." && entry.content.keywords == ["a", "b c"])
    #expect(entry.content.summary == "S." && entry.appearance.date?.text == "2025-10-01")
    #expect(entry.bibliography.votes == 7 && entry.bibliography.authors == ["Ada Author"])
    #expect(entry.bibliography.code == ["https://github.com/x/y"])
    #expect(entry.bibliography.published?.text == "2025-09-30")
  }

  @Test func whatAMachineSaidOfIt() throws {
    let reading = try Reading(
      #"{"id":"2401.00001","title":"T","summary":"An abstract.","categories":["cs.CL"],"authors":["A B"],"AI":{"tldr":"短。","method":"甲","result":""}}"#
    )
    let entry = try #require(reading.entries.first)
    #expect(entry.content.tldr == "短。" && entry.content.summary == "An abstract.")
    #expect(entry.content.sections.map(\.label) == ["method"])
    #expect(entry.bibliography.categories == ["cs.CL"] && entry.bibliography.authors == ["A B"])
  }

  @Test func csl() throws {
    let reading = try Reading(
      #"""
      [{"id":"author2024","type":"article-journal","title":"T","DOI":"10.1000/1","keyword":"a, b",
        "author":[{"family":"Author","given":"Ada"},{"literal":"The Team"},
          {"family":"Berg","given":"B.","non-dropping-particle":"van den"}],
        "issued":{"date-parts":[[2024,5,6]]},"abstract":"<jats:p>Text.</jats:p>",
        "note":"arXiv:2401.00001 [cs]\nRead_Status: Read\nremember"}]
      """#)
    let entry = try #require(reading.entries.first)
    #expect(entry.id.rawValue == "2401.00001")
    #expect(entry.bibliography.authors == ["Ada Author", "The Team", "B. van den Berg"])
    #expect(entry.bibliography.published?.text == "2024-05-06")
    #expect(entry.bibliography.abstract == "Text." && entry.content.keywords == ["a", "b"])
    #expect(entry.carried?.status == .read)
    #expect(entry.carried?.notes.map(\.text) == ["remember"])
  }

  /// Karakeep, linkwarden, Omnivore.
  @Test(
    arguments: [
      #"{"bookmarks":[{"createdAt":1700000000,"title":"T","tags":["ml"],"content":{"type":"link","url":"URL"},"note":"n","archived":true,"favourited":true}]}"#,
      #"{"collections":[{"id":1,"name":"ml","parentId":null,"links":[{"id":2,"name":"T","url":"URL","tags":[],"createdAt":"2023-11-14T22:13:20.000Z"}]}]}"#,
      #"[{"id":"u1","title":"T","url":"URL","state":"Archived","labels":["ml"],"savedAt":"2023-11-14T22:13:20Z"}]"#,
    ])
  func bookmarks(_ text: String) throws {
    let reading = try Reading(text.replacing("URL", with: "https://arxiv.org/abs/2401.00001"))
    let entry = try #require(reading.entries.first)
    #expect(reading.problems.isEmpty && entry.content.title == "T")
    #expect(entry.carried?.tags.map(\.name) == ["ml"])
    #expect(entry.carried?.added == 1_700_000_000_000)
    if text.contains("rchived") { #expect(entry.carried?.status == .read) }
    if text.contains("note") { #expect(entry.carried?.notes.map(\.text) == ["n"]) }
  }

  /// Another maker's `status` tells how far the maker is, not the person.
  @Test func theStateOfAProgramIsNoStatus() throws {
    let reading = try Reading(#"{"id":"2401.00001","title":"T","status":"done"}"#)
    #expect(reading.entries.first?.carried == nil)
  }

  @Test func anEnvelopeThatIsCutOffKeepsItsWholePapers() throws {
    for start in ["{\"papers\":[", "{\"a\":{\"papers\":[\n"] {
      let reading = try Reading(
        start
          + "{\"id\":\"2401.00001\",\"title\":\"A\"},\n{\"id\":\"2401.00002\"},\n{\"id\":\"2401.0")
      #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
      #expect(reading.problems.map(\.line) == [1])
    }
  }

  @Test func linesAreThoseOfTheFile() throws {
    let reading = try Reading(
      "\n{\"papers\":[\n\n {\"id\":\"2401.00001\"},\n {\"id\":\"none\"},\n {\"title\":\"x\",\"url\":\"https://example.org\"}]}"
    )
    #expect(reading.entries.map(\.line) == [4])
    #expect(reading.problems.map(\.line) == [5, 6])
  }

  @Test func papersThatAPaperNamesAreNotOnTheList() throws {
    let reading = try Reading(
      #"{"id":"2401.00001","title":"T","references":[{"id":"2401.00002"}],"related":{"2401.00003":{}}}"#
    )
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001"])
  }

  @Test(arguments: ["[", "{\"a\":", "{\"a\":[", "[{\"papers\":["])
  func depthIsBounded(_ piece: String) throws {
    let reading = try Reading("{\"a\":" + String(repeating: piece, count: 20_000))
    #expect(reading.entries.isEmpty && reading.problems.count <= 1001)
  }
}
