import Digests
import Papers
import Testing

private let full = """
  {"id":"2401.00001","title":"A \\u003ct\\u003e 🙂","url":"https://arxiv.org/abs/2401.00001","status":"reading",\
  "starred":true,"tags":["ml/attention","缓存"],"keywords":["KV 缓存","a, b"],"tldr":null,\
  "sections":[{"label":"主要结果","text":"一\\n\\n二"},{"label":"","text":"x"}],"summary":"a  b \\u002d\\u002d> c",\
  "notes":[{"id":"n1","text":"line\\nline","created":"2025-10-02T08:00:00.123Z","updated":"2025-10-03T08:00:00.000Z"}],\
  "digests":[{"date":"2025-10-02","index":3,"source":"daily"},{"date":null,"index":0,"source":"stdin"}],\
  "added":"2025-10-02T08:00:00.123Z","updated":"2025-10-03T08:00:00.000Z","later":{"x":[1]}}
  """

private let paper = Paper(
  id: PaperID(trusted: "2401.00001"),
  content: PaperContent(
    title: "A <t> 🙂", summary: "a  b --> c", keywords: ["KV 缓存", "a, b"], tldr: nil,
    sections: [
      PaperContent.Section(label: "主要结果", text: "一\n\n二"),
      PaperContent.Section(label: "", text: "x"),
    ]),
  status: .reading, starred: true, tags: ["ml/attention", "缓存"].compactMap { Tag($0) },
  notes: [
    Note(id: "n1", text: "line\nline", created: 1_759_392_000_123, updated: 1_759_478_400_000)
  ],
  appearances: [
    Appearance(date: PaperDate("2025-10-02"), index: 3, source: "daily"),
    Appearance(date: nil, index: 0, source: "stdin"),
  ], added: 1_759_392_000_123, updated: 1_759_478_400_000)

@Suite struct JSONTests {
  @Test(arguments: [
    full, "[\(full)]", "[\n  \(full)\n]\n", "\u{FEFF}\n\n\(full)\n",
    "<!-- papershelf export 1 -->\n\n# Reading list\n[x](https://arxiv.org/abs/2401.00009)\n<!-- papershelf \(full) -->\ntext\n",
  ])
  func exportsComeBackWhole(_ text: String) throws {
    let reading = try Reading(text)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.count == 1)
    let entry = try #require(reading.entries.first)
    #expect(entry.exported == paper)
    #expect(entry.content == paper.content)
    #expect(entry.appearance == paper.appearances.first)
  }

  @Test func linesAndDamage() throws {
    let other = full.replacing("2401.00001", with: "2401.00002")
    let reading = try Reading(
      "\(full)\n{\"id\":\"2401.00003\",\"tags\":[\"a\n\(other)\n{\"id\":\"24")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
    #expect(reading.problems.map(\.line) == [2, 4])
  }

  @Test func aCutOffArrayKeepsItsWholeElements() throws {
    let reading = try Reading(
      "[\(full),\n\(full.replacing("00001", with: "00002")),\n{\"id\":\"2401.00003\",")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
    #expect(reading.problems.map(\.line) == [3])
  }

  @Test func whatIsOddInAnExportIsToldAndTheRestKept() throws {
    let odd = full.replacing("\"reading\"", with: "\"asleep\"")
      .replacing("\"缓存\"", with: "\"a b\"").replacing("\"starred\":true", with: "\"starred\":7")
    let reading = try Reading(odd)
    let exported = try #require(reading.entries.first?.exported)
    #expect(exported.status == .unread)
    #expect(exported.tags.map(\.name) == ["ml/attention"])
    #expect(!exported.starred)
    #expect(exported.notes == paper.notes)
    #expect(reading.problems.count == 2)
  }

  @Test func huggingFaceDailyPapers() throws {
    let reading = try Reading(
      """
      [ {"paper":{"id":"2401.00001","authors":[{"name":"A"}],"title":"Broken\\n  Title","summary":"S one.\\nS two.",
         "submittedOnDailyAt":"2025-10-01T00:55:06.135Z","upvotes":3},"title":"x","numComments":1},
        {"paper":{"id":"2401.00002","title":"B","summary":""}},
        {"paper":{"title":"no id"}}, 5 ]
      """, name: "2025-10-03.json")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "2401.00002"])
    #expect(reading.entries.map(\.content.title) == ["Broken Title", "B"])
    #expect(reading.entries.map(\.content.summary) == ["S one.\nS two.", ""])
    #expect(reading.entries.map(\.appearance.date?.text) == ["2025-10-01", "2025-10-03"])
    #expect(reading.entries.map(\.appearance.index) == [0, 1])
    #expect(reading.entries.allSatisfy { $0.exported == nil })
    #expect(reading.problems.map(\.line) == [4, 4])
  }

  @Test func anEmptyListIsNoProblem() throws {
    #expect(try Reading("[]").problems.isEmpty)
    #expect(try Reading("<!-- papershelf export 1 -->\n").problems.isEmpty)
    #expect(try Reading("{}").problems.count == 1)
  }

  @Test func anElementBeyondTheLimitCostsNoOther() throws {
    var limits = DigestReader.Limits()
    limits.element = 1000
    let big = full.replacing("00001", with: "00002").replacing(
      "a  b", with: String(repeating: "x", count: 2000))
    let reading = try Reading("[\(big),\(full)]", limits: limits)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001"])
    #expect(reading.problems.count == 1)
  }

  @Test(
    arguments: [
      ("2025-10-02T08:00:00Z", 1_759_392_000_000),
      ("2025-10-02T10:00:00.5+02:00", 1_759_392_000_500),
      ("1969-12-31T23:59:59.999Z", -1), ("2000-02-29T00:00:00Z", 951_782_400_000),
    ] as [(String, Int64)])
  func times(_ text: String, _ milliseconds: Int64) throws {
    let line = "{\"id\":\"2401.00001\",\"status\":\"read\",\"digests\":[],\"added\":\"\(text)\"}"
    #expect(try Reading(line).entries.first?.exported?.added == milliseconds)
  }
}
