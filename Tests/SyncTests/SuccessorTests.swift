import Changes
import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// Whoever goes on under another id says what became of the old one; copies bear names of their own.
@Suite struct SuccessorTests {
  private func id(_ machine: Machine) throws -> DeviceID {
    try machine.library.read { try $0.device() }
  }

  private func retired(_ machine: Machine) throws -> Set<DeviceID> {
    try machine.library.read { try $0.retiredDevices() }
  }

  private func names(_ machine: Machine) throws -> [DeviceID: String] {
    try machine.library.read { try $0.machineNames() }
  }

  /// A copy of a machine's home beside it.
  private func copy(of machine: Machine, seed: UInt64) throws -> Machine {
    let copy = try Machine(machine.name, seed: seed)
    copy.library = try Library(inMemory: copy.surroundings, copying: machine.library)
    copy.identity = "\(machine.identity), \(seed)"
    return copy
  }

  @Test("After a backup was restored nobody waits for what it was", arguments: [true, false])
  func restoredBackup(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    laptop.compactAt = 4
    let backup = try desk.backup()
    try desk.mark(one, .read)
    try desk.sync(server)
    let was = try id(desk)
    try desk.restore(backup)
    try desk.tag(one, "after")
    let report = try desk.sync(server)
    let now = try id(desk)
    #expect(report.notices == [.newIdentity(was: was, now: now)])
    #expect(try differences([desk, laptop], server) == [])
    for machine in [desk, laptop] {
      #expect(try retired(machine) == [was])
      #expect(try names(machine)[now] == "desk")
    }
    #expect(try laptop.engine(server).machine(called: "desk") == now)
    // What the laptop puts together goes as soon as the desk has it.
    let first = RemoteLayout.segment(try id(laptop), 1)
    for edit in 0..<9 {
      try laptop.tag(one, "t\(edit)")
      try laptop.sync(server)
      try desk.sync(server)
    }
    #expect(server.files[first] == nil)
    // Nothing of it is the person's to undo.
    #expect(try desk.library.undo().map(\.what) == ["tag after"])
    #expect(try retired(desk) == [was])
    #expect(try differences([desk, laptop], server) == [])
    #expect(try desk.paper(one)?.status == .read)
  }

  @Test("A copied home lives beside the original, by another name", arguments: [true, false])
  func copiedHome(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let original = try id(desk)
    let second = try copy(of: desk, seed: 2)
    try second.sync(server)
    // It has not done anything yet: its head tells its name.
    try laptop.sync(server)
    let seen = try laptop.engine(server).devices().map(\.name)
    #expect(seen.sorted() == ["desk", "desk 2", "laptop"])
    try second.tag(one, "second")
    #expect(try differences([desk, laptop, second], server) == [])
    let third = try copy(of: second, seed: 3)
    try third.sync(server)
    try third.tag(one, "third")
    try desk.tag(one, "first")
    let all = [desk, laptop, second, third]
    #expect(try differences(all, server) == [])
    for machine in all {
      #expect(try retired(machine) == [])
      let names = try names(machine)
      let copies = [try id(second), try id(third)].map { names[$0] }
      #expect(names[original] == "desk" && copies == ["desk 2", "desk 3"], "\(names)")
    }
    // Each one keeps its name.
    for machine in all { try machine.tag(one, "again") }
    #expect(try differences(all, server) == [])
    #expect(try names(laptop).values.sorted() == ["desk", "desk 2", "desk 3", "laptop"])
    let found = try laptop.engine(server).machine(called: "desk 2")
    #expect(try found == id(second))
  }

  /// Two that look the same: who notices takes the other one for what it was itself.
  @Test("A machine that lives takes back that it is gone", arguments: [true, false])
  func twin(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try Machine.pair(sharing: one, server)
    let original = try id(desk)
    let twin = try copy(of: desk, seed: 2)
    twin.identity = desk.identity
    try desk.tag(one, "desk")
    try desk.sync(server)
    try twin.tag(one, "twin")
    try twin.sync(server)
    #expect(try retired(twin) == [original])
    try laptop.sync(server)
    #expect(try retired(laptop) == [original])
    #expect(try desk.sync(server).pushed > 0)
    #expect(try retired(desk) == [])
    #expect(try differences([desk, laptop, twin], server) == [])
    for machine in [desk, laptop, twin] { #expect(try retired(machine) == []) }
    #expect(try id(desk) == original)
    // What a person says of a machine stands.
    let engine = try laptop.engine(server)
    try engine.retire(original, called: "desk")
    #expect(try differences([desk, laptop, twin], server) == [])
    try desk.tag(one, "back")
    #expect(try differences([desk, laptop, twin], server) == [])
    for machine in [desk, laptop, twin] { #expect(try retired(machine) == [original]) }
  }
}
