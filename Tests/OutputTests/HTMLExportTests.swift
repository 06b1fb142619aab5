import Foundation
import Papers
import Testing

@testable import shelf

@Suite struct HTMLExportTests {
  private static let reader = """
    import base64, hashlib, json, sys
    from html.parser import HTMLParser
    VOID = {"meta", "input", "link", "br", "img"}
    # As where no scripts run: the papers are elements.
    class Page(HTMLParser):
        def __init__(self):
            super().__init__()
            self.stack, self.tags, self.links, self.titles, self.code = [], {}, [], [], {}
            self.policy, self.attributes, self.balanced = "", set(), True
        def handle_starttag(self, tag, attrs):
            self.tags[tag] = self.tags.get(tag, 0) + 1
            self.attributes |= {name for name, _ in attrs}
            attrs = dict(attrs)
            if tag == "a": self.links.append(attrs.get("href"))
            if attrs.get("http-equiv") == "Content-Security-Policy": self.policy = attrs["content"]
            self.isData = tag == "script" and "type" in attrs
            if tag == "h2": self.titles.append("")
            if tag not in VOID: self.stack.append(tag)
        def handle_endtag(self, tag):
            if not self.stack or self.stack.pop() != tag: self.balanced = False
        def handle_data(self, data):
            if "h2" in self.stack: self.titles[-1] += data
            if self.stack and self.stack[-1] in ("style", "script") and not self.isData:
                self.code[self.stack[-1]] = self.code.get(self.stack[-1], "") + data
    page = Page()
    page.feed(open(sys.argv[1], encoding="utf-8", newline="").read())
    page.close()
    hashes = {name: "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
              for name, text in page.code.items()}
    print(json.dumps({"tags": page.tags, "links": page.links, "titles": page.titles,
      "policy": page.policy, "hashes": hashes, "attributes": sorted(page.attributes),
      "balanced": page.balanced and not page.stack}))
    """

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func isReadByAnHTMLParser() throws {
    let papers =
      Samples.nasty + [
        Samples.plain, Samples.titled("Evil", id: "url:javascript:alert(1)"),
        Samples.titled("Quote", id: "url:https://x.org/\"onclick=alert(1)"),
      ]
    let input = Samples.exportBytes(papers, as: .html)
    let page = try #require(PythonReader.json(Self.reader, input: input) as? [String: Any])
    #expect(page["balanced"] as? Bool == true)
    let tags = try #require(page["tags"] as? [String: Int])
    #expect(tags["script"] == 2 && tags["style"] == 1 && tags["article"] == papers.count)
    #expect(
      Set(tags.keys).isSubset(
        of: Set(
          """
          html head meta title style body header h1 h2 h3 div label input select option output main \
          article a p span time details summary blockquote script noscript button kbd b strong
          """.split(separator: " ").map(String.init))))
    let attributes = try #require(page["attributes"] as? [String])
    #expect(!attributes.contains { $0.hasPrefix("on") || $0 == "src" || $0 == "style" })
    let links = try #require(page["links"] as? [String])
    let code = papers.count { !$0.bibliography.code.isEmpty }
    #expect(links.count == papers.count - 1 + code && links.allSatisfy { $0.hasPrefix("https://") })
    let titles = try #require(page["titles"] as? [String])
    #expect(titles == papers.map { Printable.block($0.content.title) })
  }

  @Test(.enabled(if: PythonReader.isInstalled, "\(PythonReader.hint)"))
  func policyNamesTheCode() throws {
    let input = Samples.exportBytes([], as: .html)
    let page = try #require(PythonReader.json(Self.reader, input: input) as? [String: Any])
    let hashes = try #require(page["hashes"] as? [String: String])
    #expect(hashes == ["style": HTMLPage.styleHash, "script": HTMLPage.scriptHash])
    #expect(
      page["policy"] as? String
        == "default-src 'none'; style-src '\(HTMLPage.styleHash)'; "
        + "script-src '\(HTMLPage.scriptHash)'; base-uri 'none'; form-action 'none'")
  }

  @Test(arguments: [
    ("https://x.org", true), ("HTTP://x.org", true), ("javascript:alert(1)", false),
    ("//x.org", false),
    ("data:text/html,x", false), (" https://x.org", false), ("https://x.org/\n", false),
    ("", false),
  ])
  func onlyWebLinks(_ url: String, _ isLinked: Bool) {
    #expect((HTMLText.link(url) != nil) == isLinked)
  }

  @Test func escapes() {
    #expect(
      HTMLText.escaped("<a href='x'>&\"\u{0}\u{1B}") == "&lt;a href=&#39;x&#39;&gt;&amp;&quot;␀␛")
    #expect(
      HTMLText.paragraphs("猫\n狗\n\n\nb")
        == "<p dir=\"auto\" lang=\"zh-Hans\">猫\n狗</p><p dir=\"auto\">b</p>")
  }
}
