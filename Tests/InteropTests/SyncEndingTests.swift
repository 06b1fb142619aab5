import Foundation
import TestSupport
import Testing

/// How `sync` and `remote` end, and what they say then.
@Suite struct SyncEndingTests {
  @Test func withoutARemote() throws {
    let desk = try Machine("desk")
    #expect(try desk.fails(78, "sync").contains("remote add"))
    #expect(try desk.fails(78, "sync", "verify").contains("remote add"))
    #expect(try desk.fails(78, "sync", "devices").contains("remote add"))
    let place = try MeetingPlace(.directory)
    try desk.adds("home", place.spot("home"))
    #expect(try desk.fails(1, "sync", "hom").contains("did you mean “home”?"))
    #expect(try desk.fails(1, "remote", "remove", "other").contains("remote list"))
  }

  @Test func whereNobodyAnswers() throws {
    let server = try #require(HostileServer())
    let place = try MeetingPlace(.directory)
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.imports(OwnDigest())
    try desk.does("remote", "add", "away", server.url())
    server.stop()
    let errors = try desk.fails(69, "sync")
    #expect(errors.contains("127.0.0.1:\(server.port)"))
    // One remote that does not answer leaves the other one alone.
    let spot = try place.spot("stick")
    try desk.adds("stick", spot)
    try desk.fails(2, "sync")
    try laptop.adds("stick", spot)
    try laptop.does("sync")
    #expect(try laptop.papers().count == 12)
    try desk.does("sync", "stick")
  }

  @Test func severalRemotesAreOneObjectALine() throws {
    let place = try MeetingPlace(.directory)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    try desk.adds("a", place.spot("a"))
    try desk.adds("b", place.spot("b"))
    let lines = try desk.does("sync", "--json").split(separator: "\n")
    let names = try lines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect((object?["pushed"] as? Int ?? 0) > 12)
      return object?["remote"] as? String
    }
    #expect(names == ["a", "b"])
    #expect(try desk.does("remote", "list").split(separator: "\n").count == 2)
  }

  @Test func aHomeCopiedBeforeItsFirstSyncIsAMachineOfItsOwn() throws {
    let place = try MeetingPlace(.directory)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    let twin = try Machine("twin", copyOf: desk)
    for machine in [desk, twin] { try machine.adds("home", place.spot("home")) }
    try desk.does("read", "2509.00001")
    try twin.does("star", "2509.00002")
    let copy = try twin.shelf.run(["sync"])
    #expect(copy.status == 0 && copy.errors.contains("a machine of its own"))
    let original = try desk.shelf.run(["sync"])
    #expect(original.status == 0 && !original.errors.contains("a machine of its own"))
    try twin.syncs()
    for machine in [desk, twin] {
      let papers = try machine.papers()
      #expect(papers["2509.00001"]?.status == "read" && papers["2509.00002"]?.starred == true)
    }
  }

  @Test func conflictsAreToldByTheExitCode() throws {
    let place = try MeetingPlace(.directory)
    let (desk, laptop) = try Scenario.pair(place.spot("home"))
    try desk.does("read", "2509.00001")
    try laptop.does("skip", "2509.00001")
    try desk.syncs()
    let errors = try laptop.fails(3, "sync")
    #expect(errors.contains("shelf conflicts"))
    try laptop.does("sync")
    try laptop.does("conflicts", "keep", "1")
    #expect(try laptop.does("conflicts", "--json") == "[]\n")
    try laptop.fails(1, "conflicts", "restore", "1")
    try laptop.does("sync")
    try desk.syncs()
    #expect(try desk.does("conflicts", "--json") == "[]\n")
  }

  @Test func aRetiredMachineComesBack() throws {
    let place = try MeetingPlace(.directory)
    let spot = try place.spot("home")
    let (desk, laptop) = try Scenario.pair(spot)
    try Settling.settle([desk, laptop], spot)
    let lines = try desk.does("sync", "devices").split(separator: "\n")
    let other = try #require(lines.dropFirst().first { !$0.contains("this machine") })
    let id = try #require(other.split(separator: " ").first.map(String.init))
    try desk.does("sync", "retire", id)
    #expect(try desk.does("sync", "devices").contains("(retired)"))
    try desk.fails(1, "sync", "retire", "nobody")
    try laptop.does("star", "2509.00003")
    try Settling.settle([desk, laptop], spot)
    #expect(try desk.paper("2509.00003").starred)
  }

  @Test("A server without WebDAV is noticed, and kept as one")
  func plainServerIsKeptAsOne() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    server.forgetWebDAV()
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    for (name, prefix) in [("found", ""), ("said", "http-put+")] {
      try desk.does("remote", "add", name, prefix + server.url("/\(name)/"))
      let line = try desk.does("remote", "list").split(separator: "\n").first { $0.hasPrefix(name) }
      #expect(line?.hasSuffix(" http-put+" + server.url("/\(name)/")) == true, "\(line ?? "")")
      try desk.does("sync", name)
      try desk.does("remote", "test", name)
    }
  }

  @Test("Proxies of the environment and of config.toml are asked, but for hosts that go without")
  func proxies() throws {
    let (proxy, direct) = (try #require(HostileServer()), try #require(HostileServer()))
    defer {
      proxy.stop()
      direct.stop()
    }
    proxy.forgetWebDAV()
    let desk = try Machine(
      "desk",
      variables: [
        "http_proxy": proxy.url(""), "HTTPS_PROXY": proxy.url(""), "NO_PROXY": "127.0.0.1",
      ])
    try desk.does("remote", "add", "plain", "http://192.0.2.1/dav/")
    #expect(proxy.requests.allSatisfy { $0.path.hasPrefix("http://192.0.2.1/dav/") })
    for (name, scheme) in [("a", "http-put+https"), ("b", "webdavs")] {
      let before = proxy.requests.count
      let errors = try desk.shelf.run("remote", "add", name, "\(scheme)://192.0.2.1/dav/").errors
      #expect(proxy.requests.count > before, "\(scheme): \(errors)")
      #expect(proxy.requests.last?.method == "CONNECT")
      #expect(proxy.requests.last?.path == "192.0.2.1:443")
    }
    let before = proxy.requests.count
    try desk.does("remote", "add", "near", direct.url())
    #expect(proxy.requests.count == before && !direct.requests.isEmpty)
    let file = desk.home.appendingPathComponent("config.toml")
    let text = try String(contentsOf: file, encoding: .utf8)
      .replacing("[sync.plain]\n", with: "[sync.plain]\nproxy = \"\(direct.url(""))\"\n")
    try Data(text.utf8).write(to: file)
    direct.forgetWebDAV()
    try desk.does("remote", "test", "plain")
    #expect(proxy.requests.count == before)
    #expect(direct.requests.last?.path.hasPrefix("http://192.0.2.1/dav/") == true)
  }

  @Test("The passphrase file of rekey is found from any folder")
  func rekeyKeepsThePath() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    let old = try desk.file("old", "old words\n", mode: 0o600)
    try desk.does(
      "remote", "add", "home", server.url(), "--encrypt", "--passphrase-file", old)
    try desk.does("sync")
    // The commands run in the folder above the home, where the file is.
    _ = try desk.file("new", "new words\n", mode: 0o600)
    let header = try #require(server.files["/dav/papershelf"])
    let watched = try desk.shelf.run("sync", "rekey", "home", "--passphrase-file", "new")
    #expect(watched.status == 0, "\(watched.errors)")
    #expect(server.files["/dav/papershelf"] != header)
    let config = try desk.does("config", "list")
    #expect(config.contains("passphrase_file = \"/"), "\(config)")
    try desk.does("sync")
  }

  @Test func aDryRunOfUpkeepSendsNothing() throws {
    let place = try MeetingPlace(.directory)
    let spot = try place.spot("home")
    let (desk, laptop) = try Scenario.pair(spot)
    try laptop.does("star", "2509.00002")
    try Settling.settle([desk, laptop], spot)
    try spot.replace(with: try spot.files().filter { $0.key == "papershelf" })
    let (files, before) = (try spot.files(), try desk.dump())
    let word = try desk.file("word", "new words\n", mode: 0o600)
    for words in [
      ["repair"], ["join", "home"], ["rekey", "home", "--passphrase-file", word],
    ] {
      let outcome = try desk.shelf.run(["sync"] + words + ["--dry-run"])
      #expect(outcome.status == 0)
      let told = outcome.errors.firstMatch(of: /home: (\d+) changes would be sent; nothing was/)
      #expect((told.flatMap { Int($0.1) } ?? 0) > 12, "\(outcome.errors)")
    }
    #expect(try spot.files() == files && desk.dump() == before)
    #expect(try desk.does("config", "list").contains("word") == false)
  }

  @Test("~ is the home of the environment, and netrc is for its owner only")
  func pathsBeginAtHome() throws {
    let server = try #require(HostileServer())
    defer { server.stop() }
    // ada:sesame
    server.require(authorization: "Basic YWRhOnNlc2FtZQ==")
    let desk = try Machine("desk")
    let netrc = desk.home.appendingPathComponent(".netrc")
    try Data("machine 127.0.0.1 login ada password sesame\n".utf8).write(to: netrc)
    chmod(netrc.path, 0o644)
    let errors = try desk.fails(77, "remote", "add", "home", server.url(), "--netrc")
    #expect(errors.contains("chmod 600"))
    chmod(netrc.path, 0o600)
    try desk.does("remote", "add", "home", server.url(), "--netrc")
    let word = desk.home.appendingPathComponent("word")
    try Data("sesame\n".utf8).write(to: word)
    chmod(word.path, 0o600)
    try desk.does(
      "remote", "add", "other", server.url("/o/"), "--user", "ada", "--password-file", "~/word")
    try desk.does("sync")
    #expect(try desk.does("config", "list").contains(word.path))
  }
}
