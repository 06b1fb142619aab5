import Digests
import Papers
import Testing

/// Lists that a person keeps by hand: org mode, notes, things to do, links one a line.
@Suite struct PersonalListTests {
  private static let org = """
    #+title: My Reading
    #+filetags: :papers:

    * Language models :nlp:
    ** DONE [#A] [[https://arxiv.org/abs/2401.00001][A Linked Title of Org]] :fast:
    CLOSED: [2026-03-05 Thu 10:00] SCHEDULED: <2026-03-01 Sun>
    :PROPERTIES:
    :CUSTOM_ID: author2024linked
    :AUTHOR: Ada Author and Berta Writer
    :END:
    My words on it, against [[https://arxiv.org/abs/2401.09999][another]].

    *** Details
    More of my words.
    ** TODO A Title With Properties <2026-03-02 Mon>
    :PROPERTIES:
    :URL: https://arxiv.org/abs/2401.00002
    :DOI: 10.48550/arXiv.2401.00002
    :END:
    ** NEXT Title Above a Link
    https://arxiv.org/abs/2401.00003
    Words below the link that say a thing.
    ** A list
    - [X] [[https://arxiv.org/abs/2401.00004][Item Title of a List]]
    - [ ] [[https://doi.org/10.1000/abc][Other Item Title]]
    * 2026-03-07 Saturday
    ** [[arxiv:2401.00005][Plain Heading Title]]
    This is the summary of an entry in a digest of org.
    """

  @Test func orgMode() throws {
    let reading = try Reading(Self.org, name: "list.org")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    let titles = [
      "2401.00001": "A Linked Title of Org", "2401.00002": "A Title With Properties",
      "2401.00003": "Title Above a Link", "2401.00004": "Item Title of a List",
      "doi:10.1000/abc": "Other Item Title", "2401.00005": "Plain Heading Title",
    ]
    let found = Dictionary(uniqueKeysWithValues: reading.entries.map { ($0.id.rawValue, $0) })
    #expect(found.mapValues(\.content.title) == titles)
    #expect(
      found.mapValues { $0.carried?.status } == [
        "2401.00001": .read, "2401.00002": .queued, "2401.00003": .queued, "2401.00004": .read,
        "doi:10.1000/abc": nil, "2401.00005": nil,
      ])
    let first = try #require(found["2401.00001"])
    #expect(first.carried?.tags.map(\.name) == ["fast", "nlp", "papers"])
    #expect(first.bibliography.citekey == "author2024linked" && first.line == 5)
    #expect(first.carried?.statusTime == 1_772_704_800_000)
    #expect(first.bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(
      first.carried?.notes.map(\.text) == [
        "My words on it, against [[https://arxiv.org/abs/2401.09999][another]].\n\n*** Details\nMore of my words."
      ])
    #expect(
      found["2401.00003"]?.carried?.notes.map(\.text) == ["Words below the link that say a thing."])
    let plain = try #require(found["2401.00005"])
    #expect(plain.content.summary == "This is the summary of an entry in a digest of org.")
    #expect(plain.appearance.date?.text == "2026-03-07")
    let bytes = Array(Self.org.utf8)
    for chunk in [1, 5, 17] {
      #expect(try Reading(bytes, name: "list.org", chunks: [chunk]) == reading)
    }
  }

  @Test func aNoteOfOrgRoam() throws {
    let reading = try Reading(
      ":PROPERTIES:\n:ID: x\n:ROAM_REFS: https://arxiv.org/abs/2401.00001 @key24\n:END:\n#+title: A Roam Title\n\nMy words.\n"
    )
    #expect(reading.entries.map(\.content.title) == ["A Roam Title"])
    #expect(reading.entries.first?.carried?.notes.map(\.text) == ["My words."])
    #expect(reading.entries.first?.bibliography.citekey == "key24")
  }

  @Test func starsOfMarkdownAreNoHeadings() throws {
    let reading = try Reading(
      "* [First](https://arxiv.org/abs/2401.00001)\n* [Second](https://arxiv.org/abs/2401.00002)\n")
    #expect(reading.entries.map(\.content.title) == ["First", "Second"])
  }

  @Test func thingsToDo() throws {
    let reading = try Reading(
      """
      # To read
      - [x] [Done Title Here](https://arxiv.org/abs/2401.00001) #ml #nlp/qa
      - [ ] Open Title Here #vision https://arxiv.org/abs/2401.00002
      - [/] Half Read Title — https://arxiv.org/abs/2401.00003
      - [Plain Title Here](https://arxiv.org/abs/2401.00004) #kept
      """)
    #expect(
      reading.entries.map(\.content.title) == [
        "Done Title Here", "Open Title Here", "Half Read Title", "Plain Title Here",
      ])
    #expect(reading.entries.map { $0.carried?.status } == [.read, nil, .reading, nil])
    #expect(
      reading.entries.map { $0.carried?.tags.map(\.name) ?? [] } == [
        ["ml", "nlp/qa"], ["vision"], [], [],
      ])
  }

  @Test func aNoteOfObsidian() throws {
    let reading = try Reading(
      """
      ---
      tags: [ml, to-read]
      status: reading
      url: https://arxiv.org/abs/2401.00001
      date: 2026-03-04
      ---
      # A Small Study of Things

      My thoughts, against [[Other]] and https://arxiv.org/abs/2401.09999.
      - one
      """)
    let entry = try #require(reading.entries.first)
    #expect(reading.entries.count == 1 && reading.problems.isEmpty)
    #expect(entry.content.title == "A Small Study of Things" && entry.content.summary.isEmpty)
    #expect(entry.carried?.status == .reading)
    #expect(entry.carried?.tags.map(\.name) == ["ml", "to-read"])
    #expect(
      entry.carried?.notes.map(\.text) == [
        "My thoughts, against [[Other]] and https://arxiv.org/abs/2401.09999.\n- one"
      ])
    #expect(entry.carried?.added == 1_772_582_400_000)
    #expect(entry.carried?.notes.first?.created == 1_772_582_400_000)
  }

  /// A page of the web is none: its text is a summary.
  @Test func aPageWithFrontMatterIsNoNote() throws {
    let reading = try Reading(
      "---\ntitle: A Good Title\nlayout: post\ntags: [x]\nlink: https://arxiv.org/abs/2401.00001\n---\n\nA text about it that is a sentence.\n"
    )
    #expect(reading.entries.map(\.content.title) == ["A Good Title"])
    #expect(reading.entries.first?.carried == nil)
  }

  @Test func aPageOfLogseq() throws {
    let reading = try Reading(
      """
      title:: A Page Title
      tags:: [[machine learning]], nlp
      arxiv:: [2401.00002](https://arxiv.org/abs/2401.00002)
      status:: done

      - A block of thought
      \t- nested
      """)
    let entry = try #require(reading.entries.first)
    #expect(entry.id.rawValue == "2401.00002" && entry.content.title == "A Page Title")
    #expect(entry.carried?.tags.map(\.name) == ["machine-learning", "nlp"])
    #expect(entry.carried?.status == .read)
    #expect(entry.carried?.notes.map(\.text) == ["- A block of thought\n\t- nested"])
  }

  /// A page that names no paper itself is a list of those it links.
  @Test(
    arguments: [
      "title:: My list\ntags:: x\n\n- [A Good Title](https://arxiv.org/abs/2401.00001)\n",
      "---\ntitle: My list\nurl: /posts/list\ntags: [x]\n---\n\n- [A Good Title](https://arxiv.org/abs/2401.00001)\n",
      "---\ntitle: My list\ndate: 2026-03-05\n---\n\n- [A Good Title](https://arxiv.org/abs/2401.00001)\n",
    ])
  func aPageThatNamesNoPaperIsAList(_ text: String) throws {
    let reading = try Reading(text)
    #expect(reading.entries.map(\.content.title) == ["A Good Title"])
    #expect(reading.problems.isEmpty)
  }

  @Test func oneTab() throws {
    let reading = try Reading(
      """
      https://arxiv.org/abs/2401.00001 | [2401.00001] A Saved Title: With Colon
      https://openreview.net/forum?id=AbCd | A Forum Title | OpenReview
      https://example.org/ | A Page

      https://doi.org/10.1000/abc | Title With a DOI
      """)
    #expect(
      reading.entries.map(\.content.title) == [
        "A Saved Title: With Colon", "A Forum Title", "Title With a DOI",
      ])
    #expect(reading.problems.map(\.line) == [3])
  }

  @Test func linksWithRemarks() throws {
    let reading = try Reading(
      """
      # my list
      https://arxiv.org/abs/2401.00001  # a comment on it
      2401.00002 some words behind
      https://arxiv.org/abs/2401.00003 - A Title Behind
      arXiv:2401.00004
      # 2026-03-05
      10.1000/xyz
      """)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.content.title) == ["", "", "A Title Behind", "", ""])
    #expect(
      reading.entries.map { $0.carried?.notes.map(\.text) ?? [] } == [
        ["a comment on it"], ["some words behind"], [], [], [],
      ])
    #expect(reading.entries.last?.appearance.date?.text == "2026-03-05")
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      "* TODO x\n", ":a:\n", "[[", "[[http://x][", "** a :b:\n", "#+begin_x\n", "- [x] #a ",
      "a:: b\n",
    ])
  func stormsAreLinear(_ piece: String) throws {
    let storm = String(repeating: piece, count: (12 << 10) / piece.utf8.count)
    for start in ["* TODO a\n", "a:: b\n", "---\nurl: x\nstatus: y\n---\n", "- [x] ", "#+title: "] {
      #expect(try Reading(start + storm).problems.count <= 1001)
    }
  }
}
