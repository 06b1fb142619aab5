import Changes
import Papers
import Sealing
import Store
import TestSupport
import Testing
import Transport

@testable import Sync

private let one = "2509.00001"

@Suite struct PassphraseTests {
  private func machine(_ name: String, _ passphrase: String?) throws -> Machine {
    let machine = try Machine(name)
    machine.passphrase = passphrase.map { Array($0.utf8) }
    return machine
  }

  @Test func theRemoteLearnsNothing() throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", "hunter 2"), try machine("laptop", "hunter 2"))
    try desk.add(one, title: "A Most Secret Title")
    try desk.note(one, "n00001", "a private thought")
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.notes.map(\.text) == ["a private thought"])
    let header = try RemoteHeader(try #require(server.files[RemoteLayout.header]))
    let withoutPassphrase = try RemoteHeader(library: header.library).keys(passphrase: nil)
    #expect(server.files.count == 5)
    for (name, bytes) in server.files {
      let text = String(decoding: bytes, as: UTF8.self)
      for secret in ["Secret", "private", one, "hunter", "desk"] {
        #expect(!text.contains(secret), "\(name)")
      }
      // Compressed, a text that is not sealed would not be found either.
      guard name != RemoteLayout.header, name != RemoteLayout.peers else { continue }
      #expect(throws: SegmentError.self) { try SealedFile(opening: bytes, with: withoutPassphrase) }
    }
  }

  @Test func threeErrorsForThreeTroubles() throws {
    let server = SimServer()
    let desk = try machine("desk", "right")
    try desk.add(one)
    try desk.sync(server)
    let before = server.files
    let other = try machine("other", "wrong")
    try other.add("2509.00002")
    #expect(throws: SyncError.header(.wrongPassphrase)) { try other.sync(server) }
    other.passphrase = nil
    #expect(throws: SyncError.header(.passphraseNeeded)) { try other.sync(server) }
    #expect(server.files == before)
    let header = try #require(RemoteName("papershelf"))
    server.files[header]?.removeLast(20)
    #expect(throws: SyncError.header(.damaged)) { try other.sync(server) }
    server.files[header] = Array("hello".utf8)
    #expect(throws: SyncError.header(.notPapershelf)) { try other.sync(server) }
  }

  /// The segment was stored before the process died: nothing is left to be sealed, and `peers` is
  /// in clear.
  @Test func aWrongPassphraseWritesNothingWhereOnlyTheListIsToBeWritten() throws {
    let server = SimServer()
    server.lists = false
    let (desk, laptop) = (try machine("desk", "right"), try machine("laptop", "right"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    try desk.tag(one, "kv")
    server.didWrite = { _, _ in desk.library.beforeCommit = { throw SimServer.Crash() } }
    #expect(throws: (any Error).self) { try desk.sync(server) }
    server.didWrite = { _, _ in }
    desk.library.beforeCommit = nil
    let before = server.files
    desk.passphrase = Array("wrong".utf8)
    #expect(throws: SyncError.header(.wrongPassphrase)) { try desk.sync(server) }
    #expect(server.files == before)
    desk.passphrase = Array("right".utf8)
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.tags.map(\.name) == ["kv"])
  }

  @Test func aPassphraseForAFolderInClearIsRefused() throws {
    let server = SimServer()
    let desk = try machine("desk", nil)
    try desk.sync(server)
    let laptop = try machine("laptop", "sealed")
    try laptop.add(one)
    #expect(throws: SyncError.header(.notEncrypted)) { try laptop.sync(server) }
  }

  @Test func theServerCannotSwapReplayOrRename() throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", "pass"), try machine("laptop", "pass"))
    try desk.add(one)
    try desk.sync(server)
    try desk.mark(one, .read)
    try desk.sync(server)
    let device = try desk.library.read { try $0.device() }
    let names = (1...3).compactMap { RemoteName("\(device).\($0)") }
    let files = server.files
    // Swapped.
    server.files[names[0]] = files[names[1]]
    let swapped = try laptop.sync(server)
    // What stands in its own place is read; what does not is not.
    #expect(try swapped.pulled == 2 && laptop.library.lastPlace() == 2)
    #expect(
      swapped.problems.contains {
        if case .unreadable(_, _, .misplaced) = $0 { true } else { false }
      })
    // Replayed as if new.
    server.files = files
    server.files[names[2]] = files[names[0]]
    let replayed = try laptop.sync(server)
    #expect(replayed.pulled > 0)
    #expect(
      replayed.problems.contains {
        if case .unreadable(_, _, .misplaced) = $0 { true } else { false }
      })
  }

  @Test(arguments: [nil, "old"], ["new", nil])
  func aNewPassphrase(old: String?, new: String?) throws {
    guard old != new else { return }
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", old), try machine("laptop", old))
    try desk.add(one)
    try laptop.add("2509.00002")
    #expect(try differences([desk, laptop], server) == [])
    let (_, report) = try desk.engine(server).rekey(new.map { Array($0.utf8) })
    #expect(report.pushed > 0)
    try laptop.tag(one, "meanwhile")
    #expect(throws: SyncError.self) { try laptop.sync(server) }
    desk.passphrase = new.map { Array($0.utf8) }
    laptop.passphrase = desk.passphrase
    let phone = try machine("phone", new)
    #expect(try phone.sync(server).pulled > 0)
    #expect(try phone.paper(one) != nil && phone.paper("2509.00002") != nil)
    #expect(try differences([desk, laptop, phone], server) == [])
    #expect(try phone.paper(one)?.tags == [Tag(trusted: "meanwhile")])
  }

  @Test("Who was away while the seal was changed and taken off goes on", arguments: ["old", nil])
  func theSealIsTakenOff(from start: String?) throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", start), try machine("laptop", start))
    try desk.add(one)
    try laptop.add("2509.00002")
    #expect(try differences([desk, laptop], server) == [])
    for new in ["new", nil] as [String?] {
      _ = try desk.engine(server).rekey(new.map { Array($0.utf8) })
      desk.passphrase = new.map { Array($0.utf8) }
    }
    let header = server.files[RemoteLayout.header]
    try laptop.tag(one, "meanwhile")
    if start != nil {
      // Nothing is sent in clear before the person says so.
      #expect(throws: SyncError.header(.notEncrypted)) { try laptop.sync(server) }
      laptop.passphrase = nil
    }
    _ = try laptop.sync(server)
    #expect(server.files[RemoteLayout.header] == header)
    #expect(try differences([desk, laptop, try machine("phone", nil)], server) == [])
    #expect(try desk.paper(one)?.tags == [Tag(trusted: "meanwhile")])
    // And the other way, from there.
    _ = try laptop.engine(server).rekey(Array("again".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("again".utf8) }
    #expect(try differences([desk, laptop], server) == [])
  }

  @Test("A machine that goes back to before a change of the passphrase writes over nothing")
  func aBackupFromBeforeTheSeal() throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", nil), try machine("laptop", nil))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let backup = try desk.backup()
    _ = try laptop.engine(server).rekey(Array("new".utf8))
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    _ = try desk.sync(server)
    try desk.tag(one, "sealed")
    _ = try desk.sync(server)
    _ = try laptop.sync(server)
    _ = try laptop.engine(server).rekey(nil)
    laptop.passphrase = nil
    // What the desk sent meanwhile stands under a passphrase that its backup never knew.
    let (sealed, own) = (
      server.files, [try desk.file("1"), try desk.file("2"), try desk.file("3")]
    )
    try desk.restore(backup)
    desk.passphrase = nil
    try desk.tag(one, "again")
    _ = try desk.sync(server)
    for name in own where sealed[name] != nil {
      #expect(server.files[name] == sealed[name], "\(name)")
    }
    #expect(own.contains { sealed[$0] != nil })
    #expect(try differences([desk, laptop], server) == [])
    #expect(try laptop.paper(one)?.tags == ["again", "sealed"].map(Tag.init(trusted:)))
  }

  @Test("Who dies amid a change of the passphrase sends what others wrote all the same")
  func diesAmidIt() throws {
    var sealed = 0
    for request in 1...16 {
      let server = SimServer()
      let (desk, laptop) = (try machine("desk", "old"), try machine("laptop", "old"))
      try desk.add(one)
      try laptop.add("2509.00002")
      #expect(try differences([desk, laptop], server) == [])
      // The laptop is no more.
      server.crashAfter = request
      _ = try? desk.engine(server).rekey(Array("new".utf8))
      server.crashAfter = nil
      let header = try? RemoteHeader(server.files[RemoteLayout.header] ?? [])
      let isNew = (try? header?.keys(passphrase: Array("new".utf8))) != nil
      if isNew { sealed += 1 }
      let passphrase = isNew ? "new" : "old"
      desk.passphrase = Array(passphrase.utf8)
      _ = try desk.sync(server)
      let phone = try machine("phone", passphrase)
      _ = try phone.sync(server)
      #expect(try phone.paper("2509.00002") != nil, "at request \(request)")
    }
    #expect(sealed > 1 && sealed < 16, "\(sealed)")
  }

  @Test("Whoever keeps the new passphrase is told once it is the only one, before the sending")
  func aNewPassphraseIsToldInTime() throws {
    let server = SimServer()
    let (desk, laptop) = (try machine("desk", "old"), try machine("laptop", "old"))
    try desk.add(one)
    #expect(try differences([desk, laptop], server) == [])
    let before = server.files
    struct Broken: Error {}
    #expect(throws: Broken.self) {
      try desk.engine(server).rekey(Array("new".utf8)) { throw Broken() }
    }
    #expect(server.files.keys == before.keys)
    #expect(server.files[RemoteLayout.header] != before[RemoteLayout.header])
    for machine in [desk, laptop] { machine.passphrase = Array("new".utf8) }
    #expect(try differences([desk, laptop, try machine("phone", "new")], server) == [])
  }
}
