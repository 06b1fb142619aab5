import TestSupport
import Testing
import TransportContract

@testable import Transport

/// The wire rules, read off what the hostile server received.
@Suite struct WireTests {
  private let pace = TestPace()

  private func open(
    _ quirks: Set<HostileQuirk> = [], change: (inout RemoteProfile) -> Void = { _ in }
  ) throws -> (server: HostileServer, folder: any RemoteFolder) {
    let server = try #require(HostileServer(quirks))
    var profile = RemoteProfile(url: server.url(), timeout: 100)
    change(&profile)
    return (server, try RemoteFolders.open(profile, pace: pace.pace))
  }

  private func read(_ folder: any RemoteFolder, _ name: String) throws -> ReadOutcome {
    try #require(folder.read([FolderContract.name(name)], limit: 1 << 22).first).get()
  }

  @Test("No Expect, no coding, no conditions; Content-Length always, also for nothing")
  func headers() throws {
    let (server, folder) = try open()
    defer { server.stop() }
    let name = try FolderContract.name("dev.1")
    for count in [0, 1, 2 << 20] { try folder.write(name, [UInt8](repeating: 5, count: count)) }
    _ = try read(folder, "dev.1")
    _ = try folder.list()
    try folder.delete(name)
    for request in server.requests {
      let unwanted = [
        "expect", "accept-encoding", "content-encoding", "content-range", "transfer-encoding",
        "if-match", "if-none-match", "if-modified-since", "range", "authorization",
      ]
      #expect(unwanted.allSatisfy { request.headers[$0] == nil })
      if ["PUT", "PROPFIND"].contains(request.method) {
        #expect(request.headers["content-length"] == "\(request.body.count)")
      }
    }
    let collections = server.requests.filter { $0.method == "PROPFIND" }
    #expect(!collections.isEmpty && collections.allSatisfy { $0.path.hasSuffix("/") })
  }

  @Test("A sync with nothing new is one request a name; twelve names use at most four connections")
  func counts() throws {
    let (server, folder) = try open()
    defer { server.stop() }
    let names = try (1...12).map { try FolderContract.name("dev.\($0)") }
    for answer in folder.read(names, limit: 100) { #expect(try answer.get() == .missing) }
    #expect(server.requests.count == 12)
    #expect(server.connections <= 4)
    #expect(folder.traffic.requests == 12)
    _ = try folder.list()
    #expect(server.requests.count == 13)
  }

  @Test("The bytes counted are those that the server saw")
  func bytes() throws {
    let (server, folder) = try open()
    defer { server.stop() }
    try folder.write(FolderContract.name("dev.1"), [UInt8](repeating: 9, count: 100_000))
    _ = try read(folder, "dev.1")
    _ = try folder.list()
    #expect(folder.traffic.requests == server.requests.count)
    #expect(folder.traffic.bytesSent == server.bytes.received)
    #expect(folder.traffic.bytesReceived == server.bytes.sent)
  }

  @Test("Basic is sent at once")
  func basicAtOnce() throws {
    let (server, folder) = try open {
      ($0.auth, $0.user, $0.secret) = (.basic, "ada", Secret("sesame"))
    }
    defer { server.stop() }
    server.require(authorization: "Basic YWRhOnNlc2FtZQ==")
    #expect(try read(folder, "dev.1") == .missing)
    #expect(server.requests.count == 1)
  }

  @Test func bearer() throws {
    let (server, folder) = try open { ($0.auth, $0.secret) = (.bearer, Secret("t0ken")) }
    defer { server.stop() }
    server.require(authorization: "Bearer t0ken")
    try folder.write(FolderContract.name("dev.1"), [1])
    #expect(try read(folder, "dev.1") == .found([1]))
  }

  @Test("Digest is opened by a GET, so no PUT arrives empty")
  func digest() throws {
    let (server, folder) = try open([.digestStoresBeforeCheck]) {
      ($0.auth, $0.user, $0.secret) = (.digest, "ada", Secret("sesame"))
    }
    defer { server.stop() }
    server.requireDigest()
    try folder.write(FolderContract.name("dev.1"), [1, 2, 3])
    try folder.write(FolderContract.name("dev.1"), [4, 5, 6])
    #expect(server.requests.map(\.method) == ["GET", "GET", "PUT", "PUT"])
    #expect(server.requests.filter { $0.method == "PUT" }.allSatisfy { !$0.body.isEmpty })
  }

  @Test(
    "Retry-After is honoured, in seconds and as a date",
    arguments: [
      (HostileQuirk.busy503RetryAfter, 7.0), (.busyRetryAfterDate, 1.0),
    ])
  func retryAfter(_ quirk: HostileQuirk, _ least: Double) throws {
    let (server, folder) = try open([quirk])
    defer { server.stop() }
    #expect(try read(folder, "dev.1") == .missing)
    #expect(pace.slept.count == 2)
    #expect(try #require(pace.slept.first) >= least)
  }

  @Test("Tries are bounded, and waits grow")
  func bounded() throws {
    let (server, folder) = try open([.closedWithoutAnswer])
    defer { server.stop() }
    let result = try #require(folder.read([FolderContract.name("dev.1")], limit: 10).first)
    #expect(throws: TransportError.self) { try result.get() }
    #expect(pace.slept.count == RetryPolicy.tries - 1)
    #expect(pace.slept == pace.slept.sorted())
  }

  @Test("No request is begun after the time-out")
  func deadline() throws {
    let (server, folder) = try open([.busy503RetryAfter]) { $0.timeout = 5 }
    defer { server.stop() }
    let result = try #require(folder.read([FolderContract.name("dev.1")], limit: 10).first)
    guard case .failure(let error) = result else {
      Issue.record("the seven seconds asked for were not there")
      return
    }
    #expect(error.kind == .busy)
    #expect(pace.slept.isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test("Credentials go over plain http only to loopback or when allowed")
  func plainHTTPCredentials() throws {
    var profile = RemoteProfile(
      url: "http://192.0.2.1/dav/", auth: .basic, user: "ada", secret: Secret("sesame"),
      timeout: 0.2)
    for auth in [RemoteProfile.Auth.basic, .digest, .bearer, .netrc, .s3(region: "r")] {
      profile.auth = auth
      let folder = try RemoteFolders.open(profile, pace: pace.pace)
      #expect(throws: TransportError.self) { try folder.write(FolderContract.name("a"), [1]) }
      #expect(folder.traffic.requests == 0)
    }
  }

  @Test("A proxy gets the requests, but for hosts that go without")
  func proxy() throws {
    let (server, folder) = try open {
      $0.proxy = $0.url.replacing("/dav/", with: "")
      $0.url = "http://192.0.2.1/dav/"
    }
    defer { server.stop() }
    #expect(try read(folder, "dev.1") == .missing)
    #expect(server.requests.map(\.path) == ["http://192.0.2.1/dav/dev.1"])
    let (direct, other) = try open {
      ($0.proxy, $0.noProxy) = ("http://127.0.0.1:1", "127.0.0.1")
    }
    defer { direct.stop() }
    #expect(try read(other, "dev.1") == .missing)
  }

  @Test("A URL with a login in it is refused without being shown")
  func loginInURL() throws {
    let profile = RemoteProfile(url: "https://ada:sesame@example.org/dav/")
    let error = #expect(throws: TransportError.self) {
      try RemoteFolders.open(profile, pace: pace.pace)
    }
    #expect(error?.kind == .refusedByUs)
    #expect(error.map { !"\($0)".contains("sesame") } == true)
  }

  @Test("The probe takes seven requests and names what is there")
  func probe() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    let found = RemoteFolders.probe(RemoteProfile(url: server.url()), pace: pace.pace)
    #expect(server.requests.count == 7)
    var wanted = Capabilities(kind: .webdav)
    (wanted.reachable, wanted.authenticated, wanted.writes) = (true, true, true)
    (wanted.readsBack, wanted.lists, wanted.deletes) = (true, true, true)
    wanted.keepsETags = true
    #expect(found == wanted)
    #expect(server.files.isEmpty)
  }

  @Test(
    "The probe finds out what is amiss",
    arguments: [
      (HostileQuirk.loginPage, true, TransportError.Kind.garbled),
      (.readOnly403, false, .readOnly),
      (.putNotStored, true, .garbled), (.full507, false, .full),
    ])
  func probeTrouble(_ quirk: HostileQuirk, _ writes: Bool, _ kind: TransportError.Kind) throws {
    let server = try #require(HostileServer([quirk]))
    defer { server.stop() }
    let found = RemoteFolders.probe(RemoteProfile(url: server.url()), pace: pace.pace)
    #expect(found.reachable && found.writes == writes && !found.readsBack)
    #expect(found.trouble?.kind == kind)
  }

  @Test("An endpoint that cannot list is found to be plain HTTP")
  func probePlain() throws {
    let server = try #require(HostileServer([.etagAbsent]))
    defer { server.stop() }
    server.forgetWebDAV()
    let found = RemoteFolders.probe(RemoteProfile(url: server.url()), pace: pace.pace)
    #expect(found.kind == .plain)
    #expect(found.readsBack && !found.lists && found.deletes && !found.keepsETags)
  }
}
