import Foundation
import Synchronization
import TestSupport
import Testing

/// No secret where others look, and nothing of the list on a sealed remote.
@Suite(.serialized) struct SecrecyTests {
  private static let password = "sesame"
  private static let passphrase = "wintermoon-7391-口令"

  @Test("No secret in process lists, in the home or in messages")
  func secretsStayHidden() throws {
    let kind = PlaceKind.server(.apacheBasic)
    guard kind.isInstalled else { try Test.cancel("\(kind) is not installed") }
    let place = try MeetingPlace(kind)
    let spot = try place.spot("secrets").sealed(Self.passphrase)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest(count: 200))
    try desk.adds("home", spot)
    // A backup is looked through with the home at the end.
    try desk.does("backup", desk.home.path + "/copy")
    // Commands, too: what they print is a secret, and their children are looked at as well.
    let (word, phrase) = (desk.home.path + "/../password", desk.home.path + "/../passphrase")
    try desk.does(
      ["remote", "add", "again", spot.address, "--user", "ada", "--auth", "basic", "--encrypt"]
        + ["--password-command", "cat \(word)", "--passphrase-command", "cat \(phrase)"])
    var seen = 0
    for words in [["sync", "home"], ["sync", "again"], ["remote", "test"], ["sync", "verify"]] {
      let (outcome, processes) = try watched(desk, words)
      #expect(outcome.status == 0, "\(outcome.errors)")
      seen += processes.count
      for text in processes + [Array(outcome.output.utf8), Array(outcome.errors.utf8)] {
        #expect(!text.holds(Self.passphrase) && !text.holds(Self.password), "\(words)")
      }
    }
    #expect(seen >= 4, "too few processes were seen to tell")
    try expectNoSecret(under: desk.home)
  }

  @Test("A wrong password and a wrong passphrase are not repeated in messages")
  func errorsAreSilent() throws {
    let kind = PlaceKind.server(.apacheBasic)
    guard kind.isInstalled else { try Test.cancel("\(kind) is not installed") }
    let place = try MeetingPlace(kind)
    let desk = try Machine("desk")
    let wrong = try desk.file("wrong", "not-\(Self.passphrase)\n", mode: 0o600)
    let url = try place.spot("errors").address
    let errors = try desk.fails(
      77, "remote", "add", "home", url, "--user", "ada", "--password-file", wrong)
    #expect(!errors.contains(Self.passphrase))
    let inURL = url.replacing("http://", with: "http://ada:\(Self.passphrase)@")
    let outcome = try desk.shelf.run("remote", "add", "home", inURL)
    #expect([64, 77].contains(outcome.status), "\(outcome.status) \(outcome.errors)")
    #expect(!outcome.errors.contains(Self.passphrase))
    try expectNoSecret(under: desk.home)
  }

  @Test("Secret files that others can read are refused", arguments: [0o644, 0o640, 0o604])
  func looseFilesAreRefused(mode: Int) throws {
    let place = try MeetingPlace(.directory)
    let spot = try place.spot("loose").sealed(Self.passphrase)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    let loose = try desk.file("loose", Self.passphrase, mode: mode)
    try desk.fails(
      77, "remote", "add", "home", spot.address, "--encrypt", "--passphrase-file", loose)
    try desk.adds("home", spot)
    _ = try desk.file("passphrase", Self.passphrase, mode: mode)
    let errors = try desk.fails(77, "sync")
    #expect(errors.contains("chmod 600"))
    #expect(try spot.files().isEmpty)
  }

  @Test("So is a client certificate with its key", arguments: [0o644, 0o640, 0o604])
  func looseKeysAreRefused(mode: Int) throws {
    let desk = try Machine("desk")
    let key = try desk.file("client.pem", "-----BEGIN PRIVATE KEY-----\n", mode: mode)
    // Refused before anybody is asked: nobody listens there.
    let words = ["remote", "add", "home", "https://127.0.0.1:9/", "--client-cert", key]
    let errors = try desk.shelf.run(words)
    #expect(errors.status == 77 && errors.errors.contains("chmod 600"), "\(errors.errors)")
    try desk.does(words + ["--no-test"])
    try desk.imports(OwnDigest())
    #expect(try desk.fails(77, "sync").contains("chmod 600"))
    _ = try desk.file("client.pem", "-----BEGIN PRIVATE KEY-----\n", mode: 0o600)
    #expect(try !desk.shelf.run("sync").errors.contains("chmod 600"))
  }

  @Test("A sealed folder holds nothing of the list in clear")
  func sealedFolderTellsNothing() throws {
    let place = try MeetingPlace(.directory)
    let words = [
      "Lantern study", "灯笼缓存", "盏灯更亮", "2509.0000", "arxiv", "marzipan", "secret-tag",
      "\"tag:", "\"status\"", "lampsview", "\"applied\"",
    ]
    for passphrase in [Self.passphrase, nil] {
      var spot = try place.spot(passphrase == nil ? "open" : "sealed")
      spot.passphrase = passphrase
      let (desk, laptop) = try Scenario.pair(spot)
      try desk.does("note", "add", "2509.00001", "-m", "marzipan and more")
      try desk.does("tag", "add", "secret-tag", "2509.00002")
      try desk.does("view", "save", "lampsview", "is:read")
      try Settling.settle([desk, laptop], spot)
      let files = try spot.files()
      #expect(files.count >= 6)
      for (name, bytes) in files {
        guard passphrase != nil else { continue }
        // Without a seal it is compressed, so a search of the bytes alone proves little.
        for word in words where bytes.holds(word) || (bytes.inflated ?? []).holds(word) {
          Issue.record("\(name) holds \(word)")
        }
      }
      let tells = files.values.contains { ($0.inflated ?? []).holds("Lantern study") }
      #expect(tells == (passphrase == nil), "the search finds what is not sealed")
    }
  }

  private func expectNoSecret(under home: URL) throws {
    let names = try FileManager.default.subpathsOfDirectory(atPath: home.path)
    #expect(names.contains("config.toml") || names.contains("library.sqlite") || names.isEmpty)
    for name in names {
      guard let data = try? Data(contentsOf: home.appendingPathComponent(name)) else { continue }
      let bytes = Array(data)
      #expect(!bytes.holds(Self.passphrase), "\(name) holds the passphrase")
      #expect(!bytes.holds(Self.password), "\(name) holds the password")
    }
  }

  /// Runs a command, and reads meanwhile, again and again, the arguments and the environment of
  /// every process that has the home in its environment: it and its children.
  private func watched(
    _ machine: Machine, _ words: [String]
  ) throws -> (ShelfProcess.Outcome, [[UInt8]]) {
    let isOver = Mutex(false)
    let seen = Mutex<Set<[UInt8]>>([])
    let home = machine.home.path
    let (begun, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
    // A thread of its own: where the pool of Dispatch is busy, what is to be done at the same time
    // is done one after the other, and nothing would be seen.
    Thread.detachNewThread {
      begun.signal()
      while !isOver.withLock({ $0 }) {
        for text in Self.processes(of: home) { seen.withLock { _ = $0.insert(text) } }
      }
      ended.signal()
    }
    begun.wait()
    let result = Result { try machine.shelf.run(words) }
    isOver.withLock { $0 = true }
    ended.wait()
    #expect(seen.withLock { !$0.isEmpty })
    return (try result.get(), Array(seen.withLock { $0 }))
  }

  private static func processes(of home: String) -> [[UInt8]] {
    let ids = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    var found: [[UInt8]] = []
    for id in ids where id.first?.isNumber == true {
      guard let environment = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/environ")),
        Array(environment).holds("SHELF_HOME=" + home),
        let words = try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/cmdline"))
      else { continue }
      found += [Array(environment), Array(words)]
    }
    return found
  }
}

extension [UInt8] {
  /// Whether the text's bytes stand in it.
  fileprivate func holds(_ text: String) -> Bool {
    Data(self).range(of: Data(text.utf8)) != nil
  }

  /// The content of a segment, the zlib stream behind a head of 96 bytes, whatever stands behind
  /// that; nil for anything else.
  fileprivate var inflated: [UInt8]? {
    guard count > 128, starts(with: Array("PSHELF".utf8)) else { return nil }
    let folder = try? TemporaryFolder()
    guard let folder else { return nil }
    let file = folder.path + "/body"
    guard (try? Data(self[96...]).write(to: URL(fileURLWithPath: file))) != nil else {
      return nil
    }
    let script = """
      import sys, zlib
      stream = zlib.decompressobj().decompress(open(sys.argv[1], "rb").read())
      print(stream.decode(errors="replace"))
      """
    return (try? Shell.run(["python3", "-c", script, file])).map { Array($0.utf8) }
  }
}
