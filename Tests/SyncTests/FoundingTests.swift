import TestSupport
import Testing
import Transport

@testable import Sync

/// Machines that set one folder up at the same moment: whoever's header lasts, all go on under it.
@Suite struct FoundingTests {
  @Test("The header changes before any request of a machine that joins", arguments: 1...24)
  func headerChangesWhileJoining(request: Int) throws {
    let (server, other) = (SimServer(), SimServer())
    let names = ["desk", "laptop", "phone"]
    let machines = try names.map { try Machine($0) }
    for (index, machine) in machines.enumerated() { try machine.add("2509.0000\(index)") }
    try machines[0].sync(server)
    // The phone founded too, and its header comes last; its segments never came.
    try machines[2].sync(other)
    let header = try #require(other.files[RemoteLayout.header])
    server.interruption = (request, { server.files[RemoteLayout.header] = header })
    try machines[1].sync(server)
    server.interruption = nil
    server.files[RemoteLayout.header] = header
    let rest = [machines[1], machines[0]]
    #expect(try differences(rest, server) == [])
    #expect(try rest[0].paper("2509.00000") != nil)
    #expect(try rest[1].paper("2509.00001") != nil)
  }
}
