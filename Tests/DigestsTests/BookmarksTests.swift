import Digests
import Papers
import Testing

@Suite struct BookmarksTests {
  static let netscape = """
    <!DOCTYPE NETSCAPE-Bookmark-file-1>
    <!-- This is an automatically generated file. -->
    <META HTTP-EQUIV="Content-Type" CONTENT="text/html; charset=UTF-8">
    <TITLE>Bookmarks</TITLE>
    <H1>Bookmarks</H1>
    <DL><p>
        <DT><H3 ADD_DATE="1" PERSONAL_TOOLBAR_FOLDER="true">Bookmarks bar</H3>
        <DL><p>
            <DT><H3>Machine Learning</H3>
            <DL><p>
                <DT><A HREF="https://arxiv.org/abs/2401.00001?a=1&amp;b=2" ADD_DATE="1700000000" TAGS="a,b c">[2401.00001] A &amp; B</A>
                <DD>My words &lt;here&gt;.
                <DT><A HREF="https://example.org" ADD_DATE="1700000000">A Page</A>
            </DL><p>
            <DT><A HREF="https://doi.org/10.1000/1" TOREAD="1">Second</A>
        </DL><p>
    </DL><p>
    """

  @Test func foldersTagsAndNotes() throws {
    let reading = try Reading(Self.netscape, name: "bookmarks.html")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "doi:10.1000/1"])
    #expect(reading.entries.map(\.content.title) == ["A & B", "Second"])
    #expect(reading.entries.map(\.line) == [11, 15])
    let first = try #require(reading.entries.first?.carried)
    #expect(first.tags.map(\.name) == ["Machine-Learning", "a", "b-c"])
    #expect(first.notes.map(\.text) == ["My words <here>."])
    #expect(first.added == 1_700_000_000_000)
    let second = try #require(reading.entries.last?.carried)
    #expect(second.status == .queued && second.tags.isEmpty)
    #expect(reading.problems.map(\.line) == [13])
    let bytes = Array(Self.netscape.utf8)
    for chunk in [1, 2, 5, 17] {
      #expect(try Reading(bytes, name: "bookmarks.html", chunks: [chunk]) == reading)
    }
  }

  @Test func pocket() throws {
    let reading = try Reading(
      """
      <!DOCTYPE html>
      <html><head><title>Pocket Export</title></head><body>
      <h1>Unread</h1><ul>
      <li><a href="https://arxiv.org/abs/2401.00001" time_added="1700000000" tags="a,b">A</a></li>
      </ul><h1>Read Archive</h1><ul>
      <li><a href="https://arxiv.org/abs/2401.00002" time_added="1700000000" tags="">B</a></li>
      </ul></body></html>
      """)
    #expect(reading.entries.map(\.content.title) == ["A", "B"])
    #expect(reading.entries.map { $0.carried?.status } == [nil, .read])
    #expect(reading.problems.isEmpty)
  }

  @Test func zoteroRDF() throws {
    let reading = try Reading(
      """
      <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
       xmlns:z="http://www.zotero.org/namespaces/export#" xmlns:dcterms="http://purl.org/dc/terms/"
       xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
       xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:link="http://purl.org/rss/1.0/modules/link/">
        <bib:Article rdf:about="http://arxiv.org/abs/2401.00001">
          <z:itemType>preprint</z:itemType>
          <bib:authors><rdf:Seq>
            <rdf:li><foaf:Person><foaf:surname>Author</foaf:surname><foaf:givenName>Ada</foaf:givenName></foaf:Person></rdf:li>
          </rdf:Seq></bib:authors>
          <dcterms:isReferencedBy rdf:resource="#item_2"/>
          <link:link rdf:resource="#item_3"/>
          <dc:subject>mine</dc:subject>
          <dc:subject><z:AutomaticTag><rdf:value>Computer Science</rdf:value></z:AutomaticTag></dc:subject>
          <dc:title>A Title</dc:title>
          <dcterms:abstract>Text.</dcterms:abstract>
          <dc:date>2024-05-06</dc:date>
        </bib:Article>
        <bib:Memo rdf:about="#item_2"><rdf:value>&lt;p&gt;A note.&lt;/p&gt;</rdf:value></bib:Memo>
        <z:Attachment rdf:about="#item_3"><dc:title>Full Text</dc:title></z:Attachment>
        <bib:Article rdf:about="#item_4">
          <dc:title>Second</dc:title><dc:identifier>DOI 10.1000/1</dc:identifier>
          <dcterms:isPartOf><bib:Journal><dc:title>J</dc:title></bib:Journal></dcterms:isPartOf>
        </bib:Article>
        <z:Collection rdf:about="#collection_1"><dc:title>Big</dc:title>
          <dcterms:hasPart rdf:resource="#collection_2"/></z:Collection>
        <z:Collection rdf:about="#collection_2"><dc:title>Small One</dc:title>
          <dcterms:hasPart rdf:resource="http://arxiv.org/abs/2401.00001"/></z:Collection>
      </rdf:RDF>
      """, name: "zotero.rdf")
    #expect(reading.problems.isEmpty, "\(reading.problems)")
    #expect(reading.entries.map(\.id.rawValue) == ["2401.00001", "doi:10.1000/1"])
    #expect(reading.entries.map(\.content.title) == ["A Title", "Second"])
    let first = try #require(reading.entries.first)
    #expect(first.bibliography.authors == ["Author, Ada"])
    #expect(first.bibliography.published?.text == "2024-05-06")
    #expect(first.content.keywords == ["Computer Science"])
    #expect(first.carried?.tags.map(\.name) == ["Big/Small-One", "mine"])
    #expect(first.carried?.notes.map(\.text) == ["A note."])
  }
}
