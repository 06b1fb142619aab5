import Changes
import Foundation
import Papers
import Sealing
import Simulator
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

/// The header belongs to the key: what a server makes of it moves nobody.
@Suite struct HeaderTests {
  private func machine(_ name: String, _ passphrase: String? = "pass") throws -> Machine {
    let machine = try Machine(name)
    machine.passphrase = passphrase.map { Array($0.utf8) }
    return machine
  }

  private func pair(
    _ server: SimServer, _ passphrase: String? = "pass"
  ) throws -> (desk: Machine, laptop: Machine) {
    let (desk, laptop) = (try machine("desk", passphrase), try machine("laptop", passphrase))
    try desk.add(one)
    try laptop.tag(one, "laptop")
    #expect(try differences([desk, laptop], server) == [])
    return (desk, laptop)
  }

  /// Nobody has sent anything yet: nothing but the header itself tells whose folder it is.
  @Test(
    "A header of which a bit flipped is put back by whoever knows it", arguments: ["pass", nil])
  func aBitThatFlipped(_ passphrase: String?) throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", passphrase), try machine("laptop", passphrase))
    for machine in [desk, laptop] { try machine.sync(server) }
    let whole = try #require(server.files[RemoteLayout.header])
    for index in stride(from: 0, to: whole.count, by: 5) {
      server.files[RemoteLayout.header]?[index] ^= 1 << UInt8(index % 7)
      try laptop.tag(one, "t\(index)")
      try laptop.sync(server)
      #expect(server.files[RemoteLayout.header] == whole, "byte \(index)")
    }
  }

  /// The header with other fields, its sum set right: what anybody can make of it.
  private func forged(
    _ server: SimServer, _ changes: [(String, String)], proven: Bool = true
  ) throws -> [UInt8] {
    var text = String(decoding: try #require(server.files[RemoteLayout.header]), as: UTF8.self)
    for (old, new) in changes { text = text.replacing(old, with: new) }
    func value(_ key: String) -> String {
      guard let range = text.firstRange(of: "\"\(key)\":") else { return "" }
      let rest = text[range.upperBound...].drop { $0 == "\"" }
      return String(rest.prefix { $0 != "\"" && $0 != "," && $0 != "}" })
    }
    func number(_ key: String) -> String { value(key).isEmpty ? "0" : value(key) }
    let parts = [
      "papershelf", "1", value("library"), value("generation"), value("cipher"), number("n"),
      number("r"), number("p"), value("salt"), value("check"),
    ]
    let sum = Hex.text(SealedFile.hash(Array(parts.joined(separator: "|").utf8)))
    text = text.replacing(value("sum"), with: sum)
    if !proven { text = text.replacing(",\"proof\":\"\(value("proof"))\"", with: "") }
    return Array(text.utf8)
  }

  /// A folder of a build before.
  private func makeUnproven(_ server: SimServer) throws {
    let header = try RemoteHeader(
      library: 7, cipher: .aesGCM, passphrase: Array("pass".utf8),
      derivation: .init(n: 1 << 14, r: 8, p: 1, salt: [UInt8](repeating: 9, count: 16)))
    server.files[RemoteLayout.header] = header.bytes
    server.files[RemoteLayout.header] = try forged(server, [], proven: false)
  }

  private static let changes: [String: [(String, String)]] = [
    "a later generation": [("\"generation\":1", "\"generation\":2")],
    "one far ahead": [("\"generation\":1", "\"generation\":1099511627776")],
    "another cipher": [("aes-256-gcm", "chacha20-poly1305")],
    "no proof": [],
  ]

  @Test(
    "What a server makes of the header moves nobody", arguments: changes.keys.sorted(),
    [true, false])
  func forging(_ name: String, isProven: Bool) throws {
    let server = SimServer()
    if !isProven {
      try makeUnproven(server)
    }
    let (desk, laptop) = try pair(server)
    let changes = try #require(Self.changes[name])
    let whole = try #require(server.files[RemoteLayout.header])
    let forged = try forged(server, changes, proven: isProven && name != "no proof")
    server.files[RemoteLayout.header] = forged
    try laptop.tag(one, "t")
    let report = try laptop.sync(server)
    // Nothing is sent again, and the header that was there is there.
    #expect(report.pushed <= 2 && report.notices == [], "\(report)")
    #expect(server.files[RemoteLayout.header] == whole)
    #expect(try differences([desk, laptop, try machine("phone")], server) == [])
  }

  /// A library of its own has a salt of its own. Before, everybody sent everything each time.
  @Test func aLibraryThatAServerInvented() throws {
    let server = SimServer()
    let (desk, laptop) = try pair(server)
    let whole = try #require(server.files[RemoteLayout.header])
    let library = String(format: "%016llx", try RemoteHeader(whole).library)
    for round in 0..<4 {
      // Another one altogether, and one that differs in a bit.
      let other = round.isMultiple(of: 2) ? "00000000000000a\(round)" : library.dropLast() + "0"
      guard other != library else { continue }
      let changes = [("\"library\":\"\(library)\"", "\"library\":\"\(other)\"")]
      server.files[RemoteLayout.header] = try forged(server, changes, proven: false)
      #expect(server.files[RemoteLayout.header] != whole)
      let found = try laptop.engine(server).verify()
      #expect(found.problems == [.hint(file: "papershelf", machine: nil, .forged)])
      for machine in [laptop, desk] {
        try machine.tag(one, "t\(round)-\(machine.name)")
        let report = try machine.sync(server)
        #expect(report.pushed <= 2 && report.notices == [] && report.problems == [], "\(report)")
        #expect(server.files[RemoteLayout.header] == whole)
      }
    }
    #expect(try differences([desk, laptop, try machine("phone")], server) == [])
  }

  /// Who joins has nothing to compare with, and an older folder proves nothing.
  @Test func aGenerationThatWasALieWhenWeJoined() throws {
    let server = SimServer()
    try makeUnproven(server)
    let (desk, laptop) = (try machine("desk"), try machine("laptop"))
    try desk.add(one)
    try desk.sync(server)
    let raised = [("\"generation\":1", "\"generation\":1001")]
    let forged = try forged(server, raised, proven: false)
    let whole = server.files[RemoteLayout.header]
    server.files[RemoteLayout.header] = forged
    try laptop.sync(server)
    server.files[RemoteLayout.header] = whole
    _ = try desk.engine(server).rekey(Array("new".utf8))
    desk.passphrase = Array("new".utf8)
    let sealed = server.files[RemoteLayout.header]
    try laptop.tag(one, "t")
    #expect(throws: SyncError.passphraseChanged(isRace: false)) { try laptop.sync(server) }
    laptop.passphrase = desk.passphrase
    #expect(try differences([desk, laptop], server) == [])
    #expect(server.files[RemoteLayout.header] == sealed)
  }

  /// Without the rule a server makes everybody send everything again, each time it likes.
  @Test(arguments: [[], [AbsentRule.headerUnproven]])
  func aServerThatRaisesTheGeneration(_ weaknesses: [AbsentRule]) throws {
    let server = SimServer()
    try makeUnproven(server)
    let (desk, _) = try pair(server)
    desk.weaknesses = Set(weaknesses)
    var pushed = 0
    for round in 0..<3 {
      let text = String(decoding: try #require(server.files[RemoteLayout.header]), as: UTF8.self)
      let generation = try RemoteHeader(Array(text.utf8)).generation
      server.files[RemoteLayout.header] = try forged(
        server, [("\"generation\":\(generation)", "\"generation\":\(generation + 1)")],
        proven: false)
      try desk.tag(one, "t\(round)")
      pushed += try desk.sync(server).pushed
    }
    #expect((pushed == 6) == weaknesses.isEmpty, "\(pushed)")
  }

  /// In clear a server can raise the generation, at most to where a seal can still be put on.
  @Test func noHeaderIsWrittenThatNobodyReads() throws {
    let server = SimServer()
    let (desk, laptop) = try pair(server, nil)
    server.files[RemoteLayout.header] = try forged(
      server, [("\"generation\":1", "\"generation\":\(RemoteHeader.lastUnprovenGeneration)")])
    let header = server.files[RemoteLayout.header]
    try desk.tag(one, "t")
    #expect(try desk.sync(server).pushed == 2)
    #expect(throws: SyncError.header(.forged)) { try desk.engine(server).rekey(nil) }
    #expect(server.files[RemoteLayout.header] == header)
    _ = try desk.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    #expect(try differences([desk, laptop], server) == [])
  }

  @Test("Every field is proved to a newcomer", arguments: changes.keys.sorted())
  func newcomers(_ name: String) throws {
    let server = SimServer()
    _ = try pair(server)
    let changes = try #require(Self.changes[name])
    guard !changes.isEmpty else { return }
    server.files[RemoteLayout.header] = try forged(server, changes)
    let before = server.files
    let phone = try machine("phone")
    try phone.add("2509.00002")
    #expect(throws: SyncError.self) { try phone.sync(server) }
    #expect(server.files == before)
  }

  @Test("Another spelling of the header is a damaged one")
  func spelling() throws {
    let server = SimServer()
    let (desk, laptop) = try pair(server, nil)
    let whole = try #require(server.files[RemoteLayout.header])
    let text = String(decoding: whole, as: UTF8.self)
    for other in [text.replacing(":", with: ": "), text.replacing("\"sum\"", with: " \"sum\"")] {
      server.files[RemoteLayout.header] = Array(other.utf8)
      try laptop.tag(one, "t\(other.count)")
      #expect(try laptop.sync(server).notices == [])
      #expect(server.files[RemoteLayout.header] == whole)
    }
    #expect(try differences([desk, laptop], server) == [])
  }

  /// Whoever met it in one spelling would put it back, for ever.
  @Test(
    "Where a later build says more in the header, nobody writes it by turns",
    arguments: ["pass", nil])
  func moreThanIsKnown(_ passphrase: String?) throws {
    let server = SimServer()
    let desk = try machine("desk", passphrase)
    try desk.add(one)
    try desk.sync(server)
    let text = String(decoding: try #require(server.files[RemoteLayout.header]), as: UTF8.self)
    for other in ["one", "two", "onf"] {
      let more = Array((text.dropLast(2) + ",\"later\":\"\(other)\"}\n").utf8)
      server.files[RemoteLayout.header] = more
      let laptop = try machine(other, passphrase)
      try laptop.tag(one, other)
      #expect(try differences([desk, laptop], server) == [])
      #expect(server.files[RemoteLayout.header] == more, "\(other)")
    }
  }

  /// A bit in the name of the proof made it a header of an earlier build, which proves nothing.
  @Test func whoMeetsADamagedProof() throws {
    let server = SimServer()
    let (desk, laptop) = try pair(server)
    _ = try desk.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    let whole = try #require(server.files[RemoteLayout.header])
    let damaged = String(decoding: whole, as: UTF8.self).replacing("\"proof\"", with: "\"Proof\"")
    server.files[RemoteLayout.header] = Array(damaged.utf8)
    let phone = try machine("phone", "new")
    #expect(throws: SyncError.header(.damaged)) { try phone.sync(server) }
    // Who knows it puts it back when it sends something.
    try desk.tag(one, "desk")
    #expect(try differences([desk, laptop, phone], server) == [])
    #expect(server.files[RemoteLayout.header] == whole)
  }

  /// A folder sealed by a build before is used as before by all, and proven from its next
  /// passphrase on.
  @Test func anOlderFolder() throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk"), try machine("laptop"))
    let salt = [UInt8](repeating: 9, count: 16)
    let header = try RemoteHeader(
      library: 7, cipher: .aesGCM, passphrase: Array("pass".utf8),
      derivation: .init(n: 1 << 14, r: 8, p: 1, salt: salt))
    server.files[RemoteLayout.header] = header.bytes
    server.files[RemoteLayout.header] = try forged(server, [], proven: false)
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try !RemoteHeader(try #require(server.files[RemoteLayout.header])).isProven)
    _ = try desk.engine(server).rekey(Array("new".utf8))
    #expect(try RemoteHeader(try #require(server.files[RemoteLayout.header])).isProven)
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    #expect(try differences([desk, laptop, try machine("phone", "new")], server) == [])
  }

  @Test(
    "An honest change of the passphrase loses nothing, and says nothing of it",
    arguments: [true, false])
  func honestRekey(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try pair(server)
    for round in 0..<3 {
      let new = "pass \(round)"
      _ = try desk.engine(server).rekey(Array(new.utf8))
      #expect(throws: SyncError.passphraseChanged(isRace: false)) {
        try laptop.tag(one, "t\(round)")
        try laptop.sync(server)
      }
      for machine in [desk, laptop] { machine.passphrase = Array(new.utf8) }
      var notices: [SyncNotice] = []
      for _ in 0..<3 {
        for machine in [laptop, desk] { notices += try machine.sync(server).notices }
      }
      let phone = try machine("phone\(round)", new)
      notices += try phone.sync(server).notices
      notices += try desk.engine(server).repair().notices
      #expect(Set(notices).isSubset(of: [.rekeyed]), "\(notices)")
      #expect(try differences([desk, laptop, phone], server) == [])
    }
  }

  /// Nor where nobody was waited for, where a machine is not told for long, and of a newcomer.
  @Test("An honest change of the passphrase that not all have heard of", arguments: [true, false])
  func aRekeyNotAllHaveHeardOf(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try pair(server)
    let gone = try machine("gone", "pass")
    try gone.tag(one, "gone")
    #expect(try differences([desk, laptop, gone], server) == [])
    try desk.engine(server).retire(laptop.library.read { try $0.device() }, called: "laptop")
    _ = try desk.engine(server).rekey(Array("new".utf8))
    desk.passphrase = Array("new".utf8)
    let phone = try machine("phone", "new")
    var notices: [SyncNotice] = []
    var problems: [SyncProblem] = []
    for machine in [phone, laptop, phone, desk, laptop, desk, phone] {
      machine.passphrase = Array("new".utf8)
      let report = try machine.sync(server)
      notices += report.notices
      problems += report.problems
    }
    #expect(Set(notices).isSubset(of: [.rekeyed]), "\(notices)")
    #expect(!problems.isEmpty && problems.allSatisfy(\.isOfKey), "\(problems)")
    #expect(try differences([desk, laptop, phone], server) == [])
  }

  /// It writes its log anew just while that is looked for, and removes what was there.
  @Test("Who hears of another passphrase while another looks", arguments: 1...20, [true, false])
  func rekeyedBetweenTwoRequests(request: Int, lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try pair(server)
    _ = try laptop.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    // A newcomer by another name, as after a remote was removed: it looks everywhere.
    try SyncEngine.forget("home", in: laptop.library)
    var isMade = false
    server.interruption = (
      request,
      {
        _ = try? desk.tag(one, "desk")
        isMade = (try? desk.sync(server)) != nil
      }
    )
    let report = try laptop.sync(server)
    #expect(report.notices == [] && report.problems.allSatisfy(\.isOfKey), "\(report)")
    server.interruption = nil
    #expect(isMade || report.requests <= request)
    #expect(try differences([laptop, desk], server) == [])
  }

  /// A passphrase is compared with the header that stands there, and with what was known of it
  /// before; whichever it fits, a wrong one is told at once, also by who only reads.
  @Test(arguments: [true, false])
  func thePassphraseIsThatOfTheHeaderThere(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (desk, laptop) = try pair(server)
    // Told before it happened, or where the change died: nothing was changed.
    try desk.tag(one, "a")
    try desk.sync(server)
    laptop.passphrase = Array("new".utf8)
    let before = server.files
    #expect(throws: SyncError.header(.wrongPassphrase)) { try laptop.sync(server) }
    #expect(server.files == before)
    // Changed: the same passphrase is right, whether there is anything to send or only a name.
    _ = try desk.engine(server).rekey(Array("new".utf8))
    desk.passphrase = Array("new".utf8)
    let copy = try laptop.copy("copy")
    copy.passphrase = laptop.passphrase
    #expect(try copy.sync(server).notices.contains(.rekeyed))
    #expect(try laptop.sync(server).notices.contains(.rekeyed))
    #expect(try differences([desk, laptop, copy], server) == [])
  }

  /// It knows the header before, and is given the passphrase of the one that stands there.
  @Test(arguments: [true, false])
  func repairAndVerifyAfterTheChangeOfAnother(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (founder, reader) = (try machine("founder", "pass"), try machine("reader", "pass"))
    for machine in [founder, reader, founder, reader] { try machine.sync(server) }
    _ = try founder.engine(server).rekey(Array("new".utf8))
    let before = server.writes
    for passphrase in ["pass", "wrong"] {
      reader.passphrase = Array(passphrase.utf8)
      #expect(throws: SyncError.passphraseChanged(isRace: false)) {
        try reader.engine(server).verify()
      }
      #expect(throws: SyncError.passphraseChanged(isRace: false)) {
        try reader.engine(server).repair()
      }
    }
    #expect(server.writes == before)
    reader.passphrase = Array("new".utf8)
    _ = try reader.engine(server).verify()
    #expect(try reader.engine(server).repair().notices.contains(.rekeyed))
    founder.passphrase = reader.passphrase
    #expect(try differences([founder, reader], server) == [])
  }

  /// It has nothing to send, and no listing tells it that the header is another: what it wrote
  /// would be the older one, and the newer one put back over it.
  @Test(arguments: [true, false])
  func whoWasNotToldDoesNotChangeThePassphrase(lists: Bool) throws {
    let server = SimServer()
    server.lists = lists
    let (founder, reader) = (try machine("founder", "pass"), try machine("reader", "pass"))
    for machine in [founder, reader, founder, reader] { try machine.sync(server) }
    for number in 1...2 {
      _ = try founder.engine(server).rekey(Array("pass \(number)".utf8))
      founder.passphrase = Array("pass \(number)".utf8)
    }
    try reader.sync(server)
    let before = server.writes
    #expect(throws: SyncError.passphraseChanged(isRace: false)) {
      try reader.engine(server).rekey(Array("reader's".utf8))
    }
    #expect(server.writes == before)
  }

  @Test("Who changes the passphrase at the same time as another, and loses, is told so")
  func race() throws {
    let server = SimServer()
    let (desk, laptop) = try pair(server)
    let before = server.files[RemoteLayout.header]
    _ = try desk.engine(server).rekey(Array("desk's".utf8))
    desk.passphrase = Array("desk's".utf8)
    // The laptop had looked before.
    let after = server.files[RemoteLayout.header]
    server.files[RemoteLayout.header] = before
    _ = try laptop.engine(server).rekey(Array("laptop's".utf8))
    laptop.passphrase = Array("laptop's".utf8)
    #expect(server.files[RemoteLayout.header] != after)
    try desk.tag(one, "meanwhile")
    #expect(throws: SyncError.passphraseChanged(isRace: true)) { try desk.sync(server) }
    desk.passphrase = laptop.passphrase
    #expect(try desk.sync(server).notices.contains(.rekeyingLost))
    #expect(try differences([desk, laptop, try machine("phone", "laptop's")], server) == [])
  }

  @Test func aWrongPassphraseIsKnownWithoutASync() throws {
    let server = SimServer()
    let folder = SimFolder(server)
    #expect(SyncEngine.opens(folder, Array("pass".utf8)))
    _ = try pair(server)
    #expect(SyncEngine.opens(folder, Array("pass".utf8)))
    #expect(!SyncEngine.opens(folder, Array("Pass".utf8)))
  }
}

extension SyncProblem {
  /// Whether it tells of a machine that was not told the passphrase yet.
  fileprivate var isOfKey: Bool {
    if case .unreadable(_, _, .otherKey) = self { true } else { false }
  }
}
