import Digests
import Papers
import Testing

@Suite struct BibTeXTests {
  @Test func anEntryOfArXiv() throws {
    let reading = try Reading(
      """
      @misc{author2401small,
            title={A Small {BERT} of Everything},
            author={Ada Author and Berta {van Writer} and {The Invented Team} and others},
            year={2024},
            eprint={2401.00001},
            archivePrefix={arXiv},
            primaryClass={cs.CL},
            url={https://arxiv.org/abs/2401.00001},
      }
      """, name: "refs.bib")
    let entry = try #require(reading.entries.first)
    #expect(reading.problems.isEmpty && reading.entries.count == 1)
    #expect(entry.id.rawValue == "2401.00001")
    #expect(entry.content.title == "A Small BERT of Everything")
    #expect(
      entry.bibliography.authors == ["Ada Author", "Berta van Writer", "The Invented Team"])
    #expect(entry.bibliography.categories == ["cs.CL"])
    #expect(entry.bibliography.citekey == "author2401small")
  }

  @Test func macrosJoinsQuotesAndParentheses() throws {
    let reading = try Reading(
      """
      % Encoding: UTF-8
      @preamble{"some {TeX} of old"}
      @string{ long = "Journal of " # {Invented {Things}} }
      @comment{jabref-meta: databaseType:bibtex;}
      @article(key1,
        title = "Quoted {"} Title" # { and Half},
        journal = long # ", arXiv:2401.00002",
        month = jun # "~" # 3, year = 2024
      )
      """)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00002"])
    #expect(reading.entries.first?.content.title == "Quoted \" Title and Half")
    #expect(reading.entries.first?.line == 5)
  }

  @Test(
    arguments: [
      (#"M{\"u}ller and \'Etude, {\ss}a{\ss}"#, "Müller and Étude, ßaß"),
      (#"\v{S}\'\i\c{c}\H{o} \O{}re na{\"\i}ve \aa"#, "Šíçő Øre naïve å"),
      (##"50\% \& \#1 \_x \$5 A~B"##, "50% & #1 _x $5 A B"),
      (#"\emph{Very} {\textbf bold} \url{x}"#, "Very bold x"),
      (#"On $\mathcal{O}(n^{2})$ {Steps}"#, #"On $\mathcal{O}(n^{2})$ Steps"#),
      (#"Cost: $5 only {X}"#, "Cost: $5 only X"),
      (#"``Quoted'' {T}it{\textquoteright}s"#, "“Quoted” Tit’s"),
      (#"\unknown{arg} \textbackslash{}n"#, #"\unknownarg \n"#),
      ("Plain -- dash", "Plain -- dash"),
    ] as [(String, String)])
  func texBecomesText(_ tex: String, _ plain: String) throws {
    let reading = try Reading("@misc{k, doi = {10.1000/x}, author = {A}, title = {\(tex)} }")
    let broken = tex.hasSuffix("\\") && !tex.hasSuffix("n")
    #expect(
      reading.entries.first?.content.title == (broken ? ReadTitle.of(plain) : ReadTitle.of(plain)))
  }

  /// A backslash alone is no title.
  private enum ReadTitle {
    static func of(_ text: String) -> String {
      text.contains { $0.isLetter || $0.isNumber } ? text : ""
    }
  }

  @Test(
    arguments: [
      ("doi = {10.1000/a_b}", "doi:10.1000/a_b"), (#"doi = {10.1000/a\_b}"#, "doi:10.1000/a_b"),
      ("doi = {https://doi.org/10.1000/A}", "doi:10.1000/a"),
      ("doi = {10.1000/17%3C31:x%3E2.0}", "doi:10.1000/17<31:x>2.0"),
      (
        "doi = {10.1002/(SICI)1097(199806)49:8<693::AID-ASI4>3.0.CO;2-O}",
        "doi:10.1002/(sici)1097(199806)49:8<693::aid-asi4>3.0.co;2-o"
      ),
      ("doi = {10.1000/x&lt;y&gt;}", "doi:10.1000/x<y>"),
      ("doi = {10.48550/arXiv.2401.00003}", "2401.00003"),
      ("doi = {10.1000/x}, note = {arXiv:2401.00003 [cs]}", "2401.00003"),
      ("doi = {10.1000/x}, note = {extends arXiv:2401.00003}", "doi:10.1000/x"),
      ("url = {https://example.org/x}, note = {see arXiv:2401.00003}", "2401.00003"),
      ("url = {https://example.org/x}, note = {doi 10.1000/y.}", "doi:10.1000/y"),
      ("journal = {CoRR}, volume = {abs/2401.00003}", "2401.00003"),
      (#"howpublished = {\url{https://arxiv.org/abs/2401.00003v2}}"#, "2401.00003"),
      ("eprint = {hep-th/9901001}", "hep-th/9901001"),
      ("eprint = {2401.00003}, eprinttype = {arXiv}, eprintclass = {cs.CL}", "2401.00003"),
      ("url = {https://openreview.net/forum?id=Ab_1}", "url:https://openreview.net/forum?id=Ab_1"),
      (
        "url = {https://www.biorxiv.org/content/10.1101/2025.01.02.123456v1.full}",
        "doi:10.1101/2025.01.02.123456"
      ),
      ("url = {https://dl.acm.org/doi/abs/10.1145/1.2}", "doi:10.1145/1.2"),
      ("url = {https://papers.cool/arxiv/2401.00003}", "2401.00003"),
    ] as [(String, String)])
  func identity(_ fields: String, _ id: String) throws {
    let reading = try Reading("@article{k, title = {A Title}, \(fields)}")
    #expect(reading.entries.map(\.id.rawValue) == [id])
  }

  /// An abstract and a title may name other papers.
  @Test func whatItIsAboutIsNotItsIdentity() throws {
    let reading = try Reading(
      """
      @article{k, title = {A Reply to arXiv:2401.00009}, abstract = {See arXiv:2401.00008.},
        doi = {10.1000/x}}
      """)
    #expect(reading.entries.map(\.id.rawValue) == ["doi:10.1000/x"])
  }

  @Test func theAbstractIsLaidOutAnewAndKept() throws {
    let reading = try Reading(
      """
      @article{k, title={T}, doi={10.1000/x}, keywords = {one, two words}, annote = {Mine.},
        date = {2024-05-06}, abstract = {First line
        goes on.

        Second <jats:p>paragraph</jats:p>.}, groups = {To Read}, readstatus = {read},
      }
      """)
    let entry = try #require(reading.entries.first)
    #expect(entry.content.summary == "First line goes on.\n\nSecond paragraph.")
    #expect(entry.bibliography.abstract == entry.content.summary)
    #expect(entry.content.keywords == ["one", "two words"])
    #expect(entry.bibliography.published?.text == "2024-05-06")
    #expect(entry.carried?.notes.map(\.text) == ["Mine."])
    #expect(entry.carried?.tags.map(\.name) == ["To-Read"])
    #expect(entry.carried?.status == .read)
  }

  @Test func whatIsDamagedCostsNoOther() throws {
    let reading = try Reading(
      """
      @article{a, title = {First}, doi = {10.1000/1}}
      @article{b, doi = {10.1000/2}, title = {Never closed,
        author = {X},
      @article{c, title = {Third}, doi = {10.1000/3}}
      @article{d title = , = {}, doi = {10.1000/4}, {}, title = {Fourth}
      """)
    #expect(
      reading.entries.map(\.id.rawValue)
        == ["doi:10.1000/1", "doi:10.1000/2", "doi:10.1000/3", "doi:10.1000/4"])
    #expect(reading.entries.map(\.content.title) == ["First", "", "Third", "Fourth"])
    #expect(reading.problems.map(\.line) == [2, 5])
  }

  @Test func whatIsNoPaperIsCounted() throws {
    let reading = try Reading(
      """
      @misc{a, title = {A Page}, url = {https://example.org/a}}
      @book{b, title = {A Book}}
      @misc{c, title = {A Page}, url = {https://example.org/c}}
      """)
    #expect(reading.entries.isEmpty)
    #expect(
      reading.problems.map(\.message) == [
        "2 entries are no papers (no arXiv id, DOI or page of a paper); left out, --all keeps them",
        "1 entry names neither an arXiv id nor a DOI nor an address; left out",
      ])
    #expect(reading.problems.map(\.line) == [1, 2])
  }

  @Test func aLargeEntryIsLeftOut() throws {
    var limits = DigestReader.Limits()
    limits.line = 200
    let long = String(repeating: "x", count: 400)
    let reading = try Reading(
      "@misc{a, doi={10.1000/1}, note={\(long)}}\n@misc{b, title={B}, doi={10.1000/2}}",
      limits: limits)
    #expect(reading.entries.map(\.id.rawValue) == ["doi:10.1000/2"])
    #expect(reading.problems.map(\.line) == [1])
  }
}

extension BibTeXTests {
  @Test func whatIsNoEntryOfAPaper() throws {
    let reading = try Reading(
      """
      @preamble{ "\\newcommand{\\noop}[1]{}" # " x" }
      @inproceedings{child, title={Child Title}, crossref={parent}, doi={10.1000/1}} }
      }
      @xdata{shared, doi={10.1000/7}}
      @inproceedings{other, title={Only the parent has an id}, crossref={parent}}
      @proceedings{parent, title={Proceedings}, doi={10.1000/9}}
      @article{cut, doi={10.1000/8}, title={Cut in the mid
      """)
    #expect(
      reading.entries.map(\.id.rawValue) == ["doi:10.1000/1", "doi:10.1000/9", "doi:10.1000/8"])
    #expect(reading.entries.map(\.content.title) == ["Child Title", "Proceedings", ""])
    #expect(reading.problems.map(\.line) == [7, 5])
  }
}
