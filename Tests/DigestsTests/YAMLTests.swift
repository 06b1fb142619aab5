import Digests
import Papers
import Testing

@Suite struct YAMLTests {
  /// Ids and titles of what comes out, with a tag list where there is one.
  private func papers(_ text: String) throws -> [String] {
    let reading = try Reading(text, name: "list.yaml")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    return reading.entries.map { "\($0.id) \($0.content.title)" }
  }

  private static let papis = """
    abstract: 'First line: it''s here. It goes on for longer than a line of YAML
      is # and ends.'
    author: Author, Ada and Writer, Berta
    author_list:
    - family: Author
      given: Ada
    - family: Writer
      given: Berta
    day: '6'
    doi: 10.1000/abc
    eprint: '2401.00010'
    files:
    - paper.pdf
    month: 5
    notes: notes.tex
    papis_id: aedba2218243fae7
    ref: author2024small
    tags: ml to-read
    time-added: 2024-05-07-12:34:56
    title: 'A Small: Study of "Quoted" Things
      and More'
    type: article
    year: '2024'

    """

  @Test func theRecordOfPapis() throws {
    let reading = try Reading(Self.papis, name: "info.yaml")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    let entry = try #require(reading.entries.first)
    #expect(entry.id.rawValue == "2401.00010" && entry.line == 1)
    #expect(entry.content.title == #"A Small: Study of "Quoted" Things and More"#)
    #expect(
      entry.content.summary
        == "First line: it's here. It goes on for longer than a line of YAML is # and ends.")
    #expect(entry.bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(entry.bibliography.published?.text == "2024-05-06")
    #expect(entry.carried?.tags.map(\.name) == ["ml", "to-read"])
    #expect(entry.bibliography.citekey == "author2024small")
    #expect(entry.carried?.added == 1_715_085_296_000)
    #expect(entry.carried?.notes.isEmpty == true)
    let bytes = Array(Self.papis.utf8)
    for chunk in [1, 2, 5, 17] {
      #expect(try Reading(bytes, name: "info.yaml", chunks: [chunk]) == reading)
    }
    #expect(try Reading(Self.papis.replacing("\n", with: "\r\n"), name: "info.yaml") == reading)
  }

  @Test func severalDocuments() throws {
    let two =
      "---\n" + Self.papis + "---\nref: b\ntitle: B\nurl: https://arxiv.org/abs/2401.00002\n"
    let reading = try Reading(two, name: "all.yaml")
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00010", "2401.00002"])
    #expect(reading.entries.map(\.line) == [2, 26])
  }

  @Test(
    arguments: [
      "- title: A\n  url: https://arxiv.org/abs/2401.00001\n- doi: 10.1000/1\n  title: B\n",
      "# My list\npapers:\n- {title: A, arxiv: 2401.00001}\n- {\"title\":\"B\",\"doi\":\"10.1000/1\"}\n",
      "papers:\n  - title: A # one\n    arxiv_id: '2401.00001'\n\n  - title: >\n      B\n    doi: 10.1000/1\n",
      "- venue: X\n  awards:\n  - title: A\n    link: arxiv.org/abs/2401.00001\n  - title: B\n    doi: 10.1000/1\n",
      "SLAM:\n  - title: &a A\n    url: !!str https://arxiv.org/abs/2401.00001\nNLP:\n  - title: |-\n      B\n    doi: \"10.1000/1\"\n",
      "%YAML 1.2\n---\n- title: \"A\"\n  url: https://arxiv.org/abs/2401.00001\n- title: 'B'\n  doi: 10.1000/1\n...\n",
      "- title:\n    A\n  url: https://arxiv.org/abs/2401.00001\n-\n  title: \"\\u0042\"\n  doi: 10.1000/1",
    ])
  func listsInAnyShape(_ text: String) throws {
    #expect(try papers(text) == ["2401.00001 A", "doi:10.1000/1 B"])
  }

  @Test func textsListsAndTruths() throws {
    let reading = try Reading(
      """
      - title: A Title
          That Goes On
        url: https://arxiv.org/abs/2401.00001
        tags: [ml, 'deep learning',
          "a, b"]
        starred: true
        summary: |
          First line.
            deeper

          Second.
        tldr: >-
          One
          sentence.
        notes: "it's \\"mine\\", \\
          joined"
      """, name: "list.yml")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    let entry = try #require(reading.entries.first)
    #expect(entry.content.title == "A Title That Goes On")
    #expect(entry.content.summary == "First line.\n  deeper\n\nSecond.")
    #expect(entry.content.tldr == "One sentence.")
    #expect(entry.carried?.tags.map(\.name) == ["a-b", "deep-learning", "ml"])
    #expect(entry.carried?.isStarred == true)
    #expect(entry.carried?.notes.map(\.text) == [#"it's "mine", joined"#])
  }

  @Test func whatIsNotUnderstoodIsTold() throws {
    let reading = try Reading(
      """
      - title: A
        url: https://arxiv.org/abs/2401.00001
      - title: B
         url: https://arxiv.org/abs/2401.00002
      - title: C
        url: https://arxiv.org/abs/2401.00003
      no key here
      - title: A Page
        url: https://example.org/
      """)
    #expect(reading.entries.map(\.content.title) == ["A", "C"])
    #expect(reading.problems.map(\.line) == [4, 7, 8, 3])
  }

  /// Text that has keys is no YAML: a page with front matter, labels in a list.
  @Test(
    arguments: [
      "---\ntitle: A Page\ntags: [x]\n---\n\n# A\n\n[A Good Title](https://arxiv.org/abs/2401.00001)\n",
      "# 2026-03-01\n- title: A Good Title\n  link: https://arxiv.org/abs/2401.00001\n",
      "Title: A Good Title\nLink: https://arxiv.org/abs/2401.00001\n\nTitle: B\nLink: https://arxiv.org/abs/2401.00002\n",
    ])
  func otherTextStaysWhatItIs(_ text: String) throws {
    let reading = try Reading(text)
    #expect(reading.entries.first?.id.rawValue == "2401.00001")
    #expect(reading.entries.first?.content.title == "A Good Title")
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      "- a:\n", " - ", "a: [", "a: {", "a: \"", "a: |\n", "k:\n ", "- - - ", "\"", "'", "&a ", ": ",
      "[", "{a: ", "- x\n", "---\n", "\n", " \n", "? ", "a: 'b\n", "\\",
    ])
  func stormsAreLinear(_ piece: String) throws {
    let storm = String(repeating: piece, count: (12 << 10) / piece.utf8.count)
    for text in ["- title: A\n  url: x\n- b: " + storm, "papers:\n- title: A\n" + storm] {
      let reading = try Reading(text)
      #expect(reading.problems.count <= 1001)
    }
  }

  @Test func anElementBeyondTheLimitIsLeftOut() throws {
    var limits = DigestReader.Limits()
    limits.element = 300
    let long = String(repeating: "x", count: 400)
    let reading = try Reading(
      "- title: A\n  doi: 10.1000/1\n- title: B\n  abstract: \(long)\n- title: C\n  doi: 10.1000/3\n",
      limits: limits)
    #expect(reading.entries.map(\.content.title) == ["A", "C"])
    #expect(reading.problems.map(\.line) == [3])
  }
}
