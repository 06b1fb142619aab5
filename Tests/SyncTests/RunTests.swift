import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Changes so long that one takes several files.
@Suite struct RunTests {
  private let text = (0..<60).map { "\($0 &* 7919 % 997)" }.joined(separator: " ")

  private func pair(lists: Bool) throws -> (SimServer, Machine, Machine) {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    for machine in [desk, laptop] { machine.segmentSize = SegmentSize(text: 200, file: 16) }
    return (server, desk, laptop)
  }

  /// A machine alone that has sent so many files, and then a run of many.
  private func oneLongRun() throws -> (SimServer, Machine, sent: Int) {
    let (server, desk) = (SimServer(), try Machine("desk"))
    try desk.add(one)
    try desk.sync(server)
    desk.segmentSize = SegmentSize(text: 200, file: 16)
    let sent = try files(of: desk, server).count
    try desk.note(one, "n00001", text)
    try desk.sync(server)
    return (server, desk, sent)
  }

  private func files(of machine: Machine, _ server: SimServer) throws -> [RemoteName] {
    let device = try machine.library.read { try $0.device() }
    return server.files.keys.filter {
      $0.text.hasPrefix("\(device).") && !$0.text.hasSuffix("head")
    }
  }

  @Test("What is being written just now is no fault", arguments: [true, false])
  func amidWriting(lists: Bool) throws {
    var between = 0
    for at in 0..<60 {
      let (server, desk, laptop) = try pair(lists: lists)
      let phone = try Machine("phone")
      let before = try files(of: desk, server).count
      try desk.note(one, "n00001", text)
      var problems: [SyncProblem] = []
      server.interruption = (
        at,
        {
          do {
            let there = try files(of: desk, server).count - before
            if (1..<8).contains(there) { between += 1 }
            for machine in [laptop, phone] {
              problems += try machine.sync(server).problems
              problems += try machine.engine(server).verify().problems
            }
          } catch {
            Issue.record("\(error)")
          }
        }
      )
      try desk.sync(server)
      server.interruption = nil
      #expect(problems == [], "at request \(at)")
      #expect(try files(of: desk, server).count > before + 8)
      #expect(try differences([desk, laptop, phone], server) == [])
    }
    #expect(between > 8, "\(between)")
  }

  /// More files than are asked for in a sync.
  @Test("A long run that was passed over is read when it is whole", arguments: [true, false])
  func aLongRunIsMended(lists: Bool) throws {
    let (server, desk, laptop) = try pair(lists: lists)
    let sent = try files(of: desk, server).count
    try desk.note(one, "n00001", text)
    try desk.sync(server)
    try desk.mark(one, .read)
    try desk.sync(server)
    let first = try desk.file("\(sent + 1)")
    let bytes = try #require(server.files[first])
    server.files[first]?[bytes.count - 1] ^= 1
    #expect(try laptop.sync(server).problems != [])
    #expect(try laptop.paper(one)?.status == .read)
    server.files[first] = bytes
    for _ in 0..<3 { try laptop.sync(server) }
    #expect(try laptop.paper(one)?.notes.count == 1)
    #expect(try laptop.sync(server).problems == [])
    #expect(try laptop.library.dump() == desk.library.dump())
  }

  /// The others were whole, or not asked for.
  @Test(
    "A run of which somebody says to hold a part is read when it is whole",
    arguments: [true, false], [0...0, 1...40])
  func aPartIsCovered(lists: Bool, part: ClosedRange<UInt64>) throws {
    let (server, desk, laptop) = try pair(lists: lists)
    let first = UInt64(try files(of: desk, server).count + 1)
    try desk.note(one, "n00001", text)
    try desk.sync(server)
    let last = UInt64(try files(of: desk, server).count)
    try desk.mark(one, .read)
    try desk.sync(server)
    let name = try desk.file("\(first)")
    let bytes = try #require(server.files[name])
    server.files[name]?[bytes.count - 1] ^= 1
    let device = try desk.library.read { try $0.device() }
    let covered = first + part.lowerBound...min(last, first + part.upperBound)
    let other = HostilePeer(server)
    try other.send([], opening: Segment.Opening(log: 1, peers: [], covers: [device: [covered]]))
    if !lists {
      let list = try PeerList(try #require(server.files[RemoteLayout.peers]))
      server.files[RemoteLayout.peers] =
        PeerList(list.devices + [other.device], logs: list.logs, newest: list.newest).bytes
    }
    try laptop.sync(server)
    #expect(try laptop.paper(one)?.status == .read)
    server.files[name] = bytes
    for _ in 0..<3 { try laptop.sync(server) }
    #expect(try laptop.paper(one)?.notes.count == 1)
    #expect(try laptop.library.dump() == desk.library.dump())
    #expect(try laptop.sync(server).problems == [])
  }

  @Test("A repair stands for the whole of a run that is damaged")
  func aRepairStandsForTheWhole() throws {
    let (server, desk, laptop) = try pair(lists: true)
    let sent = try files(of: desk, server).count
    try desk.note(one, "n00001", text)
    try desk.sync(server)
    try laptop.sync(server)
    let first = try desk.file("\(sent + 1)")
    let bytes = try #require(server.files[first])
    server.files[first]?[bytes.count - 1] ^= 1
    _ = try laptop.engine(server).repair()
    let phone = try Machine("phone")
    #expect(try phone.sync(server).problems == [])
    #expect(try phone.paper(one)?.notes.count == 1)
    #expect(try phone.engine(server).verify().problems == [])
  }

  @Test("A run that was begun is read once, until there is more")
  func aRunThatWasBegun() throws {
    let (server, desk, laptop) = try pair(lists: true)
    try desk.note(one, "n00001", text)
    server.crashesAtAnswer = true
    server.crashAfter = 14
    #expect(throws: (any Error).self) { try desk.sync(server) }
    server.crashAfter = nil
    let there = try files(of: desk, server).count
    #expect(there > 5)
    for round in 0..<4 {
      let report = try laptop.sync(server)
      #expect(round == 0 ? report.requests > 1 : report.requests == 1, "\(report.requests)")
      #expect(report.problems == [])
    }
    // Also where another machine is what is new.
    let phone = try Machine("phone")
    try phone.add("2509.00002")
    try phone.sync(server)
    #expect(try laptop.sync(server).pulled > 0)
    #expect(try laptop.sync(server).requests == 1)
    // Some more of it, and then all.
    for at in 20..<60 where try files(of: desk, server).count == there {
      server.crashAfter = at
      #expect(throws: (any Error).self) { try desk.sync(server) }
    }
    server.crashAfter = nil
    #expect(try files(of: desk, server).count > there)
    #expect(try laptop.sync(server).requests > 1)
    #expect(try laptop.sync(server).requests == 1)
    try desk.sync(server)
    #expect(try laptop.sync(server).pulled > 0)
    #expect(try differences([desk, laptop, phone], server) == [])
    for machine in [desk, laptop, phone] { #expect(try machine.sync(server).requests == 1) }
  }

  /// A server lost a machine's files, and the machine died in sending them again.
  @Test(
    "The beginning of a run behind what is missing is read once, and told each time",
    arguments: [1, 3])
  func theBeginningBehindAGap(kept: Int) throws {
    let (server, desk, sent) = try oneLongRun()
    let whole = server.files
    let beginning = try (0..<kept).map { try desk.file("\(sent + 1 + $0)") }
    for file in try files(of: desk, server) + [desk.file("head")] where !beginning.contains(file) {
      server.files[file] = nil
    }
    let phone = try Machine("phone")
    let first = try phone.sync(server)
    #expect(first.requests > 1)
    let isGap = first.problems.map { if case .gap(_, _, missing: 1) = $0 { true } else { false } }
    #expect(isGap == [true], "\(first.problems)")
    for _ in 0..<3 {
      let report = try phone.sync(server)
      #expect(report.problems == first.problems)
      #expect(report.requests == 1)
    }
    // Who is asked to look everywhere does.
    #expect(try phone.engine(server).verify().problems.contains(first.problems[0]))
    for (name, bytes) in whole { server.files[name] = bytes }
    #expect(try phone.sync(server).problems == [])
    #expect(try differences([desk, phone], server) == [])
    #expect(try phone.paper(one)?.notes.count == 1)
  }

  /// What an answer says is older than the listing: the file is there, and will be shown as it was.
  @Test("A part that is shown and could not be read is asked for again", arguments: [false, true])
  func aPartThatIsShown(isBehindAGap: Bool) throws {
    var broken = 0
    for at in 1..<16 {
      let (server, desk, sent) = try oneLongRun()
      if isBehindAGap {
        for number in 1...sent { server.files[try desk.file("\(number)")] = nil }
        server.files[try desk.file("head")] = nil
      }
      let part = try desk.file("\(sent + 3)")
      let bytes = try #require(server.files[part])
      let phone = try Machine("phone")
      server.interruption = (at, { server.files[part] = nil })
      try phone.sync(server)
      server.interruption = nil
      server.files[part] = bytes
      if try phone.paper(one)?.notes.count != 1 { broken += 1 }
      try phone.sync(server)
      #expect(try phone.paper(one)?.notes.count == 1, "at request \(at)")
    }
    #expect(broken > 0)
  }

  /// Somebody with the key may begin runs under ever other ids.
  /// What is put together says from its first file on where the log starts now, and its machine may
  /// never send the rest: what it was put together from is needed until then.
  @Test("A log that was put together in part loses nothing to who had read it in part")
  func putTogetherInPart() throws {
    var inPart = 0
    for crash in 0..<80 {
      let (server, desk) = (SimServer(), try Machine("desk"))
      desk.segmentSize = SegmentSize(text: 200, file: 1024)
      try desk.add(one)
      for round in 0..<6 {
        try desk.tag(one, "tag number \(round)")
        try desk.sync(server)
      }
      let laptop = try Machine("laptop")
      let late = try desk.file("6")
      let kept = try #require(server.files[late])
      func syncWithoutIt() throws {
        server.files[late] = nil
        try laptop.sync(server)
        server.files[late] = kept
      }
      try syncWithoutIt()
      let before = try files(of: desk, server).count
      // A paper's row tells of its newest change, too.
      let said = Set(try desk.library.dump().filter { !$0.hasPrefix("paper ") })
      desk.compactAt = 2
      server.crashAfter = crash
      try desk.tag(one, "last")
      var isDead = false
      do { try desk.sync(server) } catch is TransportError { isDead = true }
      server.crashAfter = nil
      if isDead, try files(of: desk, server).count > before + 1 { inPart += 1 }
      // The desk is gone. What of its log is read meanwhile says where it starts.
      try syncWithoutIt()
      for _ in 0..<2 { try laptop.sync(server) }
      let lacking = said.subtracting(try laptop.library.dump())
      #expect(lacking == [], "request \(crash)")
      if !isDead { break }
    }
    #expect(inPart > 2, "\(inPart)")
  }

  /// What the rest of its run says is of no use without it, and stands in the log of who mended it.
  @Test("A lost file of a long run of a machine that is gone costs nobody who comes later anything")
  func aLostFileOfALongRun() throws {
    for lists in [true, false] {
      var lost = 1
      while true {
        let (server, desk, sent) = try oneLongRun()
        server.lists = lists
        let laptop = try Machine("laptop")
        try laptop.sync(server)
        let gone = try desk.file("\(sent + lost)")
        guard server.files.removeValue(forKey: gone) != nil else { break }
        _ = try laptop.engine(server).repair()
        let late = try Machine("late")
        for _ in 0..<4 { try late.sync(server) }
        let report = try late.sync(server)
        let title = "file \(lost) of the run, listed \(lists)"
        #expect(report.problems == [], "\(title)")
        #expect(try late.library.dump().count == desk.library.dump().count, "\(title)")
        // Not listed: the list of devices, and the next file of the two that have written. What a
        // listing shows is asked for again, eight files of a device and a run to its end.
        #expect(report.requests <= (lists ? 16 : 3), "\(title)")
        lost += 1
      }
      #expect(lost > 8)
    }
  }

  @Test("What was begun is remembered of those who are, and asked for again when all is")
  func whatWasBegunIsBounded() {
    var state = RemoteState()
    for id in 0..<10_000 {
      let device = DeviceID(bits: UInt64(id + 1))
      #expect(state.make(.meetInstead([device])) && state.make(.begun(device, 7)))
    }
    #expect(state.begun.count == 1 && state.peers.count == 1)
    #expect(state.make(.reread(DeviceID(bits: 10_000))) && state.begun.isEmpty)
  }
}
