import TestSupport
import Testing
import TransportContract

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
    try FolderContract.check(RemoteFolders.open(empty, pace: pace), kind.abilities)
  }

  @Test("Parallel answers are not swapped when a server falls back from HTTP/2 in the middle")
  func parallelAnswersStayApart() throws {
    let kind = RealServerKind.apacheClientCertificate
    guard kind.isInstalled else { try Test.cancel("\(kind) is not installed") }
    let server = try RealServer(kind)
    let names = try (0..<12).map { try FolderContract.name("dev.\($0)") }
    for round in 0..<8 {
      // A new session each time: the mix-up came while the first connections fell back.
      let folder = try RemoteFolders.open(server.profile, pace: TestPace().pace)
      if round == 0 { for name in names { try folder.write(name, Array(name.text.utf8)) } }
      let answers = folder.read(names, limit: 100)
      for (name, answer) in zip(names, answers) {
        #expect(try answer.get() == .found(Array(name.text.utf8)))
      }
    }
  }

  private static func words(_ found: Capabilities) -> String {
    let flags = [
      ("writes", found.writes), ("reads back", found.readsBack), ("lists", found.lists),
      ("deletes", found.deletes), ("keeps ETags", found.keepsETags),
    ]
    return flags.map { "\($0.1 ? "" : "NOT ")\($0.0)" }.joined(separator: ", ")
      + ", \(found.kind.name), \(found.server ?? "-"), \(found.trouble?.detail ?? "no trouble")"
  }
}
