import Foundation
import TestSupport
import Testing
import Transport

/// What sync costs on the wire, counted by the server.
@Suite(.serialized) struct WireCostTests {
  @Test("Nothing new: no write, one request where the server lists", arguments: [true, false])
  func quiet(lists: Bool) throws {
    let wire = try Wire(lists: lists)
    defer { wire.server.stop() }
    let machines = try ["desk", "laptop", "phone"].map { try Machine($0) }
    try machines[0].imports(OwnDigest())
    for machine in machines { try wire.add(to: machine) }
    try machines[1].does("add", "2510.00001", "--title", "From the laptop")
    for _ in 0..<4 { for machine in machines { try machine.syncs() } }
    for machine in machines {
      let before = wire.server.requests.count
      #expect(try machine.syncs().isQuiet)
      let made = wire.server.requests.dropFirst(before)
      #expect(
        made.count <= (lists ? 1 : machines.count), "\(made.map { $0.method + " " + $0.path })")
      #expect(made.allSatisfy { $0.method == "GET" || $0.method == "PROPFIND" })
      #expect(made.allSatisfy { $0.body.isSmall })
    }
    _ = try Settling.compare(machines)
  }

  @Test("A hundred edits: six requests more, ten kilobytes", arguments: [true, false])
  func hundredEdits(lists: Bool) throws {
    let wire = try Wire(lists: lists)
    defer { wire.server.stop() }
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.imports(OwnDigest(count: 100))
    for machine in [desk, laptop] { try wire.add(to: machine) }
    for _ in 0..<3 { for machine in [desk, laptop] { try machine.syncs() } }
    let quiet = try wire.counted { _ = try desk.syncs() }.count
    for id in OwnDigest(count: 100).ids { try desk.does("tag", "add", "kv", id) }
    let made = try wire.counted { _ = try desk.syncs() }
    let sent = made.filter { $0.method == "PUT" }.reduce(0) { $0 + $1.body.count }
    print("100 tag edits, lists \(lists): \(made.count) requests (quiet \(quiet)), \(sent) bytes")
    #expect(made.count <= quiet + 6, "\(made.map { $0.method + " " + $0.path })")
    #expect(sent <= 10_000)
    try laptop.syncs()
    let tags = try laptop.papers().values.map(\.tags)
    #expect(tags.allSatisfy { $0 == ["kv"] })
  }

  @Test(
    "The first sync of the real digests sends 1.1 × gzip -6 of the same changes",
    .enabled(if: PackageRoot.digests != nil))
  func firstSync() throws {
    let wire = try Wire(lists: true)
    defer { wire.server.stop() }
    let desk = try Machine("desk")
    _ = try desk.shelf.run("import", try #require(PackageRoot.digests).path)
    try wire.add(to: desk)
    try desk.syncs()
    let sent = wire.server.requests.filter { $0.method == "PUT" }.reduce(0) { $0 + $1.body.count }
    let folder = try TemporaryFolder()
    for (path, bytes) in wire.server.files {
      let name = path.split(separator: "/").last.map(String.init) ?? ""
      try Data(bytes).write(to: URL(fileURLWithPath: folder.path + "/" + name))
    }
    let lines = folder.path + "/changes.jsonl"
    #expect(try RemoteReader.papers(of: folder.path) == desk.exportedLines())
    try Data(RemoteReader.changes(of: folder.path).utf8).write(to: URL(fileURLWithPath: lines))
    try Shell.run(["gzip", "-6", lines])
    let zipped = try Data(contentsOf: URL(fileURLWithPath: lines + ".gz")).count
    print("first sync of the real digests: \(sent) bytes sent, gzip -6 \(zipped)")
    #expect(zipped > 100_000)
    #expect(Double(sent) <= 1.1 * Double(zipped))
  }

  @Test("A second machine's first sync of 5,000 papers against curl and an import, printed only")
  func secondMachine() throws {
    let kind = PlaceKind.server(.apacheBasic)
    guard kind.isInstalled else { try Test.cancel("\(kind) is not installed") }
    let corpus = try TemporaryFolder()
    let script = PackageRoot.url.appendingPathComponent("Tests/Benchmark/corpus.py").path
    try Shell.run(["python3", script, "5000", corpus.path])
    let place = try MeetingPlace(kind)
    let spot = try place.spot("corpus")
    let (desk, laptop, floor) = (try Machine("desk"), try Machine("laptop"), try Machine("floor"))
    try desk.does("import", corpus.path + "/digests")
    try desk.adds("home", spot)
    try laptop.adds("home", spot)
    try desk.syncs()
    let sync = try seconds { _ = try laptop.syncs() }
    let names = try spot.files().keys.sorted()
    let fetch = try seconds {
      _ = try Shell.run(
        ["curl", "-sf", "-u", "ada:sesame", "--remote-name-all", "--output-dir", corpus.path]
          + names.map { spot.profile.url + "/" + $0 })
    }
    let local = try seconds { _ = try floor.does("import", corpus.path + "/digests") }
    print(
      "second machine, 5,000 papers: sync \(sync) s, curl \(fetch) s + import "
        + "\(local) s, ratio \(sync / (fetch + local))")
    #expect(try laptop.papers().count == 5000)
  }

  private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let time = try ContinuousClock().measure(body)
    return Double(time.components.seconds) + Double(time.components.attoseconds) / 1e18
  }
}

/// A polite server that counts.
private struct Wire {
  let server: HostileServer
  private let prefix: String

  init(lists: Bool) throws {
    guard let server = HostileServer() else { throw Unexpected("no socket") }
    if !lists { server.forgetWebDAV() }
    self.server = server
    prefix = lists ? "" : "http-put+"
  }

  func add(to machine: Machine) throws {
    try machine.does("remote", "add", "home", prefix + server.url())
  }

  func counted(_ body: () throws -> Void) rethrows -> [RecordedRequest] {
    let before = server.requests.count
    try body()
    return Array(server.requests.dropFirst(before))
  }
}

extension [UInt8] {
  /// No more than the question of a PROPFIND.
  fileprivate var isSmall: Bool { count < 1000 }
}
