import Foundation
import Papers
import TestSupport

/// Answers of the places that digests come from, in wording of our own.
enum Wording {
  typealias Reply = DigestServer.Reply

  /// The id of a paper that is not there: the number of a series and of a paper in it.
  static func id(_ series: Int, _ number: Int) -> String {
    let digits = String(series * 100 + number)
    return "2605." + String(repeating: "0", count: 5 - digits.count) + digits
  }

  /// The digest of a day in the main format.
  static func digest(_ day: String, _ ids: [String]) -> String {
    "# Papers for \(day)\n\n"
      + ids.enumerated().map { index, id in
        """
        ## \(index).[Lamps and Ladders \(id)](https://arxiv.org/pdf/\(id))

        summary:**核心关键词**: 灯, 梯  **一句话核心总结**: 灯照着梯子。  **主要成果**: 看得见。

        """
      }.joined(separator: "\n")
  }

  /// One entry of arXiv's feed.
  struct Announced {
    var id: String
    var type = "new"
  }

  /// arXiv's feed of a day.
  static func arXiv(_ day: String, _ entries: [Announced]) -> String {
    let list = entries.map { entry in
      """
        <entry>
          <id>oai:arXiv.org:\(entry.id)v1</id>
          <title>Kites over \(entry.id)</title>
          <updated>\(day)T04:00:00+00:00</updated>
          <link href="https://arxiv.org/abs/\(entry.id)" rel="alternate" type="text/html"/>
          <summary>arXiv:\(entry.id)v1 Announce Type: \(entry.type)
      Abstract: We fly kite \(entry.id) and count the knots.</summary>
          <category term="cs.CL"/>
          <published>\(day)T00:00:00-04:00</published>
          <arxiv:announce_type>\(entry.type)</arxiv:announce_type>
          <dc:creator>Ida Invented, Bo Maker</dc:creator>
        </entry>
      """
    }
    return """
      <?xml version='1.0' encoding='UTF-8'?>
      <feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <id>http://rss.arxiv.org/atom/cs.CL</id>
        <title>cs.CL updates</title>
        <updated>\(day)T04:00:00+00:00</updated>
      \(list.joined(separator: "\n"))
      </feed>
      """
  }

  /// What arXiv answers to a category that there is not.
  static let arXivError = """
    <?xml version='1.0' encoding='UTF-8'?>
    <feed xmlns="http://www.w3.org/2005/Atom"><title>Feed error for query: cs.XX</title>
    <entry><title>Bad query</title><summary>no such thing</summary></entry></feed>
    """

  /// What arXiv's API answers.
  /// - Parameter total: how many there are, of which the answer may hold a part.
  static func search(_ ids: [String], of total: Int? = nil) -> String {
    let list = ids.map { id in
      """
        <entry>
          <id>http://arxiv.org/abs/\(id)v2</id>
          <updated>2026-05-02T00:00:00Z</updated><published>2026-05-01T03:04:05Z</published>
          <title>Boats of \(id)
            and Others</title>
          <summary>  A boat is built
        from paper.
      </summary>
          <author><name>Ida Invented</name></author><author><name>Bo Maker</name></author>
          <category term="cs.LG"/><category term="cs.CL"/>
        </entry>
      """
    }
    return """
      <?xml version="1.0" encoding="UTF-8"?>
      <feed xmlns="http://www.w3.org/2005/Atom">
        <id>http://arxiv.org/api/abc</id><title>ArXiv Query</title>
        <updated>2026-06-01T00:00:00-04:00</updated>
        <opensearch:totalResults xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/">
          \(total ?? ids.count)
        </opensearch:totalResults>
      \(list.joined(separator: "\n"))
      </feed>
      """
  }

  /// Hugging Face's papers of a day.
  static func huggingFace(_ day: String, _ ids: [String]) -> String {
    let list = ids.map { id in
      """
      {"paper":{"id":"\(id)","title":"Baskets \(id)","summary":"We weave.","authors":[{"name":"Ida \
      Invented"}],"upvotes":7,"ai_summary":"Weaving works.","ai_keywords":["baskets","reed"],\
      "publishedAt":"2026-05-30T00:00:00.000Z","submittedOnDailyAt":"\(day)T05:00:00.000Z"},\
      "numComments":1,"title":"Baskets \(id)"}
      """
    }
    return "[" + list.joined(separator: ",") + "]"
  }

  /// What bioRxiv's API answers: a page of so many, from a place on.
  static func bioRxiv(_ day: String, _ numbers: Range<Int>, total: Int) -> String {
    let list = numbers.map { number in
      """
      {"title":"Snails \(number)","authors":"Invented, I.; Maker, B.","doi":"10.1101/2026.05.01.\
      \(100_000 + number)","date":"\(day)","version":"1","type":"new results","category":"zoology",\
      "abstract":"A snail was watched.","server":"biorxiv"}
      """
    }
    return """
      {"messages":[{"status":"ok","interval":"x","cursor":"\(numbers.lowerBound)",\
      "count":\(numbers.count),"total":"\(total)"}],"collection":[\(list.joined(separator: ","))]}
      """
  }

  /// A feed of a blog that names papers, in each of the four forms.
  enum FeedForm: String, CaseIterable, Sendable { case rss2, rss1, atom, json }

  static func feed(_ form: FeedForm, _ entries: [(id: String, day: String)]) -> String {
    func each(_ body: (String, String) -> String) -> String {
      entries.map { body($0.id, $0.day) }.joined(separator: form == .json ? "," : "\n")
    }
    switch form {
    case .rss2:
      return "<rss version=\"2.0\"><channel><title>Pond</title><link>https://pond.example</link>"
        + each {
          "<item><title>Frogs \($0)</title><link>https://arxiv.org/abs/\($0)</link>"
            + "<description>About frogs.</description><pubDate>\($1)T07:00:00Z</pubDate></item>"
        } + "</channel></rss>"
    case .rss1:
      return
        "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" "
        + "xmlns=\"http://purl.org/rss/1.0/\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
        + "<channel rdf:about=\"https://pond.example\"><title>Pond</title></channel>"
        + each {
          "<item rdf:about=\"https://arxiv.org/abs/\($0)\"><title>Frogs \($0)</title>"
            + "<description>About frogs.</description><dc:creator>Ida Invented</dc:creator>"
            + "<dc:date>\($1)</dc:date></item>"
        } + "</rdf:RDF>"
    case .atom:
      return "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Pond</title>"
        + each {
          "<entry><id>tag:pond.example,2026:\($0)</id><title>Frogs \($0)</title>"
            + "<link href=\"https://arxiv.org/abs/\($0)\"/><summary>About frogs.</summary>"
            + "<published>\($1)T07:00:00Z</published></entry>"
        } + "</feed>"
    case .json:
      return "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"Pond\",\"items\":["
        + each {
          "{\"id\":\"https://arxiv.org/abs/\($0)\",\"url\":\"https://arxiv.org/abs/\($0)\","
            + "\"title\":\"Frogs \($0)\",\"content_text\":\"About frogs.\","
            + "\"date_published\":\"\($1)T07:00:00Z\"}"
        } + "]}"
    }
  }

  static let loginPage = """
    <!DOCTYPE html><html><head><title>Welcome</title></head>
    <body>Please log in to use this network. <a href="/terms">Terms</a></body></html>
    """
}
