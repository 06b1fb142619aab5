import TestSupport
import Testing

@testable import Transport

/// What is told of waiting, before a person takes it for stuck.
@Suite struct LongWaitTests {
  private func waits(
    _ server: HostileServer, timeout: Double = 100, step: Double = 0
  ) throws -> [Pace.Wait] {
    var told: [Pace.Wait] = []
    var later = 0.0
    let test = TestPace()
    var pace = test.pace
    let now = pace.now
    // Each look at the clock is some seconds later.
    pace.now = {
      later += step
      return now() + later
    }
    pace.onWait = { told.append($0) }
    let folder = try RemoteFolders.open(
      RemoteProfile(url: server.url(), timeout: timeout, idleTimeout: 2), pace: pace)
    _ = try? folder.list()
    return told
  }

  @Test("A pause of some seconds that a server asks for is told; a short one is not")
  func pauses() throws {
    let server = try #require(HostileServer([.busy503RetryAfter]))
    defer { server.stop() }
    let wait = Pace.Wait.pause(host: "127.0.0.1", seconds: 7)
    #expect(try waits(server) == [wait])
    server.set([.busy503])
    #expect(try waits(server) == [])
  }

  @Test("A server that does not answer is told once, after ten seconds")
  func silence() throws {
    let server = try #require(HostileServer([.slowLoris]))
    defer { server.stop() }
    let wait = Pace.Wait.answer(host: "127.0.0.1", atMost: 100)
    #expect(try waits(server, step: 3) == [wait])
    server.set([])
    #expect(try waits(server, step: 0.1) == [])
  }
}
