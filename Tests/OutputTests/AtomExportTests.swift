import Foundation
import Papers
import TestSupport
import Testing

@testable import shelf

/// `export atom`, read by readers that others wrote.
@Suite struct AtomExportTests {
  /// The feed as feedparser, which forgives, and atoma, which does not, read it.
  private static let script = """
    import json, sys, atoma, feedparser
    data = open(sys.argv[1], "rb").read()
    strict = atoma.parse_atom_bytes(data)
    read = feedparser.parse(data, sanitize_html=False)
    print(json.dumps({
      "bozo": int(read.bozo), "id": read.feed.id, "updated": read.feed.updated,
      "title": read.feed.title, "strict": [e.id_ for e in strict.entries],
      "entries": [{
        "id": e.id, "title": e.title, "updated": e.updated, "link": e.link,
        "published": e.get("published"), "summary": e.get("summary"),
        "authors": [a.get("name") for a in e.get("authors", [])],
        "tags": [t.term for t in e.get("tags", [])],
        "content": e.content[0].value if "content" in e else None,
        "type": e.content[0].type if "content" in e else None} for e in read.entries]}))
    """

  private func read(_ papers: [Paper], filter: String = "") throws -> [String: Any] {
    var out: [UInt8] = []
    var exporter = AtomExporter(filter: filter)
    exporter.begin(into: &out)
    for paper in papers { exporter.append(paper, into: &out) }
    exporter.end(into: &out)
    let feed = try PythonReader.json(Self.script, input: out) as? [String: Any]
    return try #require(feed)
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func aPaperIsReadAsItIs() throws {
    let feed = try read([Samples.plain], filter: "is:starred +猫")
    #expect(feed["bozo"] as? Int == 0)
    #expect(feed["title"] as? String == "Papershelf: is:starred +猫")
    #expect(feed["updated"] as? String == "2025-10-02T08:00:00.123Z")
    let entry = try #require((feed["entries"] as? [[String: Any]])?.first)
    #expect(entry["id"] as? String == "https://arxiv.org/abs/2509.26507")
    #expect(entry["link"] as? String == "https://arxiv.org/abs/2509.26507")
    #expect(entry["title"] as? String == "Small Cats Learn Large Maps")
    #expect(entry["updated"] as? String == "2025-10-02T08:00:00.123Z")
    #expect(entry["published"] as? String == "2025-09-30T00:00:00Z")
    #expect(entry["summary"] as? String == "Cats can learn maps of large houses.")
    #expect(entry["authors"] as? [String] == ["Cat, Tom", "毛 小咪", #"María José "Pepa""#])
    #expect(
      entry["tags"] as? [String]
        == ["cs.CL", "cs.LG", "cats", "maps", "地图 (topological, metric)"])
    #expect(entry["type"] as? String == "text/html")
    let content = try #require(entry["content"] as? String)
    #expect(
      content.contains("We let cats walk &amp; draw &lt; 5 maps.") && content.contains("这是第二段。"))
    #expect(!content.contains("first line"), "notes are private")
  }

  /// What a person did to a paper, and when the feed is made, change nothing of it.
  @Test func theSameListIsTheSameFeed() {
    func bytes(_ paper: Paper, _ filter: String) -> [UInt8] {
      var out: [UInt8] = []
      var exporter = AtomExporter(filter: filter)
      exporter.begin(into: &out)
      exporter.append(paper, into: &out)
      exporter.end(into: &out)
      return out
    }
    var other = Samples.plain
    (other.status, other.starred, other.tags, other.notes) = (.read, false, [], [])
    other.updated += 1_000_000
    #expect(bytes(Samples.plain, "") == bytes(other, ""))
    let ids = ["", "is:starred", "is:starred ", "猫"].map { filter in
      String(decoding: bytes(other, filter), as: UTF8.self).firstMatch(
        of: /urn:uuid:[0-9a-f-]{36}/)?.0
    }
    #expect(Set(ids.compactMap(\.self)).count == 4, "\(ids)")
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func anythingIsAValidFeed() throws {
    #expect(try read([])["updated"] as? String == "1970-01-01T00:00:00.000Z")
    let nasty = Samples.nastyTitles + ["a\u{FFFE}b\u{FFFF}c\u{0}d\u{B}e"]
    let papers = nasty.enumerated().map { index, title in
      var paper = Samples.titled(title, id: "2510.0\(1000 + index)")
      paper.content.keywords = [title]
      paper.content.summary = title + "\n\n" + title
      paper.bibliography.authors = [title]
      paper.added = [0, -62_135_596_800_000, .max, .min, 1_759_392_000_123][index % 5]
      return paper
    }
    let feed = try read(papers, filter: Samples.nastyTitles.joined(separator: " "))
    #expect(feed["bozo"] as? Int == 0)
    #expect((feed["strict"] as? [String])?.count == papers.count)
    let entries = try #require(feed["entries"] as? [[String: Any]])
    #expect(entries.map { $0["id"] as? String } == papers.map(\.url))
  }
}
