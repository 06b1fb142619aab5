import TestSupport
import Testing
import TransportContract

@testable import Transport

/// The contract of `RemoteFolder` over memory, a directory, and the hostile server with each
/// switch that leaves the contract true.
@Suite struct ContractTests {
  @Test func memory() throws { try FolderContract.check(MemoryFolder()) }

  @Test func directory() throws {
    let temporary = try TemporaryFolder()
    let profile = RemoteProfile(url: temporary.path + "/shelf")
    try FolderContract.check(RemoteFolders.open(profile, pace: TestPace().pace))
  }

  @Test func politeServer() throws { try check([], path: "/dav/") }

  @Test("A folder that is not there yet is made, with what is above it")
  func newFolder() throws { try check([], path: "/dav/deep/er/shelf") }

  @Test(arguments: HostileQuirk.allCases.filter(\.keepsContract))
  func quirk(_ quirk: HostileQuirk) throws {
    try check([quirk], path: "/dav/")
    try check([quirk], path: "/dav/new/shelf")
  }

  @Test func plainHTTP() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.forgetWebDAV()
    let profile = RemoteProfile(url: server.url("/store/"), kind: .plain)
    let folder = try RemoteFolders.open(profile, pace: TestPace().pace)
    try FolderContract.check(folder, .init(lists: false))
  }

  @Test("A WebDAV profile over an endpoint without WebDAV works, without a listing")
  func plainHTTPUnawares() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.forgetWebDAV()
    let folder = try RemoteFolders.open(
      RemoteProfile(url: server.url("/store/")), pace: TestPace().pace)
    try FolderContract.check(folder, .init(lists: false))
  }

  @Test("S3: pages of five keys, a prefix, and keys that are not ours")
  func s3() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.forgetWebDAV()
    server.setPageSize(5)
    server.store("/bucket/other/dev.1", [1])
    server.store("/bucket/my/shelf/sub/dev.77", [1])
    server.store("/bucket/my/shelf/UPPER", [1])
    let profile = RemoteProfile(
      url: server.url("/bucket/my/shelf"), kind: .s3, auth: .s3(region: "us-east-1"),
      user: "AKIDEXAMPLE", secret: Secret("wJalrXUtnFEMI"))
    try FolderContract.check(RemoteFolders.open(profile, pace: TestPace().pace))
    let signed = server.requests.allSatisfy {
      $0.headers["authorization"]?.hasPrefix("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/") == true
    }
    #expect(signed)
  }

  private func check(_ quirks: Set<HostileQuirk>, path: String) throws {
    let server = try #require(HostileServer(quirks))
    defer { server.stop() }
    let folder = try RemoteFolders.open(
      RemoteProfile(url: server.url(path)), pace: TestPace().pace)
    try FolderContract.check(folder)
  }
}
