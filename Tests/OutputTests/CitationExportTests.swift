import Foundation
import Papers
import Testing

@testable import shelf

@Suite struct CitationExportTests {
  private let papers: [Paper] =
    Samples.nasty + [
      Samples.plain, Samples.titled("Old", id: "hep-th/9901001"),
      Samples.titled("With DOI", id: "doi:10.1000/a_b{c}"),
      Samples.titled("A page", id: "url:https://example.org/a_b?c=%20&d#e{}"),
      Samples.titled("", id: "2509.00002"),
    ]

  @Test func bibtexEntry() {
    var paper = Samples.plain
    paper.notes = []
    paper.content.title = "Cats: $\\pi_0$ for 100% of NASA's models"
    #expect(
      Samples.export([paper], as: .bibtex) == #"""
        @misc{cat2025maps,
          title = {{Cats:} $\pi_0$ for 100\% of {NASA's} models},
          author = {Cat, Tom and 毛, 小咪 and María José "Pepa"},
          year = {2025},
          eprint = {2509.26507},
          archivePrefix = {arXiv},
          primaryClass = {cs.CL},
          url = {https://arxiv.org/abs/2509.26507},
          keywords = {cats, maps, 地图 (topological, metric), kv, survey/猫}
        }


        """#)
  }

  @Test(arguments: [
    ("a{b}c", #"a\textbraceleft{}b\textbraceright{}c"#), (#"\x"#, #"\textbackslash{}x"#),
    ("$5 and $10", #"\$5 and \$10"#), ("$x^2$", "$x^2$"), ("$x", #"\$x"#),
    ("a_b^~", #"a\_b\textasciicircum{}\textasciitilde{}"#),
    (#"$\input{x}$"#, #"\$\textbackslash{}input\textbraceleft{}x\textbraceright{}\$"#),
    ("${$", #"\$\textbraceleft{}\$"#), ("a\n\tb", "a b"), ("#&%", ##"\#\&\%"##),
    ("_\u{301}", "\\_\u{301}"),
    (#"$\frac{a}{b}\,\%$"#, #"$\frac{a}{b}\,\%$"#), (#"$a\$"#, #"\$a\textbackslash{}\$"#),
  ])
  func tex(_ text: String, _ escaped: String) { #expect(TeXText.escaped(text) == escaped) }

  @Test(arguments: [
    ("Éa ab eB", "{Éa} ab {eB}"), ("#\\X", "{{\\#\\textbackslash{}X}}"), ("x-$Y$ z", "x-$Y$ z"),
  ])
  func titleWords(_ title: String, _ protected: String) {
    #expect(TeXText.title(title) == protected)
  }

  @Test(arguments: [
    ("Ann Lee", "Lee|Ann|"), ("Lee, Ann", "Lee|Ann|"), ("Lee, Jr., Ann", "Lee|Ann|Jr."),
    ("Ann Lee, Jr.", "Lee|Ann|Jr."), ("Ann B. Lee III", "Lee|Ann B.|III"),
    ("Jan van der Berg", "van der Berg|Jan|"), ("Van Nguyen", "Nguyen|Van|"),
    ("毛 小咪", "毛|小咪|"), ("毛小咪", "毛小咪||"), ("Plato", "Plato||"), ("Gemini Team", "Gemini Team||"),
    ("Barnes and Noble, Inc.", "Barnes and Noble, Inc.||"), ("a, b, c, d", "a, b, c, d||"),
    (" Ann \n Lee ", "Lee|Ann|"), (",", ",||"), ("Lee,", "Lee,||"), ("van der", "der|van|"),
    ("José María Ríos", "Ríos|José María|"), ("DeepSeek-AI", "DeepSeek-AI||"),
  ])
  func name(_ text: String, _ parts: String) {
    let name = AuthorName(text)
    #expect(name.map { "\($0.family)|\($0.given)|\($0.suffix)" } == parts)
  }

  @Test(arguments: ["", " \n", "et al.", "others"])
  func noName(_ text: String) { #expect(AuthorName(text) == nil) }

  @Test(arguments: [
    (["Ann Lee", "Bo Li"], "Ann Lee and Bo Li"), (["Lee, Ann"], "Lee, Ann"),
    (["Ann Lee III"], "Lee, III, Ann"), (["Jan van der Berg"], "van der Berg, Jan"),
    (["Gemini Team", "Bo Li"], "{Gemini Team} and Bo Li"), (["Rock AND Roll"], "{Rock AND Roll}"),
    (["Ann Lee", "et al."], "Ann Lee and others"), (["A & B_1"], #"{A \& B\_1}"#),
    (["{} Lee"], #"\textbraceleft{}\textbraceright{} Lee"#), (["& Co"], #"{{\& Co}}"#),
    ([], ""), (["", " "], ""), (["毛小咪", "毛 小咪"], "毛小咪 and 毛, 小咪"),
  ])
  func bibtexAuthors(_ names: [String], _ field: String) {
    #expect(TeXText.authors(names) == field)
  }

  @Test func aDayThatIsToldComesBeforeTheMonthOfAnID() {
    var paper = Samples.titled("T", id: "doi:10.1000/x")
    #expect(paper.publication == nil && PaperField.year.text(paper) == "")
    paper.bibliography.published = PublicationDate("2024-02-03")
    #expect(PaperField.year.text(paper) == "2024")
    paper.id = PaperID(trusted: "2401.00001")
    #expect(Samples.export([paper], as: .ris).contains("PY  - 2024\r\nDA  - 2024/02/03/\r\n"))
    let item = Samples.export([paper], as: .cslJSON)
    #expect(item.contains(#""issued":{"date-parts":[[2024,2,3]]}"#))
    paper.bibliography.published = nil
    #expect(paper.publication?.text == "2024-01")
  }

  /// Most entries for citing tell a year and no more.
  @Test(arguments: [
    ("2019", "PY  - 2019\r\nDA  - 2019///\r\n", "[[2019]]"),
    ("2019-06", "PY  - 2019\r\nDA  - 2019/06//\r\n", "[[2019,6]]"),
  ])
  func aYearAloneIsKept(_ date: String, _ ris: String, _ csl: String) {
    var paper = Samples.titled("T", id: "doi:10.1000/x")
    paper.bibliography.published = PublicationDate(date)
    #expect(Samples.export([paper], as: .ris).contains(ris))
    #expect(Samples.export([paper], as: .cslJSON).contains(#""issued":{"date-parts":\#(csl)}"#))
    #expect(Samples.export([paper], as: .bibtex).contains("year = {2019}"))
  }

  @Test func aKeyIsGivenOnce() {
    let keys = ["lee", "LEE", nil, "two words", "arxiv:2510.00006", nil]
    let papers = keys.enumerated().map { place, key in
      var paper = Samples.titled("T", id: "2510.0000\(place + 1)")
      paper.bibliography.citekey = key
      return paper
    }
    let lines = Samples.export(papers, as: .bibtex).split(separator: "\n")
    #expect(
      lines.filter { $0.hasPrefix("@") } == [
        "@misc{lee,", "@misc{arxiv:2510.00002,", "@misc{arxiv:2510.00003,",
        "@misc{arxiv:2510.00004,", "@misc{arxiv:2510.00006,", "@misc{arxiv:2510.00006+,",
      ])
  }

  @Test func keysAreUnique() {
    let ids = [
      "doi:10/a_b", "doi:10/a b", "doi:10/a%b", "doi:10/a_5fb", "url:http://a/é", "url:http://a/e",
    ]
    let keys = ids.map { BibTeXExporter.key(PaperID(trusted: $0)) }
    #expect(Set(keys).count == ids.count)
    #expect(
      keys.joined().utf8.allSatisfy {
        $0 > 0x20 && $0 < 0x7F && !"{}(),\"#%=\\~'".utf8.contains($0)
      })
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func bibtexIsReadByBibtexparser() throws {
    let script = """
      import json, sys, bibtexparser
      library = bibtexparser.parse_string(open(sys.argv[1], encoding="utf-8").read())
      print(json.dumps({"failed": len(library.failed_blocks), "comments": len(library.comments),
        "entries": [dict({f.key: f.value for f in e.fields}, ID=e.key, TYPE=e.entry_type)
          for e in library.entries]}))
      """
    let input = Samples.exportBytes(papers, as: .bibtex)
    let read = try #require(PythonReader.json(script, input: input) as? [String: Any])
    #expect(read["failed"] as? Int == 0 && read["comments"] as? Int == 0)
    let entries = try #require(read["entries"] as? [[String: String]])
    let keys = papers.map { paper in
      paper.bibliography.citekey.flatMap { BibTeXExporter.isKey($0) ? $0 : nil }
        ?? BibTeXExporter.key(paper.id)
    }
    #expect(entries.map { $0["ID"] } == keys)
    #expect(keys.contains("cat2025maps") && keys.contains("arxiv:2509.00002"))
    for (entry, paper) in zip(entries, papers) {
      #expect(entry["TYPE"] == "misc")
      let title = paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title
      #expect(entry["title"] == TeXText.title(title))
      #expect(entry["eprint"] == (paper.id.kind == .arXiv ? paper.id.rawValue : nil))
      let authors = TeXText.authors(paper.bibliography.authors)
      #expect(entry["author"] == (authors.isEmpty ? nil : authors))
      if paper.id.kind == .arXiv {
        #expect(entry["primaryClass"] == paper.bibliography.categories.first)
      }
    }
    #expect(entries.dropLast().last?["url"] == "https://example.org/a_b?c=%20&d#e%7B%7D")
    #expect(entries[papers.count - 4]["year"] == "1999")
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func risIsReadByRispy() throws {
    let script = """
      import json, sys, rispy
      print(json.dumps(rispy.loads(open(sys.argv[1], encoding="utf-8", newline="").read())))
      """
    let entries = try #require(
      PythonReader.json(script, input: Samples.exportBytes(papers, as: .ris)) as? [[String: Any]])
    #expect(entries.count == papers.count)
    for (entry, paper) in zip(entries, papers) {
      #expect(entry["type_of_reference"] as? String == (paper.id.kind == .arXiv ? "UNPB" : "GEN"))
      #expect((entry["urls"] as? [String])?.first == paper.url)
      let title = paper.content.title.isEmpty ? paper.id.rawValue : paper.content.title
      let words = title.split { $0.isWhitespace || $0 == "\u{1B}" || $0 == "\u{07}" }
      #expect(entry["title"] as? String == words.joined(separator: " "))
    }
    let plain = try #require(
      entries.first {
        $0["year"] as? String == "2025"
          && $0["keywords"] as? [String] == [
            "cats", "maps", "地图 (topological, metric)", "kv", "survey/猫",
          ]
      })
    #expect(plain["abstract"] as? String == "Cats walk. Maps follow.")
    #expect(plain["authors"] as? [String] == ["Cat, Tom", "毛, 小咪", "\"Pepa\", María José"])
    #expect(plain["date"] as? String == "2025/09/30/")
    #expect(plain["notes"] as? [String] == ["first line second line"])
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func cslIsReadByCiteproc() throws {
    let script = """
      import json, sys, warnings
      warnings.simplefilter("ignore")
      from citeproc.source.json import CiteProcJSON
      source = CiteProcJSON(json.load(open(sys.argv[1], encoding="utf-8")))
      print(json.dumps([{"key": key, "title": str(ref.title), "type": str(ref.type),
        "year": int(ref.issued.year) if "issued" in ref else None} for key, ref in source.items()]))
      """
    let entries = try #require(
      PythonReader.json(script, input: Samples.exportBytes(papers, as: .cslJSON))
        as? [[String: Any]])
    #expect(entries.count == papers.count)
    for (entry, paper) in zip(entries, papers) {
      #expect((entry["key"] as? String)?.lowercased() == paper.id.rawValue.lowercased())
      #expect(entry["type"] as? String == "article")
      #expect(entry["year"] as? Int == SubmissionMonth(paper.id)?.year)
    }
  }

  @Test func cslItems() throws {
    #expect(Samples.export([], as: .cslJSON) == "[]\n")
    let read = try JSONSerialization.jsonObject(
      with: Data(Samples.exportBytes(papers, as: .cslJSON)))
    let items = try #require(read as? [[String: Any]])
    for (item, paper) in zip(items, papers) where !paper.content.title.isEmpty {
      #expect(item["title"] as? String == paper.content.title)
    }
    #expect(items[papers.count - 3]["DOI"] as? String == "10.1000/a_b{c}")
    let authors = items[papers.count - 5]["author"] as? [[String: String]]
    #expect(
      authors == [
        ["family": "Cat", "given": "Tom"], ["family": "毛", "given": "小咪"],
        ["family": "\"Pepa\"", "given": "María José"],
      ])
    #expect(items[papers.count - 5]["number"] as? String == "arXiv:2509.26507")
  }

  @Test(arguments: [
    ("2509.26507", 2025, 9), ("hep-th/9901001", 1999, 1), ("math.GT/0309136", 2003, 9),
    ("9107.00001", 2091, 7),
  ])
  func month(_ id: String, _ year: Int, _ month: Int) {
    let read = SubmissionMonth(PaperID(trusted: id))
    #expect(read?.year == year && read?.month == month)
  }

  @Test(arguments: [
    "doi:10.1000/2509.1", "url:https://x.org/2509.1", "2513.00001", "2500.1", "x", "",
  ])
  func noMonth(_ id: String) { #expect(SubmissionMonth(PaperID(trusted: id)) == nil) }
}
