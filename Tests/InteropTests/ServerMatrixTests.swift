import Foundation
import TestSupport
import Testing

/// Stories told with real processes over real servers. The matrix is printed when the run ends.
///
/// What a person does is told over every server in each run, the rest over a folder, Apache and a
/// server that cannot list; over all of them too with `PAPERSHELF_MATRIX=all swift test --filter
/// ServerMatrixTests`, which takes a quarter of an hour. `PAPERSHELF_STORY` and `PAPERSHELF_PLACE` choose
/// the stories and places whose names hold the words given.
@Suite struct ServerMatrixTests {
  @Test("What a person does, over every server", arguments: PlaceKind.all)
  func core(_ kind: PlaceKind) throws { try tell(Scenario.core, kind) }

  @Test("What goes wrong around it", arguments: PlaceKind.thorough)
  func more(_ kind: PlaceKind) throws { try tell(Scenario.more, kind) }

  @Test("Passphrases", arguments: PlaceKind.thorough)
  func sealed(_ kind: PlaceKind) throws { try tell(Scenario.sealed, kind) }

  @Test(
    "Processes that die or meet",
    arguments: PlaceKind.thorough.filter { $0 != .server(.nginxPut) || PlaceKind.isAll })
  func crowds(_ kind: PlaceKind) throws { try tell(Scenario.crowds, kind) }

  @Test(
    "The real digests", .enabled(if: PackageRoot.digests != nil),
    arguments: PlaceKind.thorough.filter { $0 != .server(.nginxPut) || PlaceKind.isAll })
  func realDigests(_ kind: PlaceKind) throws { try tell([.realDigests], kind) }

  private func tell(_ scenarios: [Scenario], _ kind: PlaceKind) throws {
    let scenarios = scenarios.filter { Chosen.holds("PAPERSHELF_STORY", $0.name) }
    guard !scenarios.isEmpty, Chosen.holds("PAPERSHELF_PLACE", "\(kind)") else { return }
    guard kind.isInstalled else {
      for scenario in scenarios { Matrix.set(scenario.name, kind, .skipped) }
      try Test.cancel("\(kind) is not installed")
    }
    let place = try MeetingPlace(kind)
    for scenario in scenarios {
      do {
        try scenario.tell(place)
        Matrix.set(scenario.name, kind, .good)
      } catch let skipped as Skipped {
        Matrix.set(scenario.name, kind, .skipped)
        print("skipped: \(scenario.name) over \(kind): \(skipped.why)")
      } catch {
        Matrix.set(scenario.name, kind, .bad)
        Issue.record("\(scenario.name) over \(kind): \(error)")
      }
    }
  }
}

/// What a variable of the environment chooses; everything where it is not set.
private enum Chosen {
  static func holds(_ variable: String, _ name: String) -> Bool {
    ProcessInfo.processInfo.environment[variable].map { name.contains($0) } ?? true
  }
}

extension Scenario {
  static let realDigests = Scenario("the real digests") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    guard let digests = PackageRoot.digests else { throw Skipped(why: "no digests here") }
    let imported = try desk.shelf.run("import", digests.path)
    try check([0, 2].contains(imported.status), "import: \(imported.errors.suffix(300))")
    try desk.does("tag", "add", "kv", "title:KV")
    try desk.adds("home", spot)
    try desk.syncs()
    try laptop.adds("home", spot)
    try laptop.syncs()
    try Settling.settle([desk, laptop], spot)
    let count = try laptop.papers().count
    try check(count > 500, "papers: \(count)")
  }
}
