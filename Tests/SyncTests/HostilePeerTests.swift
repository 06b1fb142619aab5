import Changes
import Papers
import Sealing
import Simulator
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

@Suite struct HostilePeerTests {
  private static let badLines: [(String, [UInt8])] = [
    ("nothing", Array("x".utf8)), ("half", Array(#"[[1,2],[1,2],"p:x","#.utf8)),
    ("no text", [0x5B, 0xFF, 0xFE, 0x5D]), ("zeros", [0, 0, 0]),
    ("beyond the year 9999", Array(#"[[253402300800000,0],[1,0],"p:x","status","\"read\""]"#.utf8)),
    ("before time", Array(#"[[-1,0],[1,0],"p:x","status","\"read\""]"#.utf8)),
    ("a counter of 33 bits", Array(#"[[1,4294967296],[1,0],"p:x","status","\"read\""]"#.utf8)),
    ("an operation of no time", Array(#"[[1,0],[-5,0],"p:x","status","\"read\""]"#.utf8)),
    ("more than there is", Array(#"[[1,0],[1,0],"p:x","status","\"read\"",[],0,true]"#.utf8)),
    (
      "an endless name",
      Array("[[1,0],[1,0],\"p:\(String(repeating: "x", count: 70_000))\",\"status\",1]".utf8)
    ),
    (
      "an endless value",
      Array("[[1,0],[1,0],\"p:x\",\"note:a\",\"\(String(repeating: "x", count: 17 << 20))\"]".utf8)
    ),
    ("endless nesting", Array(String(repeating: "[", count: 100_000).utf8)),
  ]

  @Test(arguments: badLines.map(\.0))
  func aLineThatIsNoChangeStopsNoOther(_ name: String) throws {
    let line = try #require(Self.badLines.first { $0.0 == name }).1
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let peer = HostilePeer(server)
    let good = [peer.tag("before", 1_760_000_000_000), peer.tag("after", 1_760_000_000_001)]
    var context = ChangeLine.Context(writer: peer.device)
    let lines = good.map { Array(ChangeLine.bytes($0, &context).dropLast()) }
    try peer.send([lines[0], line, lines[1]])
    try peer.send([peer.tag("later", 1_760_000_000_002)])
    let report = try desk.sync(server)
    let told = SyncProblem.untaken(
      file: "\(peer.device).1", machine: "\(peer.device)", changes: 1)
    #expect(report.problems == [told])
    let tags = ["after", "before", "later"]
    #expect(try desk.paper(one)?.tags.map(\.name).sorted() == tags)
    // It is told as long as it is so, nobody pays for it, and what others do goes on.
    let quiet = try desk.sync(server)
    #expect(quiet.problems == [told] && quiet.requests == 1)
    #expect(try desk.engine(server).verify().problems == [told])
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    #expect(try laptop.paper(one)?.status == .read)
    // Of who is gone for good nobody waits for better.
    try desk.engine(server).retire(peer.device, called: "\(peer.device)")
    #expect(try desk.sync(server).problems == [])
    #expect(try desk.engine(server).verify().problems == [])
  }

  /// A later build looks again at what one before it passed over.
  @Test func aLaterBuildLooksAgain() throws {
    let server = SimServer()
    let (desk, _) = try Machine.pair(sharing: one, server)
    let peer = HostilePeer(server)
    try peer.send([Array("x".utf8)])
    #expect(try desk.sync(server).problems.count == 1)
    try peer.send([peer.tag("later")])
    #expect(try desk.sync(server).pulled == 1)
    var understanding = Understanding.standard
    understanding.number += 1
    desk.library = try Library(
      reopening: desk.library, surroundings: desk.surroundings, understanding: understanding)
    // Its log is read again from the start, once.
    #expect(try desk.sync(server).requests > 2)
    #expect(try desk.sync(server).requests == 1)
  }

  /// A stream of more text than anybody holds, and one that is none.
  @Test(arguments: [true, false], [[], [AbsentRule.spoiltRunStops]])
  func aRunThatNobodyTakesIsPassedOver(isBomb: Bool, _ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    desk.weaknesses = Set(weaknesses)
    let peer = HostilePeer(server)
    if isBomb {
      let zeros = [UInt8](repeating: 0x20, count: 1 << 20)
      try peer.send([[UInt8]](repeating: zeros, count: 66))
    } else {
      var generator = SeededGenerator(seed: 7)
      try peer.send(
        stream: (0..<1_200_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }
    try peer.send([peer.tag("later")])
    let report = try desk.sync(server)
    // Without the rule it is taken for damage, which is asked for again in each sync.
    guard weaknesses.isEmpty else {
      return #expect(try desk.sync(server).problems != [] && desk.sync(server).requests > 1)
    }
    #expect(
      report.problems == [
        .untaken(file: "\(peer.device).1", machine: "\(peer.device)", changes: nil)
      ])
    #expect(try desk.paper(one)?.tags.map(\.name) == ["later"])
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
  }

  // MARK: Time

  /// Nobody drives clocks to where there is no later stamp: an edit made after seeing any other
  /// holds everywhere, and everybody reads it.
  @Test(arguments: 1...40)
  func anEditMadeAfterSeeingAnotherHolds(_ seed: Int) throws {
    var generator = SeededGenerator(seed: UInt64(seed))
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let peer = HostilePeer(server, seed % 2 == 0 ? 1 : .max)
    let paper = PaperID(trusted: one)
    let last = StampClock.lastMillisecond
    let times = [last, last - 1, StampClock.horizon, StampClock.horizon - 1, 4_000_000_000_000]
    let counters: [UInt32] = [.max, .max - 1, 0, 7]
    for round in 0..<6 {
      let time = try #require(times.randomElement(using: &generator)) - 10 * Int64(round)
      let counter = try #require(counters.randomElement(using: &generator))
      try peer.send([
        peer.change(time, counter, .status(paper, .skipped)),
        peer.change(
          time - 1, counter, .note(paper, id: "n00001", NoteVersion(text: "peer \(round)"))),
        peer.change(time - 2, counter, .view("v", "tag:peer\(round)")),
      ])
      for machine in [desk, laptop] { try machine.sync(server) }
      let editor = Bool.random(using: &generator) ? desk : laptop
      let status: ReadingStatus = round % 2 == 0 ? .read : .reading
      try editor.mark(one, status)
      try editor.note(one, "n00001", "mine \(round)")
      _ = try editor.library.record("view") { try $0.write([.view("v", "tag:mine\(round)")]) }
      let different = try differences([desk, laptop], server)
      #expect(different == [], "\(different)")
      for machine in [desk, laptop] {
        let now = try #require(try machine.paper(one))
        #expect(now.status == status && now.notes.map(\.text) == ["mine \(round)"], "\(now)")
        #expect(try machine.library.read { try $0.views() }.map(\.filter) == ["tag:mine\(round)"])
        let problems = try machine.library.problems()
        #expect(problems == [], "\(problems)")
      }
    }
    #expect(try differences([desk, laptop, try Machine("phone")], server) == [])
    let all = try desk.library.changes(after: 0, limit: .max).map(\.change)
    #expect(all.allSatisfy(ChangeBounds.hold))
  }

  /// Stamps of machines that are none, each of them years ahead, do not fill the screen.
  @Test func fewClocksAreNamed() throws {
    let server = SimServer()
    let (_, laptop) = try Machine.pair(sharing: one, server)
    let peer = HostilePeer(server)
    try peer.send(
      (1...2_000 as ClosedRange<UInt64>).map { index in
        let time = 2_600_000_000_000 as Int64
        var change = peer.change(time, 0, .status(PaperID(trusted: one), .read))
        change.stamp = Stamp(milliseconds: time, counter: 0, device: DeviceID(bits: index))
        change.operation = change.stamp
        return change
      })
    let report = try laptop.sync(server)
    #expect(report.pulled == 2_000 && report.problems == [])
    #expect(report.notices.count == 17 && report.notices.last == .moreClocksAhead)
  }

  /// Of what more was said than is looked at is told, once a sync, and what the person does holds on
  /// all machines.
  @Test func aCrowdedPaperIsTold() throws {
    let server = SimServer()
    var small = Understanding.standard
    small.mostSaid = 2_000
    let (desk, laptop) = try Machine.pair(sharing: one, server, understanding: small)
    let peer = HostilePeer(server)
    for round in 0..<4 {
      for part in 0..<3 {
        try peer.send(
          (0..<20).map { index in
            let counter = UInt32(100 * round + 20 * part + index)
            return peer.change(
              1_800_000_000_000, counter, .starred(PaperID(trusted: one), index % 2 == 0))
          })
      }
      for machine in [desk, laptop] {
        let report = try machine.sync(server)
        let crowded = SyncProblem.crowded(key: one, by: "\(peer.device)")
        #expect(report.problems == [crowded], "\(report)")
      }
      let status: ReadingStatus = round % 2 == 0 ? .read : .reading
      try desk.mark(one, status)
      for machine in [desk, laptop] { try machine.sync(server) }
      let phone = try Machine("phone", understanding: small)
      #expect(try phone.sync(server).pulled > 60)
      for machine in [desk, laptop, phone] {
        #expect(try machine.paper(one)?.status == status && machine.library.problems() == [])
      }
      let dumps = try [desk, laptop].map { try $0.library.dump() }
      #expect(dumps[0] == dumps[1])
    }
  }

  /// A machine whose clock is wrong hurts itself: what others do is shown when they did it, and
  /// nobody else is said to have a wrong clock.
  @Test(arguments: [1, 40, 7_000] as [Int64])
  func aWrongClockHurtsItselfOnly(_ years: Int64) throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let (now, phone) = (1_770_000_000_000 as Int64, try Machine("phone"))
    for machine in [laptop, phone] { machine.setClock(now) }
    desk.setClock(now + years * 31_557_600_000)
    try desk.mark(one, .read)
    try desk.sync(server)
    let first = try laptop.sync(server)
    try laptop.mark(one, .reading)
    try laptop.note(one, "n00001", "mine")
    try laptop.sync(server)
    let second = try phone.sync(server)
    for report in [first, second] {
      let named = report.notices.compactMap {
        if case .clockAhead(let machine, _) = $0 { machine } else { nil }
      }
      #expect(named == ["desk"])
    }
    for machine in [laptop, phone] {
      let operations = try machine.library.read { try $0.operations() }
      let times = operations.filter { $0.machine == "laptop" && $0.what != "" }.map(\.time)
      #expect(times.allSatisfy { abs($0 - now) < 60_000 }, "\(times)")
      let paper = try #require(try machine.paper(one))
      #expect(paper.status == .reading)
      #expect(paper.notes.allSatisfy { abs($0.updated - now) < 60_000 })
      // Nothing of what holds was done by the wrong clock.
      #expect(abs(paper.updated - now) < 60_000)
    }
    // Undone in bulk, too, it is dated by the clock of who undid it.
    _ = try laptop.library.undo()
    let undo = try #require(try laptop.library.read { try $0.operations(limit: 1) }.first)
    #expect(abs(undo.time - now) < 60_000)
    let different = try differences([desk, laptop, phone], server)
    #expect(different == [], "\(different)")
  }

  // MARK: Size

  /// What no reader takes is not written.
  @Test func whatNobodyReadsIsNotWritten() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    // Six bytes each as JSON text.
    let text = String(repeating: "\u{0}", count: ChangeBounds.value / 6 + 1)
    #expect(throws: LibraryError.self) { try desk.note(one, "n00001", text) }
    try desk.mark(one, .read)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.status == .read)
  }

  // MARK: In another's name

  /// The laptop is shown what the desk sent torn, and a segment far away in the desk's name, which
  /// somebody else with the key wrote, that says to be where the log starts.
  private func passedOver() throws -> (SimServer, Machine, Machine) {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.mark(one, .read)
    try desk.sync(server)
    let sent = try desk.file("2")
    let bytes = server.files[sent]
    server.files[sent] = Array("PSHELF".utf8)
    let impostor = HostilePeer(server, try desk.library.read { try $0.device() }.bits)
    impostor.number = 999
    try impostor.send([], opening: Segment.Opening(log: 1_000, peers: []))
    #expect(try laptop.sync(server).problems == [])
    server.files[sent] = bytes
    try laptop.sync(server)
    #expect(try laptop.paper(one)?.status == .unread)
    return (server, desk, laptop)
  }

  @Test("Who finds that its log was said to start later sends all of it again")
  func startInTheNameOfAnother() throws {
    let (server, desk, laptop) = try passedOver()
    let notices = try desk.sync(server).notices
    #expect(notices.contains { if case .newIdentity = $0 { true } else { false } }, "\(notices)")
    try laptop.sync(server)
    #expect(try laptop.paper(one)?.status == .read)
    #expect(try differences([desk, laptop], server) == [])
  }

  @Test("Where that machine is gone a check tells what was passed over, and a repair reads it")
  func startInTheNameOfOneThatIsGone() throws {
    let (server, desk, laptop) = try passedOver()
    #expect(try laptop.engine(server).verify().unknown == 2)
    #expect(try laptop.engine(server).repair().pulled == 2)
    #expect(try laptop.paper(one)?.status == .read)
    #expect(try laptop.library.dump() == desk.library.dump())
    let found = try laptop.engine(server).verify()
    #expect(found.unknown == 0 && found.problems == [], "\(found)")
  }

  /// Whoever holds the key can give a stamp that another gave.
  @Test("What says otherwise under a known stamp is told, and changes nothing")
  func anotherChangeUnderAKnownStamp() throws {
    let server = SimServer()
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    try desk.mark(one, .read)
    try desk.sync(server)
    try laptop.sync(server)
    let status = try #require(
      try desk.library.changes(after: 0, limit: 100).map(\.change).last { $0.field == "status" })
    let liar = HostilePeer(server)
    try liar.send([
      Change(
        stamp: status.stamp, operation: status.operation, entity: status.entity, field: "status",
        value: "\"skipped\"")
    ])
    let (before, after) = (try laptop.library.dump(), RemoteLayout.segment(liar.device, 1).text)
    for machine in [desk, laptop] {
      let report = try machine.sync(server)
      #expect(
        report.problems
          == [.contradicted(after, of: liar.device.description, changes: 1)], "\(report)")
      #expect(try machine.library.dump() == before)
      #expect(
        try machine.engine(server).verify().problems.contains {
          if case .contradicted(after, _, 1) = $0 { true } else { false }
        })
    }
    // Who reads the lie first is told too, and so is everybody by a look at everything.
    let phone = try Machine("phone")
    #expect(
      try phone.sync(server).problems.contains {
        if case .contradicted = $0 { true } else { false }
      })
    #expect(
      try phone.engine(server).verify().problems.contains {
        if case .contradicted = $0 { true } else { false }
      })
  }
}
