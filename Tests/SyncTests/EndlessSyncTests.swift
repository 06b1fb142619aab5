import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// A server that never lets a sync come to its end: it has a file for the name that is about to be
/// written (one under another key or of another library, or none that is whole: a twin might have
/// written it, under a passphrase that is not known here), or ever another header.
@Suite struct EndlessSyncTests {
  private func identities(_ notices: [SyncNotice]) -> Int {
    notices.count { if case .newIdentity = $0 { true } else { false } }
  }

  /// Two machines that have met, on a server that begins to lie.
  private func pair(
    _ lie: SimServer.Lie, to caller: String? = nil, _ number: UInt64, lists: Bool
  ) throws -> (SimServer, Machine, Machine) {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    server.lies = [SimServer.Lying(lie, to: caller, number, over: server)]
    return (server, desk, laptop)
  }

  @Test(
    "A server that has a file for every name ends a sync, and costs one id",
    arguments: [1, 3, 5], [true, false])
  func forEveryName(number: UInt64, lists: Bool) throws {
    let (server, desk, laptop) = try pair(.inventedNext, number, lists: lists)
    for round in 0..<3 {
      try desk.tag(one, "t\(round)")
      let before = try desk.library.lastPlace()
      let (id, writes) = (try desk.file("1"), server.writes)
      #expect {
        try desk.sync(server)
      } throws: { error in
        if case SyncError.neverWritten(let file) = error {
          file == (try? desk.file("1").text) && file != id.text
        } else {
          false
        }
      }
      // That it goes on as another, and its name.
      #expect(try desk.library.lastPlace() - before <= 3)
      #expect(server.files.keys.filter { $0.text.last == "1" }.count == 1, "\(server.files.keys)")
      #expect(server.writes - writes <= (lists ? 1 : 2))
    }
    server.lies = []
    #expect(identities(try desk.sync(server).notices) == 0)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.tags.count == 3)
  }

  @Test(
    "Where only a log that has begun goes on so, all is sent under another id",
    arguments: [4, 6, 8], [true, false])
  func whereALogGoesOn(number: UInt64, lists: Bool) throws {
    let (server, desk, laptop) = try pair(.inventedNext, number, lists: lists)
    for round in 0..<3 {
      try desk.tag(one, "t\(round)")
      let report = try desk.sync(server)
      // What had arrived before is not sent again.
      #expect(identities(report.notices) == 1 && (1...5).contains(report.pushed), "\(report)")
    }
    server.lies = []
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.tags.count == 3)
  }

  /// In clear nobody can prove a header.
  @Test(
    "A header that is never the same says that the sync came to no end", arguments: [true, false])
  func aHeaderThatIsNeverTheSame(lists: Bool) throws {
    let (server, desk, laptop) = try pair(.changingLibrary, to: "desk", 7, lists: lists)
    try desk.tag(one, "t")
    for _ in 0..<2 { #expect(throws: SyncError.contended) { try desk.sync(server) } }
    server.lies = []
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.tags.count == 1)
  }
}
