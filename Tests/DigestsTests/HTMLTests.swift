import Digests
import Papers
import Testing

@Suite struct HTMLTests {
  private static let page = """
    <!DOCTYPE html>
    <html><head><title>My Reading &amp; More</title><style>a > b { color: red }</style>
    <script>if (a < b) document.write("<a href='https://arxiv.org/abs/2401.99999'>x</a>");</script>
    </head><body><nav><a href="https://arxiv.org/abs/2401.88888">Menu</a></nav>
    <!-- <a href="https://arxiv.org/abs/2401.77777">Comment</a> -->
    <h1>Papers</h1><h2>2026-03-05</h2>
    <ul><li><a href="https://arxiv.org/abs/2401.00001">A *Star* &amp; [Bracket] Title</a>
     <p>Its summary is a sentence that says a &lt; b here.</p></li>
    <li><b>Bold Title First</b><br>Authors: Ada Author, Berta Writer<br>
    <a href="https://arxiv.org/pdf/2401.00002">pdf</a> <a href="https://github.com/x/y">code</a></ul>
    <div class="card"><h3>Card Title of Some Kind</h3>
    <p>The text of the card is long enough to be its summary.</p><a href="/abs/2401.00003">paper</a></div>
    <table><tr><th>Date</th><th>Title</th><th>Link</th></tr>
    <tr><td>2026-03-04</td><td>Row Title | One</td><td><a href="https://doi.org/10.1000/ab(c)d">link</a></td></tr>
    </table>
    <dl><dt>[1] <a href="/abs/2401.00004">arXiv:2401.00004</a> [<a href="/pdf/2401.00004">pdf</a>]</dt>
    <dd><div><span>Title:</span> Listed Title Here</div><div><span>Authors:</span>
    <a href="/a">Ada Author</a>, <a href="/b">Berta Writer</a></div><p>An abstract that stands below.</p></dd>
    </dl><a href="https://arxiv.org/abs/2401.00006"><h3>Linked Card Title</h3><p>A short text.</p></a>
    </body></html>
    """

  @Test func titlesSummariesAndDays() throws {
    let reading = try Reading(Self.page, name: "page.html")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    #expect(
      reading.entries.map { "\($0.id) \($0.content.title)" } == [
        "2401.00001 A *Star* & [Bracket] Title", "2401.00002 Bold Title First",
        "2401.00003 Card Title of Some Kind", "doi:10.1000/ab(c)d Row Title | One",
        "2401.00004 Listed Title Here", "2401.00006 Linked Card Title",
      ])
    #expect(
      reading.entries.map(\.content.summary) == [
        "Its summary is a sentence that says a < b here.", "",
        "The text of the card is long enough to be its summary.", "",
        "An abstract that stands below.", "A short text.",
      ])
    #expect(reading.entries.map(\.line) == [7, 10, 12, 14, 16, 19])
    #expect(reading.entries.allSatisfy { $0.appearance.date?.text == "2026-03-05" })
    #expect(reading.entries[1].bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(reading.entries[4].bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(reading.entries[1].bibliography.code == ["https://github.com/x/y"])
    let bytes = Array(Self.page.utf8)
    for chunk in [1, 2, 5, 17] {
      #expect(try Reading(bytes, name: "page.html", chunks: [chunk]) == reading)
    }
  }

  /// All on one line it says the same.
  @Test func lineEndsMeanNothing() throws {
    let reading = try Reading(Self.page, name: "page.html")
    let flat = try Reading(Self.page.replacing("\n", with: " "), name: "page.html")
    #expect(flat.entries.map(\.content) == reading.entries.map(\.content))
    #expect(flat.entries.allSatisfy { $0.line == 1 })
  }

  @Test func elementsByThemselves() throws {
    let reading = try Reading(
      """
      <html><body><svg class="x" /><ul><li><b>A Bold Title</b><br/>words<hr/>
      <a href="https://arxiv.org/abs/2401.00001"><svg/></a></li></ul></body></html>
      """)
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001"])
  }

  @Test func thePageOfOnePaperIsCalledAsItSays() throws {
    let reading = try Reading(
      "<html><head><title>A Good Title</title></head><body><a href='https://arxiv.org/pdf/2401.00001'>PDF</a></body></html>"
    )
    #expect(reading.entries.map(\.content.title) == ["A Good Title"])
  }

  @Test(
    .timeLimit(.minutes(3)),
    arguments: [
      "<", "<a href=", "<a href='https://arxiv.org/abs/2401.00001'>", "<table><tr><td>", "<ul><li>",
      "<!--", "<script>", "<b>", "&#42;", "&", "$x", "<h1>", "</", "<details><summary>",
      "<blockquote>",
    ])
  func stormsAreLinear(_ piece: String) throws {
    let storm = String(repeating: piece, count: (12 << 10) / piece.utf8.count)
    for start in ["<html><body>", "<html><body><table><tr><td>", "<html><body><ul><li>"] {
      #expect(try Reading(start + storm).problems.count <= 1001)
    }
  }
}
