import Foundation
import Testing

/// Data for programs, of verbs that tell about remotes; that each verb has it is told by
/// CommandTreeTests.
@Suite struct JSONEverywhereTests {
  /// What those verbs print that said it in words alone.
  @Test func remotesAndTheirUpkeep() throws {
    let home = try Sample.home()
    let folder = home.url.appendingPathComponent("stick").path
    let tried = try home.shelf("remote", "add", "stick", folder, "-n", "--json").object
    #expect(tried["name"] as? String == "stick" && tried["kept"] as? Bool == false)
    #expect(!FileManager.default.fileExists(atPath: folder))
    let added = try home.shelf("remote", "add", "stick", folder, "--json").object
    #expect(added["kept"] as? Bool == true && added["readsBack"] as? Bool == true, "\(added)")
    #expect(added["url"] as? String == folder && added["problem"] is NSNull)
    let tested = try home.shelf("remote", "test", "--json").array
    #expect(tested.first?["lists"] as? Bool == true && tested.count == 1)
    let before = try home.shelf("sync", "status", "--json").object
    #expect(before["synced"] is NSNull && (before["waiting"] as? Int ?? 0) > 0, "\(before)")
    let plan = try home.shelf("sync", "-n", "--json").object
    #expect((plan["wouldPush"] as? [[String: Any]])?.isEmpty == false, "\(plan)")
    _ = try home.shelf("sync")
    let after = try home.shelf("sync", "status", "stick", "--json").object
    #expect(after["synced"] is String && after["waiting"] as? Int == 0, "\(after)")
    #expect(try home.shelf("sync", "status").out.hasPrefix("stick  synced 20"))
    let verified = try home.shelf("sync", "verify", "--json").object
    #expect(verified["remote"] as? String == "stick" && verified["absent"] as? Int == 0)
    #expect((verified["changes"] as? Int ?? 0) > 0, "\(verified)")
    let repaired = try home.shelf("sync", "repair", "-n", "--json").object
    #expect(repaired["wouldSend"] as? Int == 0)
    #expect(try home.shelf("sync", "repair", "--json").object["pushed"] as? Int == 0)
    let machines = try home.shelf("sync", "devices", "--json").object["machines"]
    let mine = try #require((machines as? [[String: Any]])?.first)
    #expect(mine["mine"] as? Bool == true && mine["retired"] as? Bool == false)
    let rekeyed = try home.shelf("sync", "rekey", "stick", "--open", "-n", "--json").object
    #expect((rekeyed["wouldSend"] as? Int ?? 0) > 0)
    let forgotten = try home.shelf("remote", "remove", "stick", "--json").object
    #expect(forgotten["removed"] as? Bool == true)
    #expect(try home.shelf("remote", "list", "--json").out == "[]\n")
  }

  @Test func openPrintsAddresses() throws {
    let home = try Sample.home()
    let opened = try home.shelf("open", "00001", "00002", "--pdf", "--json").array
    #expect(opened.map { $0["id"] as? String } == ["2509.00001", "2509.00002"])
    #expect(opened[0]["url"] as? String == "https://arxiv.org/pdf/2509.00001")
  }
}
