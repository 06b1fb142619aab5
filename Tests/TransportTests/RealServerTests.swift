import TestSupport
import Testing

@testable import Transport

/// The contract and the probe over real servers on loopback. Tests/servers/install.sh puts them
/// there; one that is not installed shows as cancelled.
@Suite struct RealServerTests {
  @Test(arguments: RealServerKind.allCases)
  func contract(_ kind: RealServerKind) throws {
    guard kind.isInstalled else { try Test.cancel("\(kind) is not installed") }
    let server = try RealServer(kind)
    let pace = TestPace().pace
    let found = RemoteFolders.probe(server.profile, pace: pace)
    print("probe \(kind): \(Self.words(found))")
    #expect(found.reachable && found.authenticated && found.writes && found.readsBack)
    #expect(found.lists == kind.abilities.lists)
    #expect(found.deletes == kind.abilities.deletes)
    var empty = server.profile
    empty.url = empty.url.replacing("/shelf", with: "/other")
    if kind == .barePython { empty.url = server.profile.url }
    try FolderContract.check(RemoteFolders.open(empty, pace: pace), kind.abilities)
  }

  private static func words(_ found: Capabilities) -> String {
    let flags = [
      ("writes", found.writes), ("reads back", found.readsBack), ("lists", found.lists),
      ("deletes", found.deletes), ("keeps ETags", found.keepsETags),
    ]
    return flags.map { "\($0.1 ? "" : "NOT ")\($0.0)" }.joined(separator: ", ")
      + ", \(found.kind.rawValue), \(found.server ?? "-"), \(found.trouble?.detail ?? "no trouble")"
  }
}
