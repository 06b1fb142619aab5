import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// `sync verify` sees each byte that was changed, and `sync repair` puts right what this machine
/// can.
@Suite struct VerifyTests {
  private func lives(_ lists: Bool) throws -> (SimServer, Machine, Machine) {
    try Machine.lives(4, lists: lists)
  }

  private func flip(_ server: SimServer, _ name: RemoteName) throws {
    let bytes = try #require(server.files[name])
    server.files[name]?[bytes.count / 2] ^= 1
  }

  @Test("Every file with one bit changed is named", arguments: [true, false])
  func oneBit(lists: Bool) throws {
    let (server, desk, laptop) = try lives(lists)
    let whole = server.files
    #expect(whole.count >= 9)
    for machine in [desk, laptop] {
      let found = try machine.engine(server).verify()
      #expect(found.problems == [] && found.absent == 0 && found.unsent == 0)
      #expect(found.good == whole.count)
    }
    for name in whole.keys.sorted() {
      try flip(server, name)
      // A list of devices with another digit is a list of other devices: it is a hint, in clear.
      let found = try desk.engine(server).verify()
      let files = found.problems.compactMap {
        switch $0 {
        case .unreadable(let file, _, _), .hint(let file, _, _): file
        default: nil
        }
      }
      #expect(files == [name.text] || (name == RemoteLayout.peers && files.isEmpty), "\(name)")
      #expect(found.good >= whole.count - 1 || name == RemoteLayout.peers, "\(name)")
      server.files = whole
    }
  }

  @Test("Every file that is gone is told of", arguments: [true, false])
  func gone(lists: Bool) throws {
    let (server, desk, laptop) = try lives(lists)
    let whole = server.files
    let heads = try [desk.file("head"), laptop.file("head")]
    for name in whole.keys.sorted() where !heads.contains(name) {
      server.files[name] = nil
      #expect(try desk.engine(server).verify().problems.count == 1, "\(name)")
      server.files = whole
    }
  }

  /// The list of devices is in clear: anybody can say in it where a log starts.
  @Test("Where a log starts is a hint also for who reads all of it", arguments: [true, false])
  func aStartThatIsNone(lists: Bool) throws {
    let (server, desk, laptop) = try lives(lists)
    let device = try desk.library.read { try $0.device() }
    let list = try PeerList(server.files[RemoteLayout.peers] ?? [])
    server.files[RemoteLayout.peers] =
      PeerList(list.devices, logs: [device: 383_807], newest: list.newest).bytes
    let found = try laptop.engine(server).verify()
    #expect(found.problems == [] && found.absent == 0, "\(found)")
    let before = server.files
    #expect(try laptop.engine(server).repair().pushed == 0)
    #expect(server.files.keys == before.keys)
  }

  @Test("A log that is put together while it is read is whole", arguments: [true, false])
  func amidCompaction(lists: Bool) throws {
    var between = 0
    for at in 0..<20 {
      for isOwn in [false, true] {
        let (server, desk, laptop) = try Machine.lives(3, lists: lists)
        desk.compactAt = 4
        try desk.tag(one, "last")
        let first = try desk.file("1")
        server.interruption = (
          at,
          {
            do {
              let wasThere = server.files[first] != nil
              try desk.sync(server)
              try laptop.tag(one, "back")
              try laptop.sync(server)
              try desk.sync(server)
              if wasThere, server.files[first] == nil { between += 1 }
            } catch {
              Issue.record("\(error)")
            }
          }
        )
        let found = try (isOwn ? desk : laptop).engine(server).verify()
        server.interruption = nil
        #expect(found.problems == [] && found.absent == 0, "at request \(at): \(found)")
      }
    }
    #expect(between > 5, "\(between)")
  }

  @Test("Repair mends what is ours, also in the middle of a log", arguments: [true, false])
  func mendsOwn(lists: Bool) throws {
    let (server, desk, laptop) = try lives(lists)
    let whole = server.files
    let ours = try ["1", "3", "5", "head"].map { try desk.file($0) }
    for name in ours + [RemoteLayout.header] {
      try flip(server, name)
      let report = try desk.engine(server).repair()
      #expect(report.problems == [])
      #expect(server.files[name] == whole[name], "\(name)")
      #expect(try desk.engine(server).verify().problems == [])
    }
    server.files[RemoteLayout.peers] = [1, 2, 3]
    _ = try desk.engine(server).repair()
    #expect(try desk.engine(server).verify().problems == [])
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
  }

  @Test("What the next sync sends is not missing, what nobody sends is", arguments: [true, false])
  func absentAndUnsent(lists: Bool) throws {
    let (server, desk, laptop) = try lives(lists)
    try desk.tag(one, "new")
    var found = try desk.engine(server).verify()
    #expect(found.unsent == 2 && found.absent == 0)
    server.files[try laptop.file("1")] = nil
    found = try desk.engine(server).verify()
    #expect(found.unsent == 2 && found.absent > 0)
    _ = try desk.engine(server).repair()
    found = try desk.engine(server).verify()
    #expect(found.unsent == 0 && found.absent == 0)
  }

  @Test("What was left out when a log was put together is not missing")
  func compacted() throws {
    let server = SimServer()
    let desk = try Machine("desk")
    desk.compactAt = 4
    for round in 0..<8 {
      try desk.add(one, title: "title \(round)")
      try desk.sync(server)
    }
    let found = try desk.engine(server).verify()
    #expect(found.problems == [] && found.absent == 0)
  }

  @Test("A folder under a new passphrase is whole, old files or not", arguments: [true, false])
  func rekeyed(deletes: Bool) throws {
    let server = SimServer()
    server.deletes = deletes
    let (desk, laptop, phone) = (try Machine("desk"), try Machine("laptop"), try Machine("phone"))
    for machine in [desk, laptop] { machine.passphrase = Array("old".utf8) }
    try desk.add(one)
    try laptop.add("2509.00002")
    #expect(try differences([desk, laptop], server) == [])
    _ = try desk.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop, phone] { machine.passphrase = Array("new".utf8) }
    // The laptop has not been told yet: its files are named, and nothing is missing for it.
    var found = try desk.engine(server).verify()
    #expect(found.absent == 0 && found.problems.count >= 1)
    #expect(try phone.engine(server).plan().incoming.contains { $0.paper?.rawValue == one })
    #expect(try differences([desk, laptop, phone], server) == [])
    for machine in [desk, laptop, phone] {
      found = try machine.engine(server).verify()
      #expect(found.absent == 0 && found.problems == [], "\(machine.name)")
    }
  }

  @Test("A machine that never met the folder says what it finds")
  func stranger() throws {
    let (server, _, _) = try lives(true)
    let phone = try Machine("phone")
    try phone.add("2509.00003")
    var found = try phone.engine(server).verify()
    #expect(found.good == server.files.count && found.unknown == found.changes)
    #expect(found.unsent > 0 && found.absent == 0 && found.problems == [])
    found = try phone.engine(SimServer()).verify()
    #expect(found.good == 0 && found.unsent > 0 && found.problems == [])
    server.files[RemoteLayout.header] = Array("hello".utf8)
    #expect(throws: SyncError.header(.notPapershelf)) { try phone.engine(server).verify() }
  }

  @Test(
    "A page for every file is no damage, and is not asked for without end",
    arguments: [true, false])
  func aPageForEverything(lists: Bool) throws {
    let (server, desk, _) = try lives(lists)
    server.faults.loginPage = 1000
    server.keepsLog = true
    // Who goes on asking dies here, and the test does not hang.
    server.crashAfter = 1000
    #expect(throws: SyncError.header(.webPage)) { try desk.engine(server).verify() }
    #expect(server.log.count < 100)
    // But one in place of the header alone is.
    server.faults.loginPage = 0
    server.files[RemoteLayout.header] = Array("<html>Please sign in".utf8)
    let found = try desk.engine(server).verify()
    #expect(found.problems.contains(.hint(file: "papershelf", machine: nil, .webPage)))
    #expect(found.good > 0)
  }

  @Test("A network that begins to want a login while a folder is read damages nothing")
  func aPageInTheMiddle() throws {
    for lists in [true, false] {
      let (server, desk, _) = try lives(lists)
      func atEach(_ body: (SyncEngine) throws -> [SyncProblem]) throws -> Int {
        var told = 0
        for at in 0..<200 {
          server.interruption = (at, { server.faults.loginPage = 1000 })
          let title = "request \(at), listed \(lists)"
          do {
            #expect(try body(desk.engine(server)) == [], "\(title)")
            if server.faults.loginPage == 0 { break }
          } catch SyncError.header(.webPage) {
            told += 1
          }
          (server.interruption, server.faults.loginPage) = (nil, 0)
        }
        server.interruption = nil
        return told
      }
      #expect(try atEach { try $0.verify().problems } > 8)
    }
  }

  /// Whoever reaches the folder may put names there without end: each is asked for and is a problem.
  @Test("Of a thousand problems more than anybody reads the number is told")
  func inventedNames() throws {
    let (server, desk, _) = try lives(true)
    let before = try desk.engine(server).verify()
    for invented in 1...1_500 as ClosedRange<UInt64> {
      let device = DeviceID(bits: invented << 20)
      server.files[RemoteLayout.segment(device, 1)] = Array("nothing".utf8)
      server.files[RemoteLayout.head(device)] = Array("nothing".utf8)
    }
    let found = try desk.engine(server).verify()
    #expect(before.problems == [] && found.good == before.good && found.absent == 0)
    #expect(found.problems.count == ProblemList.most + 1)
    #expect(Set(found.problems).count == found.problems.count)
    #expect(found.problems.last == .more(2 * 1_500 - ProblemList.most))
    // And of those that are taken back there is none.
    var list = ProblemList()
    for number in 0..<1_200 {
      for _ in 0..<(number < 1_000 ? 2 : 1) {
        list.add(.untaken(file: "\(number)", machine: "", changes: 1))
      }
    }
    #expect(list.count == 1_200 && list.all.last == .more(200))
    list.removeAll { $0 != .unnamed }
    list.add(.unnamed)
    list.add(.unnamed)
    #expect(list.all.first == .unnamed && list.all.count == 2)
  }
}
