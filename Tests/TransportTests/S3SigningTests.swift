import Foundation
import TestSupport
import Testing
import TransportContract

@testable import Transport

/// What goes to an S3 server is signed as S3 itself signs it. moto takes whatever path is sent, and
/// so hides a wrong one; botocore's signer is the judge (Tests/servers/s3_signature.py).
@Suite struct S3SigningTests {
  private static let isInstalled = FileManager.default.fileExists(
    atPath: RealServer.python("python"))

  /// Folders of a bucket as people name them.
  static let hostile = [
    "plain", "a@b", "a+b", "a (1)", "k=v", "a b", "%20", "论文", "é", "e\u{301}", "%e8%ae%ba",
    "a~b-c_d.e",
    "a,b;c:d", "!*'()", "$&", "a%2Bb", "[x]", "100%25", "\u{301}x", "a%2fb", "\"q\"", "<x>",
    "a|b^c`d",
    "deep/er @ (2)/论 文", "a//b",
  ]

  @Test(.enabled(if: isInstalled)) func everyPathIsSignedAsBotocoreSignsIt() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    for folder in Self.hostile { try useAll(of: folder, server) }
    let requests = server.requests
    #expect(requests.count >= 4 * Self.hostile.count)
    let judged = try judge(requests)
    try #require(judged.count == requests.count)
    var wrong: [String] = []
    for (request, wanted) in zip(requests, judged) {
      let given = request.headers["authorization"] ?? ""
      if given.filter({ $0 != " " }) != wanted.filter({ $0 != " " }) {
        wrong.append("\(request.method) \(request.path)?\(request.query)")
      }
    }
    #expect(wrong == [])
  }

  /// Every kind of request once.
  private func useAll(of folder: String, _ server: HostileServer) throws {
    var profile = RemoteProfile(url: server.url("/bucket/\(folder)/"), timeout: 20)
    (profile.kind, profile.auth) = (.s3, .s3(region: "eu-west-1"))
    (profile.user, profile.secret) = ("AKIDEXAMPLE", Secret("wJalr/XUtn+FEMI"))
    let opened = try RemoteFolders.open(profile, pace: TestPace().pace)
    let name = try FolderContract.name("dev.1")
    _ = try? opened.list()
    try? opened.write(name, [1, 2, 3])
    _ = opened.read([name], limit: 100)
    try? opened.delete(name)
  }

  private func judge(_ requests: [RecordedRequest]) throws -> [String] {
    let folder = try TemporaryFolder()
    let lines = try requests.map { request in
      let object: [String: Any] = [
        "method": request.method, "path": request.path, "query": request.query,
        "headers": request.headers,
      ]
      return String(
        decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
    }
    let file = folder.path + "/requests"
    try lines.joined(separator: "\n").write(toFile: file, atomically: false, encoding: .utf8)
    let script = PackageRoot.url.appendingPathComponent("Tests/servers/s3_signature.py").path
    let out = try Shell.run([
      "sh", "-c", "exec \"$0\" \"$1\" AKIDEXAMPLE wJalr/XUtn+FEMI eu-west-1 <\"$2\"",
      RealServer.python("python"), script, file,
    ])
    return out.split(separator: "\n").map(String.init)
  }

  /// A component that means "here" or "above" is taken out on the way, and then another key is
  /// written than the one that was signed.
  @Test(arguments: ["%2e%2e", "%2E", "a/%2e%2e/b"])
  func aFolderOfDotsIsRefused(_ folder: String) throws {
    var profile = RemoteProfile(url: "https://a.example/bucket/\(folder)/")
    (profile.kind, profile.auth) = (.s3, .s3(region: "r"))
    let error = #expect(throws: TransportError.self) {
      try RemoteFolders.open(profile, pace: TestPace().pace)
    }
    #expect(error?.kind == .refusedByUs)
  }

  /// The keys of a folder are those that begin with its bytes, whatever looks the same.
  @Test(arguments: ["论文", "e\u{301}", "a+b", "%ff", "a//b"])
  func aFolderListsItsOwnFiles(_ folder: String) throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    var profile = RemoteProfile(url: server.url("/bucket/\(folder)/"), timeout: 20)
    (profile.kind, profile.auth) = (.s3, .s3(region: "r"))
    (profile.user, profile.secret) = ("ada", Secret("sesame"))
    guard let opened = try? RemoteFolders.open(profile, pace: TestPace().pace) else {
      #expect(folder == "%ff")
      return
    }
    _ = try? opened.list()
    let query = try #require(server.requests.last?.query)
    let prefix = query.split(separator: "&").first { $0.hasPrefix("prefix=") }?.dropFirst(7)
    let path = WebAddress(profile.url)?.path.dropFirst("/bucket/".count) ?? ""
    #expect(prefix?.removingPercentEncoding == String(path).removingPercentEncoding)
  }
}
