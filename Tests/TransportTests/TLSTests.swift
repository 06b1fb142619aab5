import TestSupport
import Testing
import TransportContract

@testable import Transport

/// Trust, client certificates and the step back from HTTP/2, over real TLS.
@Suite struct TLSTests {
  private let pace = TestPace().pace

  private func read(_ profile: RemoteProfile) throws -> Result<ReadOutcome, TransportError> {
    let folder = try RemoteFolders.open(profile, pace: pace)
    return try #require(folder.read([FolderContract.name("dev.1")], limit: 1000).first)
  }

  private func error(_ profile: RemoteProfile) throws -> TransportError? {
    guard case .failure(let error) = try read(profile) else { return nil }
    return error
  }

  private func kind(_ profile: RemoteProfile) throws -> TransportError.Kind? {
    try error(profile)?.kind
  }

  @Test("Only the private authority is trusted, only the right password and certificate let in")
  func trust() throws {
    let basic = RealServerKind.apacheTLS
    guard basic.isInstalled else { try Test.cancel("Apache is not installed") }
    let server = try RealServer(basic)
    #expect(try read(server.profile).get() == .missing)
    var profile = server.profile
    profile.caFile = nil
    #expect(try kind(profile) == .tls)
    profile = server.profile
    profile.caFile = "/nowhere/ca.pem"
    #expect(try kind(profile) == .local)
    profile = server.profile
    profile.secret = Secret("wrong")
    #expect(try kind(profile) == .unauthorized)
    profile = server.profile
    profile.url = profile.url.replacing("/basic/", with: "/client/")
    #expect(try kind(profile) != nil)
    profile = server.profile
    profile.url = profile.url.replacing("https:", with: "http:")
    #expect(try kind(profile) != nil)
  }

  @Test("After an HTTP/2 framing error the session goes on with HTTP/1.1")
  func fallback() throws {
    guard FalseHTTP2Server.isInstalled else {
      try Test.cancel("openssl or python3 is not installed")
    }
    let server = try FalseHTTP2Server("from the old world\n")
    let wanted = ReadOutcome.found(Array("from the old world\n".utf8))
    #expect(try read(server.profile).get() == wanted)
    var profile = server.profile
    profile.caFile = nil
    #expect(try kind(profile) == .tls)
  }

  @Test("A certificate for another name is told from one that nobody trusts, and from no authority")
  func otherName() throws {
    guard FalseHTTP2Server.isInstalled else {
      try Test.cancel("openssl or python3 is not installed")
    }
    let server = try FalseHTTP2Server("here\n")
    var profile = server.profile
    // Every name below localhost is this machine (RFC 6761, section 6.3).
    profile.url = profile.url.replacing("127.0.0.1", with: "other.localhost")
    let other = try error(profile)
    #expect(other?.kind == .tls && other?.reason == .otherName)
    profile = server.profile
    profile.caFile = nil
    let untrusted = try error(profile)
    #expect(untrusted?.kind == .tls && untrusted?.reason == nil)
    profile.caFile = "/nowhere/ca.pem"
    let blind = try error(profile)
    #expect(blind?.kind == .local && blind?.reason == .authorityFile)
  }

  @Test("A handshake that breaks off is tried again, and is no question of trust")
  func brokenHandshake() throws {
    guard FalseHTTP2Server.isInstalled else {
      try Test.cancel("openssl or python3 is not installed")
    }
    // `isOpen`, which waits for it, takes the first connection.
    let server = try FalseHTTP2Server("here\n", breaking: 1 + RetryPolicy.tries - 1)
    #expect(try read(server.profile).get() == .found(Array("here\n".utf8)))
    let hopeless = try FalseHTTP2Server("here\n", breaking: 1000)
    #expect(try kind(hopeless.profile) == .handshake)
  }
}
