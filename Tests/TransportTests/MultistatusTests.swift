import TestSupport
import Testing

@testable import Transport

/// The listings of WebDAV and S3 as values.
@Suite struct MultistatusTests {
  private let folder: WebAddress?

  init() throws {
    try CurlLibrary.open()
    folder = WebAddress("http://h.example/dav/my%20shelf/")
  }

  private func names(_ responses: String) throws -> [String]? {
    let text = "<?xml version='1.0'?><a:multistatus xmlns:a='DAV:'>\(responses)</a:multistatus>"
    let folder = try #require(folder)
    return Multistatus(Array(text.utf8))?.files(in: folder).map(\.name.text)
  }

  private func response(_ href: String, _ inner: String = "") -> String {
    "<a:response><a:href>\(href)</a:href>\(inner)</a:response>"
  }

  @Test(
    "Every form of href of a direct child is taken",
    arguments: [
      "/dav/my%20shelf/dev.1", "http://h.example/dav/my%20shelf/dev.1", "dev.1",
      "/dav/my shelf/dev.1", "/dav//my%20shelf/dev.1", "/d%61v/my%20shelf/d%65v.1",
      "\n  /dav/my%20shelf/dev.1\n", "https://other.example:8/dav/my%20shelf/dev.1?x=1",
    ])
  func taken(_ href: String) throws { #expect(try names(response(href)) == ["dev.1"]) }

  @Test(
    "Nothing else is",
    arguments: [
      "/dav/dev.1", "/dav/my%20shelf/sub/dev.1", "/dav/my%20shelf/../dev.1", "../dev.1",
      "/dav/my%20shelf/DEV.1", "/dav/my%20shelf/.dev", "/dav/my%20shelf/a%2Fb", "", "/",
      "/dav/my%20shelf/dev.1%00", "http://h.example", "/dav/my%20shelf/dev%0A", "%zz",
    ])
  func left(_ href: String) throws { #expect(try names(response(href)) == []) }

  @Test("What a 207 says is missing, or is a collection, is no file")
  func notFiles() throws {
    let gone = "<a:propstat><a:prop/><a:status>HTTP/1.1 404 Not Found</a:status></a:propstat>"
    let all =
      response("dev.1", "<a:status>HTTP/1.1 404 Not Found</a:status>") + response("dev.2", gone)
      + response("dev.3", "<a:propstat><a:prop><a:collection/></a:prop></a:propstat>")
      + response("dev.4") + response("dev.4")
    #expect(try names(all) == ["dev.4"])
  }

  @Test("A listing cut at any byte is no listing")
  func cut() throws {
    let text = Array(
      "<m:multistatus xmlns:m='DAV:'>\(response("dev.1").replacing("a:", with: "m:"))</m:multistatus>"
        .utf8)
    #expect(Multistatus(text) != nil)
    for count in 0..<text.count { #expect(Multistatus(Array(text.prefix(count))) == nil) }
  }

  @Test("Entities, external or bombs, another root and depth are refused")
  func refused() {
    let bomb = "<!DOCTYPE m [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><multistatus>&b;</multistatus>"
    let file = "<!DOCTYPE m SYSTEM 'file:///etc/passwd'><multistatus/>"
    let deep = "<multistatus>" + String(repeating: "<a>", count: 100_000)
    for text in [bomb, file, deep, "<html/>", "", "\u{0}", "<multistatus>&nbsp;</multistatus>"] {
      #expect(Multistatus(Array(text.utf8)) == nil)
    }
  }

  @Test("Any bytes at all are read without a crash", arguments: 0..<200)
  func noise(_ seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let pieces = [
      "<", ">", "/", "multistatus", "<multistatus>", "<response>", "</response>", "<href>",
      "&#x41;",
      "<getcontentlength>99999999999999999999", "\u{FF}", "<![CDATA[", "]]>", "xmlns=", "\"", "é",
    ]
    var text = "<multistatus>"
    for _ in 0..<60 { text += pieces.randomElement(using: &generator) ?? "" }
    let folder = try #require(folder)
    let files = Multistatus(Array(text.utf8))?.files(in: folder) ?? []
    #expect(files.count <= 60)
    #expect((S3Listing(Array(text.utf8))?.entries.count ?? 0) <= 60)
  }

  @Test func s3() throws {
    let text = """
      <?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
      <IsTruncated>true</IsTruncated><NextContinuationToken>a/b+c=</NextContinuationToken>
      <Contents><Key>p/x&amp;y</Key><Size>12</Size></Contents>
      <Contents><Key>p/dev.1</Key><Size>-3</Size></Contents></ListBucketResult>
      """
    let page = try #require(S3Listing(Array(text.utf8)))
    #expect(page.entries.map(\.key) == ["p/x&y", "p/dev.1"])
    #expect(page.entries.map(\.size) == [12, nil])
    #expect(page.nextToken == "a/b+c=")
    #expect(S3Listing(Array(text.dropLast(3).utf8)) == nil)
  }
}
