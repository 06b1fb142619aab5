import Digests
import Papers
import Testing

@Suite struct FeedTests {
  private let announcement = """
    <?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
      <id>http://rss.arxiv.org/atom/cs.CL</id>
      <title>cs.CL updates on arXiv.org</title>
      <updated>2026-11-27T05:00:00+00:00</updated>
      <entry>
        <id>oai:arXiv.org:2611.00001v1</id>
        <title>On $a &lt; b$ &amp;amp; More</title>
        <updated>2026-11-27T05:00:00+00:00</updated>
        <link href="https://arxiv.org/abs/2611.00001" rel="alternate" type="text/html"/>
        <summary>arXiv:2611.00001v1 Announce Type: new
    Abstract: First line
    goes on.</summary>
        <category term="cs.CL"/><category term="cs.LG"/>
        <published>2026-11-27T00:00:00-05:00</published>
        <arxiv:announce_type>new</arxiv:announce_type>
        <dc:creator>Ada Author, Berta Writer</dc:creator>
      </entry>
      <entry>
        <id>oai:arXiv.org:2601.00002v2</id>
        <title>An Old Paper</title>
        <summary>arXiv:2601.00002v2 Announce Type: replace
    Abstract: Old.</summary>
        <arxiv:announce_type>replace</arxiv:announce_type>
      </entry>
    </feed>
    """

  @Test func announcements() throws {
    let reading = try Reading(announcement, name: "cs.CL.xml")
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.map(\.id.rawValue) == ["2611.00001"])
    let entry = try #require(reading.entries.first)
    #expect(entry.content.title == "On $a < b$ & More")
    #expect(entry.content.summary == "First line goes on.")
    #expect(entry.bibliography.abstract == "First line goes on.")
    #expect(entry.bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(entry.bibliography.categories == ["cs.CL", "cs.LG"])
    #expect(entry.appearance.date?.text == "2026-11-27")
    #expect(entry.line == 6)
  }

  @Test func anAnswerOfArXivsSearch() throws {
    let reading = try Reading(
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom">
        <id>http://arxiv.org/api/abc</id>
        <title type="html">ArXiv Query: search_query=au:author</title>
        <updated>2026-11-28T00:00:00-05:00</updated>
        <entry>
          <id>http://arxiv.org/abs/2401.00001v2</id>
          <updated>2024-02-01T00:00:00Z</updated><published>2024-01-02T03:04:05Z</published>
          <title>A Title
            Over Two Lines</title>
          <summary>  An abstract
        of two lines.
      </summary>
          <author><name>Ada Author</name><arxiv:affiliation xmlns:arxiv="http://arxiv.org/schemas/atom">X</arxiv:affiliation></author>
          <author><name>Berta Writer</name></author>
          <arxiv:comment xmlns:arxiv="http://arxiv.org/schemas/atom">extends arXiv:2301.00009</arxiv:comment>
          <link title="pdf" href="http://arxiv.org/pdf/2401.00001v2" rel="related"/>
          <category term="cs.LG"/>
          <arxiv:primary_category xmlns:arxiv="http://arxiv.org/schemas/atom" term="cs.CL"/>
        </entry>
      </feed>
      """)
    let entry = try #require(reading.entries.first)
    #expect(reading.problems.isEmpty && entry.id.rawValue == "2401.00001")
    #expect(entry.content.title == "A Title Over Two Lines")
    #expect(entry.content.summary == "An abstract of two lines.")
    #expect(entry.bibliography.published?.text == "2024-01-02")
    #expect(entry.appearance.date?.text == "2026-11-28")
    #expect(entry.bibliography.authors == ["Ada Author", "Berta Writer"])
    #expect(entry.bibliography.categories == ["cs.CL", "cs.LG"])
  }

  @Test func rssOfOthersIsPapersOnly() throws {
    let reading = try Reading(
      """
      <rss version="2.0"><channel><title>Blog</title><link>https://example.org</link>
      <item><title>A Post</title><link>https://example.org/1</link></item>
      <item><title>[2401.00001] A Paper</title><link>https://arxiv.org/abs/2401.00001</link>
        <description>&lt;p&gt;One &amp;amp; two.&lt;/p&gt;&lt;p&gt;Three.&lt;/p&gt;</description>
        <pubDate>Thu, 02 Oct 2025 23:00:00 -0500</pubDate></item>
      </channel></rss>
      """)
    #expect(reading.entries.map(\.content.title) == ["A Paper"])
    #expect(reading.entries.map(\.content.summary) == ["One & two.\n\nThree."])
    #expect(reading.entries.map(\.appearance.date?.text) == ["2025-10-02"])
    #expect(reading.problems.map(\.line) == [2])
  }

  @Test func rssOne() throws {
    let reading = try Reading(
      """
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
      <channel rdf:about="https://example.org"><title>J</title></channel>
      <item rdf:about="https://doi.org/10.1000/1"><title>T</title><dc:creator xmlns:dc="d">A B</dc:creator></item>
      </rdf:RDF>
      """)
    #expect(reading.entries.map(\.id.rawValue) == ["doi:10.1000/1"])
    #expect(reading.entries.first?.bibliography.authors == ["A B"])
  }

  /// No entity is ever expanded, so a bomb of them is none.
  @Test func documentTypesAreRefused() throws {
    let bomb = """
      <?xml version="1.0"?>
      <!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
      <feed><entry><title>&b;</title><id>arXiv:2401.00001</id></entry></feed>
      """
    let reading = try Reading(bomb)
    #expect(reading.entries.isEmpty)
    #expect(reading.problems.count == 1)
    #expect(reading.problems.first?.message.contains("document type") == true)
  }

  @Test func whatIsCutOffKeepsWhatWasBefore() throws {
    let cut = announcement.prefix(announcement.utf8.count - 40)
    let reading = try Reading(String(cut))
    #expect(reading.entries.map(\.id.rawValue) == ["2611.00001"])
    #expect(reading.problems.count == 1)
    #expect((reading.problems.first?.line ?? 0) > 20)
  }

  @Test func depthIsBounded() throws {
    let deep = "<feed><entry>" + String(repeating: "<x>", count: 100_000)
    let reading = try Reading(deep)
    #expect(reading.problems.map(\.message).first?.contains("deeper than") == true)
  }

  @Test func anErrorOfArXivIsTold() throws {
    let reading = try Reading(
      "<feed><title>Feed error for query: cs.XX</title><entry><title>x</title></entry></feed>")
    #expect(reading.problems.first?.message.contains("Feed error for query") == true)
  }

  @Test func utf16WithItsDeclaration() throws {
    let text = announcement.replacing("UTF-8", with: "UTF-16").replacing("Ada", with: "Adä")
    let units = text.utf16.flatMap { unit -> [UInt8] in [UInt8(unit >> 8), UInt8(unit & 0xFF)] }
    let bytes: [UInt8] = [0xFE, 0xFF] + units
    let reading = try Reading(bytes)
    #expect(reading.entries.first?.bibliography.authors.first == "Adä Author")
  }

  /// A head is looked at before its bytes were made text: a root that is no UTF-8, or is cut within
  /// a character, ended the program.
  @Test(arguments: 0..<40)
  func aRootOfAnyBytesIsNone(_ length: Int) throws {
    for byte: UInt8 in [0xFF, 0xF3, 0xE7, 0xC3, 0x80] {
      let name = [UInt8](repeating: byte, count: length) + Array(" ".utf8)
      for text in [Array("<?xml version='1.0'?><e".utf8) + name, Array("<".utf8) + name] {
        #expect(try Reading(text + Array("x><item></item>".utf8)).entries.isEmpty)
      }
    }
  }
}
