import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// A hint may be old, torn or gone. It must not run ahead of what it tells of.
@Suite struct HintTests {
  /// A machine that was putting its log together dies, comes back, dies again and is gone for good. Another
  /// looks just then, and one segment is not shown to it. What was delivered must still reach it.
  ///
  /// Without a listing nobody follows a head alone: there it is `peers` that must not run ahead.
  @Test(arguments: [(true, []), (false, []), (true, [Weakness.headBeforeSegment])])
  func theWriterIsGoneBeforeItsLogIsPutTogether(
    _ lists: Bool, _ weaknesses: [Weakness]
  ) throws {
    var lost = 0
    for request in 0..<16 {
      let server = SimServer()
      server.lists = lists
      let (desk, laptop) = try Machine.pair(sharing: one, server)
      try desk.tag(one, "delivered")
      try desk.sync(server)
      let sent = server.files
      desk.weaknesses = Set(weaknesses)
      try desk.engine(server).renew()
      server.crashAfter = request
      // It dies at this request, or has got through.
      _ = try? desk.sync(server)
      server.crashAfter = nil
      let all = server.files
      let device = try desk.library.read { try $0.device() }
      for name in sent.keys where name.text.hasPrefix("\(device).") && !name.text.hasSuffix("head")
      {
        server.files[name] = nil
      }
      try laptop.sync(server)
      server.files.merge(all) { shown, _ in shown }
      for _ in 0..<2 { try laptop.sync(server) }
      let tags = try #require(try laptop.paper(one)).tags.map(\.name)
      if tags != ["delivered"] { lost += 1 }
    }
    #expect((lost == 0) == weaknesses.isEmpty)
  }
}
