import Foundation
import TestSupport
import Testing

/// Every story over every place, told with real processes. The matrix is printed when the run ends.
///
/// `bash Tests/matrix.sh [PLACE [STORY]]` runs them with the optimized `shelf`, as CI does, in a
/// third of the time; `PAPERSHELF_PLACE` and `PAPERSHELF_STORY` choose the places and stories whose
/// names hold the words given.
@Suite struct ServerMatrixTests {
  private static let stories =
    Scenario.core + Scenario.more + Scenario.sealed + Scenario.crowds + [.realDigests]

  @Test("Every story", arguments: PlaceKind.all)
  func stories(_ kind: PlaceKind) throws { try tell(Self.stories, kind) }

  private func tell(_ scenarios: [Scenario], _ kind: PlaceKind) throws {
    let scenarios = scenarios.filter { Chosen.holds("PAPERSHELF_STORY", $0.name) }
    guard !scenarios.isEmpty, Chosen.holds("PAPERSHELF_PLACE", "\(kind)") else { return }
    guard kind.isInstalled else {
      for scenario in scenarios { Matrix.set(scenario.name, kind, .skipped) }
      try Test.cancel("\(kind) is not installed")
    }
    let place = try MeetingPlace(kind)
    for scenario in scenarios {
      let start = ContinuousClock.now
      defer { Matrix.add(scenario.name, kind, ContinuousClock.now - start) }
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
