import TestSupport
import Testing

@testable import Transport

/// The small rules of the wire, as tables.
@Suite struct RuleTests {
  init() throws { try CurlLibrary.open() }

  @Test(
    arguments: [
      ("https://a.example/d/x", "/d/e/x", "https://a.example/d/e/x"),
      ("https://a.example/d/x", "x?y", "https://a.example/d/x?y"),
      ("http://a.example/d/x", "https://a.example/d/x", "https://a.example/d/x"),
      ("http://a.example:8080/d/x", "https://a.example:8443/x", "https://a.example:8443/x"),
      ("https://a.example/d/x", "HTTPS://A.EXAMPLE:443/x", "https://a.example/x"),
    ])
  func redirectsFollowed(_ from: String, _ location: String, _ to: String) throws {
    #expect(try target(from, location)?.text == to)
  }

  /// A combining mark after a slash has no slash to `String`; encoded, a path compares byte by
  /// byte.
  @Test(arguments: [("/论文/x", "/%e8%ae%ba%e6%96%87/x"), ("/\u{618}/x", "/%d8%98/x")])
  func pathsAreEncoded(_ written: String, _ path: String) throws {
    let address = try #require(WebAddress("https://a.example" + written))
    #expect(address.path.lowercased() == path)
    #expect(address.lastComponent == "x")
  }

  /// Its host would be another one when it is written out and read again: `8` is the address 0.0.0.8.
  @Test(arguments: [
    "http://%25be/x", "http://a%252eexample/x", "http://%38/x", "http://%30x7f.1/x",
  ])
  func anEscapedEscapeIsNoHost(_ text: String) { #expect(WebAddress(text) == nil) }

  @Test(
    arguments: [
      ("https://a.example/x", "http://a.example/x"), ("https://a.example/x", "https://b.example/x"),
      ("https://a.example/x", "//b.example/x"), ("https://a.example/x", "https://a.example:8/x"),
      ("http://a.example/x", "http://a.example:81/x"), ("https://a.example/x", "file:///etc/x"),
      ("https://a.example/x", "https://u:p@a.example/x"),
      ("https://a.example/x", "ftp://a.example/x"),
      ("https://a.example/x", "https://a.example.evil.org/x"),
      ("https://a.example/x", "https://a.example@evil.org/x"),
      ("https://a.example/x", "https://evil.org#a.example/x"),
      ("https://a.example/x", "https:\\\\evil.org/x"), ("https://a.example/x", "/login"),
    ])
  func redirectsRefused(_ from: String, _ location: String) throws {
    let error = #expect(throws: TransportError.self) { try target(from, location) }
    #expect(error?.kind == .refusedByUs)
  }

  private func target(_ from: String, _ location: String) throws -> WebAddress? {
    let response = HTTPResponse(
      status: 307, headers: ["location": location], body: [],
      address: try #require(WebAddress(from)))
    return try Redirect.target(of: response, method: "PUT")
  }

  @Test(
    "What is wrong with a certificate is read from libcurl's words, and not from a name in them",
    arguments: [
      ("SSL certificate problem: certificate has expired", .expiredCertificate),
      ("SSL certificate problem: certificate is not yet valid", .earlyCertificate),
      ("SSL certificate problem: self-signed certificate", nil),
      (
        "SSL: no alternative certificate subject name matches target host name 'expired.org'",
        .otherName
      ),
      ("SSL: certificate subject name 'a.org' does not match target host name 'b'", .otherName),
    ] as [(String, TransportError.Reason?)])
  func certificates(_ words: String, _ reason: TransportError.Reason?) {
    #expect(HTTPClient.reason(TransferFailure(kind: .tls, words: words)) == reason)
  }

  @Test func retryAfter() {
    let now = 784_111_770.0
    #expect(RetryPolicy.pause(asked: "120", now: now) == 120)
    #expect(RetryPolicy.pause(asked: "Sun, 06 Nov 1994 08:49:37 GMT", now: now) == 7)
    #expect(RetryPolicy.pause(asked: "Sun, 06 Nov 1994 08:49:20 GMT", now: now) == 0)
    for text in [
      nil, "", "soon", "-5", "1.5", "Sun, 06 Nov 1994", "a b c d e GMT",
      "Sun, 99 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 99999999999999999999 08:49:37 GMT",
    ] {
      #expect(RetryPolicy.pause(asked: text, now: now) == nil)
    }
  }

  @Test func backoffGrowsAndIsBounded() {
    for tries in 1...100 {
      let low = RetryPolicy.backoff(afterTries: tries, random: 0)
      let high = RetryPolicy.backoff(afterTries: tries, random: 0.999)
      #expect(low > 0 && low < high && high <= 20)
    }
    #expect(RetryPolicy.backoff(afterTries: 3, random: 0) == 1)
  }

  @Test("Words from outside become one bounded line without secrets")
  func detail() {
    let profile = RemoteProfile(url: "", secret: Secret("hunter2"))
    let words = "a\u{1B}[31m\r\nhunter2 \u{202E}b" + String(repeating: "x", count: 5000)
    let line = Detail.line(words, hiding: profile)
    // A mark behind it makes its last character another one, and hides nothing.
    let marked = Detail.line("say hunter2\u{301}!", hiding: profile)
    #expect(!marked.contains("hunter") && marked.contains("(secret"))
    #expect(line.hasPrefix("a [31m"))
    #expect(!line.contains("hunter2") && line.contains("(secret)"))
    #expect(line.count <= 200)
    #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202E })
  }

  @Test(
    arguments: [
      ("/tmp/x", RemoteKind.directory, "/tmp/x"),
      ("file:///tmp/x", .directory, "file:///tmp/x"),
      ("https://h/x", .webdav, "https://h/x"), ("davs://h/x", .webdav, "https://h/x"),
      ("webdav://h/x", .webdav, "http://h/x"), ("http-put+https://h/x", .plain, "https://h/x"),
      ("s3+http://h/b", .s3, "http://h/b"),
    ])
  func kinds(_ url: String, _ kind: RemoteKind, _ address: String) {
    let resolved = RemoteProfile(url: url).resolved()
    #expect(resolved.kind == kind)
    #expect(resolved.address == address)
  }

  @Test(
    arguments: [
      ("/a%20b", "/a%20b"), ("file:///a b", "/a b"), ("file:///a%20b/", "/a b"),
      ("FILE://host/缓/y//", "/缓/y"), ("file:///%E7%BC%93", "/缓"), ("file:/x", "/x"),
      ("file:///", "/"), ("file://", ""), ("file://host", ""), ("file:///a?q#f", "/a"),
      ("file:///a%20%zz", "/a%20%zz"), ("file:///a%ff", "/a%ff"),
    ])
  func thePathOfAFileURL(_ address: String, _ path: String) {
    #expect(DirectoryFolder.path(address) == path)
  }

  @Test func loopback() throws {
    for host in ["127.0.0.1", "127.9.9.9", "localhost", "[::1]", "LOCALHOST"] {
      #expect(try #require(WebAddress("http://\(host)/")).isLoopback)
    }
    for host in ["127.0.0.1.example.org", "localhost.example", "10.0.0.1", "[::2]", "128.0.0.1"] {
      #expect(try !#require(WebAddress("http://\(host)/")).isLoopback)
    }
  }

  @Test func names() {
    for text in ["papershelf", "peers", "a.1", "a.head", String(repeating: "a", count: 64)] {
      #expect(RemoteName(text)?.text == text)
    }
    for text in [
      "", ".a", "a.", "a.b.c", "A", "a/b", "a b", "ä", String(repeating: "a", count: 65),
    ] {
      #expect(RemoteName(text) == nil)
    }
  }
}
