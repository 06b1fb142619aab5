import TestSupport
import Testing
import TransportContract

@testable import Transport

/// A cache between here and the server that keeps what it must not keep.
@Suite struct CacheTests {
  private let pace = TestPace()

  private func open(
    _ server: HostileServer, _ kind: RemoteKind, isKnown: Bool = false
  ) throws -> any RemoteFolder {
    var profile = RemoteProfile(url: server.url(), kind: kind, timeout: 100)
    profile.passesCache = isKnown
    return try RemoteFolders.open(profile, pace: pace.pace)
  }

  private func read(_ folder: any RemoteFolder, _ name: String) throws -> ReadOutcome {
    try #require(folder.read([FolderContract.name(name)], limit: 1 << 20).first).get()
  }

  static let kinds = [RemoteKind.webdav, .plain]

  @Test("What was asked for before it was there, or before it was replaced, comes as it is now")
  func whatIsWritten() throws {
    for kind in Self.kinds {
      let server = try #require(HostileServer())
      defer { server.stop() }
      server.putCacheBefore()
      let (folder, name) = (try open(server, kind), try FolderContract.name("dev.1"))
      #expect(try read(folder, "dev.1") == .missing)
      for bytes in [[1], [2, 2]] as [[UInt8]] {
        try folder.write(name, bytes)
        #expect(try read(folder, "dev.1") == .found(bytes))
      }
      #expect(folder.cacheBetween == .passed)
      // From now on nothing is asked that a cache could know.
      let before = server.requests.count
      server.store("/dav/dev.2", [3])
      #expect(try read(folder, "dev.2") == .found([3]))
      #expect(server.requests.count == before + 1)
    }
  }

  @Test("An answer that bears its age is not taken for what is there now")
  func whatOthersWrite() throws {
    for kind in Self.kinds {
      let server = try #require(HostileServer())
      defer { server.stop() }
      server.putCacheBefore(tellsAge: true)
      server.store("/dav/dev.head", [1])
      let first = try open(server, kind)
      #expect(try read(first, "dev.head") == .found([1]))
      #expect(first.cacheBetween == .none)
      server.store("/dav/dev.head", [2])
      let second = try open(server, kind)
      #expect(try read(second, "dev.head") == .found([2]))
      #expect(second.cacheBetween == .passed)
    }
  }

  @Test("What a listing shows is there")
  func whatIsListed() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.putCacheBefore()
    _ = try read(try open(server, .webdav), "dev.1")
    server.store("/dav/dev.1", [7])
    let folder = try open(server, .webdav)
    _ = try folder.list()
    #expect(try read(folder, "dev.1") == .found([7]))
    #expect(folder.cacheBetween == .passed)
  }

  @Test("Behind a cache that is known the first answer is right")
  func aKnownCache() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.putCacheBefore()
    _ = try read(try open(server, .plain), "dev.head")
    server.store("/dav/dev.head", [2])
    #expect(try read(open(server, .plain, isKnown: true), "dev.head") == .found([2]))
    #expect(server.requests.count == 2)
  }

  @Test("Where a server takes no queries, the cache is told, and nothing is made worse")
  func aServerWithoutQueries() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.putCacheBefore(tellsAge: true, takesQueries: false)
    server.store("/dav/dev.head", [1])
    let folder = try open(server, .plain)
    for _ in 0..<20 { #expect(try read(folder, "dev.head") == .found([1])) }
    #expect(folder.cacheBetween == .inTheWay)
    #expect(server.requests.count <= 23)
    let found = RemoteFolders.probe(
      RemoteProfile(url: server.url(), kind: .plain), pace: pace.pace)
    #expect(found.cacheBetween == .inTheWay && found.trouble?.reason == .oldAnswer)
  }

  @Test("A cache that was known is forgotten where the server takes no queries any more")
  func aCacheThatIsGone() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.takeCacheAway(takesQueries: false)
    server.store("/dav/dev.1", [7])
    let folder = try open(server, .webdav, isKnown: true)
    _ = try folder.list()
    #expect(try read(folder, "dev.1") == .found([7]))
    #expect(folder.cacheBetween == .none)
  }

  @Test("Every GET asks for what is there now; no query where no cache was noticed; none for S3")
  func questions() throws {
    for kind in Self.kinds + [.s3] {
      let server = try #require(HostileServer())
      defer { server.stop() }
      var profile = RemoteProfile(url: server.url("/bucket/"), kind: kind, timeout: 100)
      if kind == .s3 {
        (profile.auth, profile.user, profile.secret) = (.s3(region: "r"), "a", Secret("b"))
      }
      let folder = try RemoteFolders.open(profile, pace: pace.pace)
      _ = folder.read([try FolderContract.name("dev.1")], limit: 100)
      try folder.write(try FolderContract.name("dev.1"), [1])
      _ = folder.read([try FolderContract.name("dev.1")], limit: 100)
      let gets = server.requests.filter { $0.method == "GET" }
      #expect(gets.count == 2 && gets.allSatisfy { $0.query.isEmpty })
      for request in gets {
        #expect(request.headers["cache-control"] == (kind == .s3 ? nil : "no-cache"))
      }
    }
  }

  @Test("A server that gives back something else is asked again a handful of times at most")
  func noEnd() throws {
    let server = try #require(HostileServer([.putNotStored]))
    defer { server.stop() }
    let folder = try open(server, .webdav)
    for number in 1...20 {
      let name = try FolderContract.name("dev.\(number)")
      try folder.write(name, [1])
      #expect(try read(folder, name.text) == .missing)
    }
    #expect(server.requests.filter { $0.method == "GET" }.count == 23)
    #expect(folder.cacheBetween == .none)
  }
}
