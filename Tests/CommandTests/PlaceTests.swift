import Foundation
import TestSupport
import Testing

/// Where a remote is: what is a folder of this machine and what is not, and that each kind of place
/// gets words of its own.
@Suite struct PlaceTests {
  private func names(_ home: Home) throws -> Set<String> {
    Set(try FileManager.default.contentsOfDirectory(atPath: home.url.path))
  }

  /// `shelf` run in the folder that is its home.
  private func run(_ home: Home, _ words: String...) throws -> Home.Run {
    let quoted = ([ShelfProcess.binary.path] + words).map { "'" + $0 + "'" }.joined(separator: " ")
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", quoted + " 2>&1"]
    process.environment = [
      "SHELF_HOME": home.url.path, "HOME": home.url.path, "TZ": "UTC", "SHELF_LOOPBACK": "1",
    ]
    process.currentDirectoryURL = home.url
    let out = Pipe()
    process.standardOutput = out
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    return Home.Run(code: process.terminationStatus, out: text, notes: text)
  }

  @Test(
    "An address without a scheme is no folder: nothing is made, and the line says what to write",
    arguments: [
      ("dav.example.org", "https://dav.example.org"),
      ("dav.example.org/x", "https://dav.example.org/x"),
      ("host:8080/x", "https://host:8080/x"), ("ada@host/x", "https://host/x"),
      ("ada:sesame@host/x", "https://host/x"), ("localhost/dav", "https://localhost/dav"),
      ("192.0.2.1/dav/", "https://192.0.2.1/dav/"), ("[::1]/x", "https://[::1]/x"),
      ("https:/dav.example.org/x", "https://dav.example.org/x"),
      ("//dav.example.org/x", "https://dav.example.org/x"), ("smb://nas/x", "https://"),
      ("sftp://nas/x", "https://"), ("", "https://"),
    ])
  func addressesAreNoFolders(_ place: String, _ advice: String) throws {
    let home = try Home()
    let before = try names(home)
    for options in [[], ["--no-test"], ["--dry-run"]] {
      let outcome = try home.run(["remote", "add", "away", place] + options)
      // What has a scheme is none of our kinds; what has none is looked for as a folder.
      #expect(outcome.code == (place.contains("://") ? 64 : 66), "\(place): \(outcome.notes)")
      #expect(outcome.notes.contains(advice), "\(outcome.notes)")
      #expect(!outcome.notes.contains("sesame"))
    }
    #expect(try names(home) == before)
    let file = try home.file("config.toml", "[sync.away]\nurl = \"\(place)\"\n")
    defer { try? FileManager.default.removeItem(atPath: file) }
    for words in [["sync"], ["remote", "test"]] {
      let outcome = try home.run(words)
      #expect(outcome.code == 78, "\(place) \(words): \(outcome.notes)")
      #expect(!outcome.notes.contains("sesame"))
    }
  }

  @Test("An address of S3 without a bucket is no place; the line shows the form of one")
  func noBucket() throws {
    let home = try Home()
    let url = "s3+https://192.0.2.1"
    for options in [["-n"], ["--no-test"], []] {
      let run = try home.run(["remote", "add", "zz", url, "--user", "u"] + options)
      #expect(run.code == 64 && run.notes.contains("names no bucket"), "\(run.notes)")
      #expect(run.notes.contains("s3+https://host/bucket/"), "\(run.notes)")
    }
    _ = try home.file("config.toml", "[sync.away]\nurl = \"\(url)/\"\nuser = \"u\"\n")
    let run = try home.shelf("remote", "test")
    #expect(run.code == 78 && run.notes.contains("names no bucket"), "\(run.notes)")
    #expect(!run.notes.contains("allow_insecure"), "\(run.notes)")
  }

  @Test(
    "What says that it is a folder is one, and so is the name of one that is there",
    arguments: [
      "./dav.example.org", "there.example", "../HOME/x", "~/x.y", "ROOT/a.b", "shelf",
      "file://ROOT/f",
    ])
  func foldersAreFolders(_ place: String) throws {
    let home = try Home()
    try FileManager.default.createDirectory(
      at: home.url.appendingPathComponent("there.example"), withIntermediateDirectories: false)
    let place = place.replacing("HOME", with: home.url.lastPathComponent)
      .replacing("ROOT", with: home.url.path)
    let outcome = try run(home, "remote", "add", "stick", place)
    #expect(outcome.code == 0, "\(outcome.notes)")
    #expect(outcome.notes.contains("folder on this machine"), "\(outcome.notes)")
    // A folder has no network: nothing is said of who is let in, or of ETags.
    for word in ["server", "reachable", "ETag", "lets us in"] {
      #expect(!outcome.notes.contains(word), "\(word): \(outcome.notes)")
    }
    let path = home.url.appendingPathComponent(
      place.split(separator: "/").last.map(String.init) ?? ""
    ).path
    #expect(outcome.notes.contains(path), "\(outcome.notes)")
    let isMade = !place.hasPrefix("there")
    #expect(outcome.notes.contains("was made") == isMade, "\(outcome.notes)")
    #expect(try home.shelf("sync").code == 0)
    #expect(try home.shelf("remote", "test").out.contains("folder on this machine"))
  }

  @Test("A folder takes nothing that belongs to a server")
  func foldersTakeNoLogin() throws {
    let home = try Home()
    let before = try names(home)
    for options in [
      ["--user", "ada"], ["--password-command", "true"], ["--netrc"], ["--auth", "basic"],
      ["--region", "r"], ["--ca-file", "/x"], ["--allow-insecure"],
    ] {
      let outcome = try home.run(["remote", "add", "nas", home.url.path + "/nas"] + options)
      #expect(outcome.code == 64, "\(outcome.notes)")
      #expect(outcome.notes.contains(options[0]) && outcome.notes.contains("https://"))
    }
    #expect(try names(home) == before)
  }

  @Test(
    "What is wrong with a folder is told of the folder", arguments: ["missing", "file", "closed"])
  func troubleOfFolders(_ kind: String) throws {
    let home = try Home()
    var place = home.url.path + "/away/shelf"
    if kind == "file" { place = try home.file("plain", "x") }
    if kind == "closed" { place = "/proc/self/shelf" }
    let outcome = try home.shelf("remote", "add", "stick", place)
    #expect(outcome.code != 0)
    #expect(outcome.notes.contains("folder") && outcome.notes.contains(place), "\(outcome.notes)")
    for word in ["server", "network", "reachable", "WebDAV", "answer"] {
      #expect(!outcome.notes.contains(word), "\(word): \(outcome.notes)")
    }
  }

  /// What S3 says in words of its own, by any store that speaks it; and quotas of WebDAV.
  static let answers:
    [(status: Int, headers: [String], body: String, code: Int32, words: [String])] = [
      (
        400, [],
        error("AuthorizationHeaderMalformed", "wrong; expecting 'eu-1'", "<Region>eu-1</Region>"),
        78, ["region", "eu-1"]
      ),
      (301, ["x-amz-bucket-region: eu-1"], "", 78, ["region", "eu-1"]),
      (
        301, [], error("PermanentRedirect", "use the endpoint", "<Endpoint>b.s3.eu</Endpoint>"), 78,
        ["region"]
      ),
      (403, [], error("RequestTimeTooSkewed", "too far", ""), 77, ["clock"]),
      (403, [], error("AccessDenied", "Access Denied", ""), 77, ["right", "s3:PutObject"]),
      (403, [], error("InvalidAccessKeyId", "unknown", ""), 77, ["access key"]),
      (403, [], error("SignatureDoesNotMatch", "no", ""), 77, ["secret key"]),
      (403, [], error("QuotaExceeded", "full", ""), 73, ["quota"]),
      (
        403, [], error("AccessDenied", "Cannot upload files, storage cap exceeded.", ""), 73,
        ["quota"]
      ),
      (404, [], error("NoSuchBucket", "none", ""), 78, ["bucket"]),
    ]

  private static func error(_ code: String, _ message: String, _ more: String) -> String {
    "<?xml version=\"1.0\"?>\n<Error><Code>\(code)</Code><Message>\(message)</Message>\(more)</Error>"
  }

  @Test("Each refusal of an S3 store says what is so and what to do", arguments: answers.indices)
  func refusalsOfS3(_ index: Int) throws {
    let (status, headers, body, code, words) = Self.answers[index]
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.answerAlways(status, headers: headers, body)
    let key = try home.file("key", "sesame\n")
    chmod(key, 0o600)
    let add = [
      "remote", "add", "s3", "s3+" + server.url("/bucket/x/"), "--user", "ada", "--password-file",
      key,
    ]
    _ = try home.run(add + ["--no-test"])
    for outcome in [try home.run(["remote", "test"]), try home.shelf("sync")] {
      #expect(outcome.code == code, "\(outcome.notes)")
      for word in words { #expect(outcome.notes.contains(word), "\(word): \(outcome.notes)") }
      #expect(!outcome.notes.contains("<"), "\(outcome.notes)")
    }
  }

  @Test func aQuotaOfWebDAV() throws {
    let home = try Home()
    let server = try #require(HostileServer())
    defer { server.stop() }
    // RFC 4331 section 6.
    server.answerAlways(
      507, headers: ["Content-Type: application/xml"],
      "<?xml version=\"1.0\"?><error xmlns=\"DAV:\"><quota-not-exceeded/></error>")
    let outcome = try home.shelf("remote", "add", "dav", server.url())
    #expect(outcome.code == 73 && outcome.notes.contains("quota"), "\(outcome.notes)")
    #expect(!outcome.notes.contains("<"), "\(outcome.notes)")
  }
}
