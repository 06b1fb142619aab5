import Changes
import Papers
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

@Suite struct StoryTests {
  @Test func twoMachinesShareAList() throws {
    let server = SimServer()
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.add("2509.00001", title: "One")
    try desk.tag("2509.00001", "kv")
    let first = try desk.sync(server)
    #expect(first.pushed > 0 && first.problems == [] && first.notices == [.founded])
    let second = try laptop.sync(server)
    #expect(second.pulled == first.pushed && second.problems == [])
    #expect(try laptop.paper("2509.00001")?.tags == [Tag(trusted: "kv")])
    try laptop.mark("2509.00001", .read)
    try laptop.sync(server)
    try desk.sync(server)
    #expect(try desk.paper("2509.00001")?.status == .read)
    #expect(try differences([desk, laptop], server) == [])
  }
}
