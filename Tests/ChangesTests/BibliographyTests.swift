import Changes
import JSONText
import Papers
import Testing

/// What sources say of a paper apart from its text: how two of them add up.
@Suite struct BibliographyTests {
  private let id = PaperID(trusted: "2510.00001")

  private func said(
    authors: [String] = [], categories: [String] = [], published: String? = nil,
    code: [String] = [], votes: Int64? = nil, abstract: String? = nil
  ) -> Bibliography {
    var said = Bibliography()
    said.authors = authors
    said.categories = categories
    said.published = published.flatMap { PublicationDate($0) }
    said.code = code
    said.votes = votes
    said.abstract = abstract
    return said
  }

  private var whole: Bibliography {
    said(
      authors: ["Ann Lee", "Bo Li"], categories: ["cs.CL", "cs.LG"], published: "2025-09-30",
      code: ["https://github.com/a/b"], votes: 7, abstract: "Long and whole.")
  }

  /// What is written of one beside another, as `field value`.
  private func written(_ said: Bibliography, beside held: Bibliography) -> [String] {
    Registers.standard.facts(id, said, beside: held).map { "\($0.field) \($0.value)" }
  }

  @Test func everythingIsAFact() {
    #expect(
      written(whole, beside: Bibliography()) == [
        #"authors ["Ann Lee","Bo Li"]"#, #"categories ["cs.CL","cs.LG"]"#,
        #"published "2025-09-30""#, #"code ["https://github.com/a/b"]"#, "votes 7",
        #"abstract "Long and whole.""#,
      ])
    #expect(written(whole, beside: whole) == [], "what holds is not said again")
    #expect(written(Bibliography(), beside: whole) == [], "what says nothing takes nothing away")
  }

  @Test func aPoorerSourceTakesNothingAway() {
    let poorer = said(
      authors: ["A. Lee", "B. Li"], categories: ["cs.CL"], published: "2025-11-02",
      code: ["https://github.com/a/b"], votes: 3, abstract: "Long and…")
    #expect(written(poorer, beside: whole) == [])
    #expect(
      written(whole, beside: poorer).map { $0.prefix { $0 != " " } } == [
        "authors", "categories", "published", "votes", "abstract",
      ])
  }

  @Test func codeOfTwoSourcesIsThatOfBoth() {
    let more = said(code: ["https://github.com/c/d", "https://github.com/a/b"])
    #expect(
      written(more, beside: whole)
        == [#"code ["https://github.com/a/b","https://github.com/c/d"]"#])
  }

  /// However sources come, one after the other: none read again changes anything.
  @Test func nothingChangesWhenItIsReadAgain() {
    let sources = [
      whole, said(authors: ["Ann Lee", "Bo Li", "Cy Ma"], votes: 9),
      said(authors: ["X Y", "Z W"], categories: ["cs.CV"], code: ["https://github.com/c/d"]),
      said(published: "2025-09-29", abstract: "Other, and just as long"), said(votes: 9),
    ]
    for first in sources.indices {
      var held = Bibliography()
      func read(_ source: Bibliography) -> Bool {
        let facts = Registers.standard.facts(id, source, beside: held)
        for fact in facts { held.take(fact) }
        return !facts.isEmpty
      }
      for place in sources.indices { _ = read(sources[(first + place) % sources.count]) }
      #expect(held.votes == 9 && held.authors.count == 3)
      #expect(held.published == PublicationDate("2025-09-29"))
      for source in sources { #expect(!read(source)) }
    }
  }

  @Test(arguments: [
    ("authors", #"["a",7]"#), ("authors", "null"), ("categories", #""cs.CL""#),
    ("published", #""2025-02-30""#), ("published", "20250101"), ("votes", "true"),
    ("votes", "1.5"), ("abstract", "[]"), ("code", "{}"),
  ])
  func whatIsNoValueNeverHolds(_ field: String, _ value: String) {
    let stamps = (1...2).map { Stamp(milliseconds: $0, counter: 0, device: DeviceID(bits: 1)) }
    let facts = Registers.standard.facts(id, whole, beside: Bibliography())
    var changes = facts.map { fact in
      Change(
        stamp: stamps[0], operation: stamps[0], entity: fact.entity, field: fact.field,
        value: fact.value)
    }
    changes.append(
      Change(
        stamp: stamps[1], operation: stamps[1], entity: EntityKind.paper.entity(id.rawValue),
        field: field, value: value))
    #expect(!Registers.standard.understands(changes[changes.count - 1].name, value))
    #expect(PaperFold(id, changes).paper.bibliography == whole)
  }

  @Test func digestsKeepNoPaperOnTheList() {
    var paper = Paper(id: id)
    paper.bibliography = whole
    #expect(!Registers.standard.papers.contains { $0.keepsOnList(paper) })
    #expect(Registers.standard.bibliography.allSatisfy { $0.author == .digest })
    #expect(
      Registers.standard.bibliography.map { $0.words(of: paper) } == [
        "Ann Lee; Bo Li", "cs.CL, cs.LG", "2025-09-30", "https://github.com/a/b", "7",
        "Long and whole.", "",
      ])
  }

  @Test func theFirstKeyStays() {
    var (first, second) = (Bibliography(), Bibliography())
    (first.citekey, second.citekey) = ("lee2025", "Lee25")
    #expect(written(first, beside: whole) == [#"citekey "lee2025""#])
    #expect(written(second, beside: first) == [])
  }
}

extension Bibliography {
  /// Takes in what a fact says.
  fileprivate mutating func take(_ fact: Fact) {
    switch fact.field {
    case Authors.field: authors = Authors.value(fact.value) ?? []
    case Categories.field: categories = Categories.value(fact.value) ?? []
    case Published.field: published = Published.value(fact.value) ?? nil
    case CodeLinks.field: code = CodeLinks.value(fact.value) ?? []
    case Votes.field: votes = Votes.value(fact.value) ?? nil
    case Citekey.field: citekey = Citekey.value(fact.value) ?? nil
    default: abstract = Abstract.value(fact.value) ?? nil
    }
  }
}
