import Foundation
import TestSupport
import Testing
import Transport

@testable import shelf

/// What a person reads when a server, or what stands before it, answers otherwise than it should:
/// what is so, and what to do, and no markup.
@Suite struct ServerWordsTests {
  private struct Answer {
    var status: Int
    var headers: [String] = []
    var body = ""
  }

  private static let page =
    "<!DOCTYPE html>\n<html><head><title>Hotel</title></head><body><b>Log in</b></body></html>"

  /// `remote add`, where `now` says what comes back.
  private func add(
    _ answer: Answer, _ url: (HostileServer) -> String = { $0.url() }
  ) throws
    -> Home.Run
  {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.answerAlways(answer.status, headers: answer.headers, answer.body)
    return try home.run(["remote", "add", "away", url(server)], variables: ["TZ": "Europe/Berlin"])
  }

  private func expect(_ run: Home.Run, _ code: Int32, _ words: [String], not others: [String] = [])
  {
    #expect(run.code == code, "\(run.notes)")
    for word in words { #expect(run.notes.contains(word), "\(word): \(run.notes)") }
    for word in others + ["<", "allow_insecure"] {
      #expect(!run.notes.contains(word), "\(word): \(run.notes)")
    }
  }

  @Test func aLoginPageInPlaceOfTheFolder() throws {
    for status in [200, 511] {
      expect(try add(Answer(status: status, body: Self.page)), 69, ["log in", "browser"])
    }
  }

  /// In a hotel, with a folder that was synced at home: the network is told, not another folder.
  @Test("A login page in place of a folder that is known", arguments: ["", "http-put+"])
  func aLoginPageBetweenSyncs(_ kind: String) throws {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    #expect(try home.shelf("remote", "add", "away", kind + server.url()).code == 0)
    let day = try home.file("day.md", "## 0.[Lamps That Dim](https://arxiv.org/abs/2509.00002)\n")
    #expect(try home.shelf("import", day).code == 0)
    #expect(try home.shelf("sync").code == 0)
    for body in [Self.page, "\u{FEFF}\r\n" + Self.page] {
      server.answerAlways(200, body)
      for verb in [
        [], ["--dry-run"], ["verify"], ["repair"], ["join", "away"], ["rekey", "away", "--open"],
      ] {
        expect(try home.run(["sync"] + verb), 69, ["log in", "browser", "a web page came in"])
      }
    }
  }

  @Test("A login page that everything is sent to", arguments: [301, 302, 307])
  func aRedirectToALoginPage(_ status: Int) throws {
    let run = try add(
      Answer(
        status: status, headers: ["Location: https://login.hotel.example/?back=x"], body: Self.page)
    )
    expect(run, 77, ["log in", "browser", "login.hotel.example"])
  }

  @Test func credentialsOverPlainHTTPAreTheOneCaseForIt() throws {
    let home = try Home()
    let key = try home.file("key", "sesame\n")
    chmod(key, 0o600)
    let run = try home.shelf(
      "remote", "add", "away", "http://192.0.2.1/x/", "--user", "ada", "--password-file", key)
    #expect(run.code == 77 && run.notes.contains("allow_insecure"), "\(run.notes)")
    let login = try home.shelf("remote", "add", "away", "https://ada:sesame@192.0.2.1/x/")
    #expect(login.code == 64 && !login.notes.contains("allow_insecure"), "\(login.notes)")
    #expect(login.notes.contains("--user") && !login.notes.contains("sesame"), "\(login.notes)")
  }

  @Test func aServerThatSaysWhenToComeBack() throws {
    let run = try add(
      Answer(status: 503, headers: ["Retry-After: Fri, 31 Dec 2100 13:05:00 GMT"], body: "later"))
    expect(run, 75, ["again on 2100-12-31 14:05"])
    let soon = try add(Answer(status: 429, headers: ["Retry-After: 900"], body: Self.page))
    let time = /again at [0-2][0-9]:[0-5][0-9]/
    #expect(soon.code == 75 && soon.notes.contains(time), "\(soon.notes)")
  }

  @Test func aServerWithAFaultOfItsOwn() throws {
    expect(
      try add(Answer(status: 500, body: Self.page)), 69, ["fault of its own", "500"],
      not: ["come back"])
  }

  @Test(
    "What is no web server, or a broken one, is no trouble of this machine",
    arguments: [
      ("SSH-2.0-OpenSSH_9.2\r\n", 0, ""),
      ("HTTP/1.1 100 Continue\r\nContent-Length: 2\r\n\r\nok", 0, ""),
      ("HTTP/1.1 ", 50, " OK\r\nContent-Length: 0\r\n\r\n"),
      ("HTTP/1.1 200 OK\r\nX: ", 2 << 20, "\r\nContent-Length: 0\r\n\r\n"),
    ])
  func noWebServer(_ start: String, _ digits: Int, _ end: String) throws {
    let answer = start + String(repeating: "2", count: digits) + end
    let server = try #require(OnePage("x/", answering: Array(answer.utf8)))
    let home = try Home()
    let run = try home.shelf("remote", "add", "away", server.url)
    expect(run, 69, ["no web server", "url"], not: ["this machine"])
  }

  @Test func aRequestThatIsTooLargeIsNoDiskThatIsFull() throws {
    let run = try add(Answer(status: 413, body: Self.page))
    expect(run, 73, ["client_max_body_size", "LimitRequestBody"], not: ["make room"])
  }

  @Test(
    "What has a cause of its own has advice of its own",
    arguments: [
      (.tls, .earlyCertificate, 77, "timedatectl"), (.tls, .otherName, 77, "url"),
      (.local, .authorityFile, 78, "ca_file"),
      (.refusedByUs, .noBucketNamed, 78, "s3+https://host/bucket/"),
    ] as [(TransportError.Kind, TransportError.Reason, Int32, String)])
  func causes(
    _ kind: TransportError.Kind, _ reason: TransportError.Reason, _ status: Int32,
    _ word: String
  ) {
    let failure = Failure(
      transport: TransportError(
        kind: kind, method: "PUT", url: "https://h/", detail: "", reason: reason))
    let advice = failure.advice ?? ""
    #expect(failure.status.rawValue == status && advice.contains(word), "\(failure)")
    for other in ["--ca-file", "allow_insecure", "this machine is"] {
      #expect(!advice.contains(other), "\(failure)")
    }
  }

  @Test(
    "No markup is in a message",
    arguments: [
      page, "Error: <b>no</b>", "oops</body></html>", "\u{FEFF}<html>",
      "<?xml version='1.0'?><a>b</a>",
    ])
  func noMarkup(_ body: String) throws {
    for status in [403, 404, 405, 507] {
      expect(try add(Answer(status: status, body: body)), try add(Answer(status: status)).code, [])
    }
  }

  @Test func aPageThatMayBeFetchedLater() throws {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.answerAlways(429, headers: ["Retry-After: 900"], Self.page)
    let run = try home.shelf("import", server.url("/day.md"))
    #expect(run.notes.contains("again at"), "\(run.notes)")
    #expect(run.code == 75, "\(run.code) \(run.notes)")
  }

  /// Where it is 23:55, a quarter of an hour ahead is another day, and needs no date.
  @Test func aTimeShortlyAfterMidnightNeedsNoDate() throws {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.answerAlways(429, headers: ["Retry-After: 900"], Self.page)
    let ahead = (23 * 60 + 55 - Int(time(nil)) / 60 % 1440 + 1440) % 1440
    let zone = "<here>-\(ahead / 60):\(ahead % 60)"
    let run = try home.run(["import", server.url("/day.md")], variables: ["TZ": zone])
    #expect(run.notes.contains(/again at 00:(09|1[0-9])/), "\(zone): \(run.notes)")
  }
}
