import TestSupport
import Testing

/// The hostile server itself: that each of its switches does something, that they can be thrown
/// together, for single requests or from a seed, and that what it holds can be rolled back, wiped,
/// mixed, cloned and torn.
@Suite struct HostileServerTests {
  /// What a client sees: one conversation that touches everything a quirk may bend.
  /// - Parameter milliseconds: how long an answer is waited for. One that comes later is missing,
  ///   so who expects all of them waits long.
  private func transcript(
    _ quirks: Set<HostileQuirk>, within milliseconds: Int32 = 100
  ) throws -> String {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.store("/dav/dev.1", Array("0123456789".utf8))
    server.store("/dav/dev.1", Array("abcdefghij".utf8))
    server.store("/dav/sub/dev.7", [1])
    server.set(quirks)
    var text = ""
    func ask(_ line: String, _ headers: [String] = [], body: String = "") throws {
      let connection = try #require(RawConnection(server.port))
      // The port stands in some answers, and is another one each time.
      text +=
        connection.ask(line, headers, body: body, within: milliseconds)
        .replacing("\(server.port)", with: "PORT") + "\n"
    }
    try ask("GET /dav/dev.1")
    try ask("GET /dav/dev.1", ["If-None-Match: \"1\""])
    try ask("PUT /dav/dev.1", ["If-None-Match: *"], body: "zz")
    try ask("PUT /dav/dev.2", ["Expect: 100-continue"], body: "0123")
    try ask("GET /dav/dev.2")
    try ask("GET /dav/none")
    try ask("MKCOL /dav/")
    try ask("PUT /nowhere/dev.1", body: "1")
    try ask("MOVE /dav/dev.1")
    try ask("PROPFIND /dav/", ["Depth: 1"])
    try ask("DELETE /dav/dev.2")
    let connection = try #require(RawConnection(server.port))
    connection.send("PUT /dav/dev.3 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.send("2\r\nok\r\n0\r\n\r\n")
    text += connection.answer(within: milliseconds)
    text += connection.ask("GET /dav/dev.3", within: milliseconds) + "\n"
    try ask("PUT /dav/dev.4", body: String(repeating: "x", count: (1 << 20) + 1))
    server.require(authorization: "Basic eA==")
    try ask("GET /dav/dev.1")
    try ask("GET /moved/dav/dev.1", ["Authorization: Basic eA=="])
    server.requireDigest()
    try ask("PUT /dav/dev.5", body: "digest")
    return text + server.files.keys.sorted().joined(separator: " ")
  }

  @Test("No switch is dead", arguments: HostileQuirk.allCases.filter { !timely.contains($0) })
  func switches(_ quirk: HostileQuirk) throws {
    let isDifferent = try transcript([quirk]) != Self.politeWords.get()
    #expect(isDifferent || Self.usual.contains(quirk))
  }

  /// What a polite server says anyway; with others they say what is meant.
  private static let usual: [HostileQuirk] = [.mkcol405, .noParent409]
  private static let politeWords = Result {
    try HostileServerTests().transcript([], within: 60_000)
  }

  /// They change when something comes, and not what; each has a test below.
  private static let timely: [HostileQuirk] = [
    .partialDuringPut, .delayedAnswer, .reorderedAnswers,
  ]

  @Test func aPoliteServerSaysTheSameEachTime() throws {
    for quirks in [[]] + Self.usual.map({ [$0] }) {
      #expect(try transcript(Set(quirks), within: 60_000) == Self.politeWords.get())
    }
  }

  @Test func aFileIsReadableInPartWhileItIsWritten() throws {
    for quirks in [Set<HostileQuirk>(), [.partialDuringPut]] {
      let server = try #require(HostileServer(quirks))
      defer { server.stop() }
      server.store("/dav/dev.1", Array("old".utf8))
      let writer = try #require(RawConnection(server.port))
      writer.send("PUT /dav/dev.1 HTTP/1.1\r\nContent-Length: 8\r\n\r\n0123")
      // The half is stored by a thread of the server: asked until it is there, as a reader would.
      var seen = ""
      for _ in 0..<200 where !seen.hasSuffix("\r\n0123") {
        seen = try #require(RawConnection(server.port)).ask("GET /dav/dev.1")
      }
      #expect(seen.hasSuffix(quirks.isEmpty ? "\r\nold" : "\r\n0123"))
      writer.send("4567")
      #expect(writer.answer().hasPrefix("HTTP/1.1 20"))
      #expect(server.files["/dav/dev.1"] == Array("01234567".utf8))
    }
  }

  @Test func anAnswerMayBeLate() throws {
    let server = try #require(HostileServer([.delayedAnswer]))
    defer { server.stop() }
    let connection = try #require(RawConnection(server.port))
    #expect(connection.ask("GET /dav/dev.1", within: 5) == "(nothing more)")
    #expect(connection.answer().hasPrefix("HTTP/1.1 404"))
  }

  @Test func answersMayComeInAnotherOrder() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.misbehave { $0.path == "/dav/first" ? [.reorderedAnswers] : [] }
    let first = try #require(RawConnection(server.port))
    let second = try #require(RawConnection(server.port))
    first.send("GET /dav/first HTTP/1.1\r\nHost: h\r\n\r\n")
    for _ in 0..<2000 where server.requests.isEmpty {
      _ = RawConnection(server.port)
    }
    #expect(second.ask("GET /dav/second").hasPrefix("HTTP/1.1 404"))
    #expect(first.answer().hasPrefix("HTTP/1.1 404"))
    #expect(server.requests.map(\.path) == ["/dav/first", "/dav/second"])
  }

  @Test func switchesCombine() throws {
    let server = try #require(HostileServer([.etagWeak, .mixedVersions, .fewerBytesThanPromised]))
    defer { server.stop() }
    server.store("/dav/dev.1", Array("abcdef".utf8))
    let answer = try #require(RawConnection(server.port)).ask("GET /dav/dev.1")
    #expect(answer.contains("ETag: W/\"1\"") && answer.contains("Content-Length: 6"))
    #expect(answer.hasSuffix("abc(closed)"))
  }

  @Test func aRuleSaysWhichRequestMeetsWhat() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.misbehave { $0.method == "PUT" && $0.path.hasSuffix(".2") ? [.putNotStored] : [] }
    for name in ["dev.1", "dev.2"] {
      let connection = try #require(RawConnection(server.port))
      #expect(connection.ask("PUT /dav/\(name)", body: "x").hasPrefix("HTTP/1.1 201"))
    }
    #expect(server.files.keys.sorted() == ["/dav/dev.1"])
  }

  @Test func theSameSeedGivesTheSameRow() throws {
    func row(_ seed: UInt64) throws -> [String] {
      let server = try #require(HostileServer())
      defer { server.stop() }
      server.store("/dav/dev.1", Array("abcdef".utf8))
      server.misbehave(
        seed: seed, every: 2, quirks: [.missing410, .etagWeak, .cleanPrefix, .loginPage],
        atOnce: 3)
      return try (0..<20).map { _ in
        try #require(RawConnection(server.port)).ask("GET /dav/dev.1")
      }
    }
    #expect(try row(1) == row(1))
    #expect(try row(1) != row(2))
  }

  @Test func whatItHoldsCanBeChangedBehindItsBack() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.store("/dav/dev.1", Array("0123456789".utf8))
    let older = server.files
    server.store("/dav/dev.2", [2])
    let copy = try #require(server.clone())
    defer { copy.stop() }
    server.tear("/dav/dev.1")
    #expect(server.files["/dav/dev.1"] == Array("01234".utf8))
    #expect(copy.files["/dav/dev.1"] == Array("0123456789".utf8) && copy.files.count == 2)
    server.replaceFiles(older)
    #expect(server.files == older)
    server.mix(["/dav/dev.3": [3]])
    #expect(server.files.keys.sorted() == ["/dav/dev.1", "/dav/dev.3"])
    server.wipe()
    #expect(server.files.isEmpty)
    #expect(
      try #require(RawConnection(server.port)).ask("PROPFIND /dav/").hasPrefix("HTTP/1.1 404"))
  }
}
