import Foundation
import TestSupport

/// What runs over some servers only.
extension Scenario {
  static let more = [
    offline, undoAfterSync, deleteAgainstEdit, rolledBack, wrongFolder, otherLibrary, cloned,
    restoredHome, twoRemotes, switchedRemote, clocksApart, vanished, setUpAnew, preview,
  ]
  /// Making a key from a passphrase takes seconds in a debug build.
  static let sealed = [wrongPassphrase, rekeyed]

  static let wrongPassphrase = Scenario("wrong passphrase") { place, name in
    let spot = try place.spot(name)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    try desk.adds("home", spot.sealed("open sesame"))
    try desk.syncs()
    let (laptop, phone) = (try Machine("laptop"), try Machine("phone"))
    let wrong = spot.sealed("close sesame")
    let told = try laptop.fails(
      77, ["remote", "add", "home", wrong.address] + wrong.arguments(for: laptop))
    try check(told.contains("passphrase"), "not said by remote add: \(told)")
    // Changed since.
    try laptop.adds("home", spot.sealed("open sesame"))
    _ = try laptop.file("passphrase", "close sesame\n", mode: 0o600)
    try phone.adds("home", spot)
    // Where nothing can be removed, each `remote add` leaves the file it tried with.
    let before = try spot.files()
    let words = try laptop.fails(77, "sync")
    try check(words.contains("passphrase"), "not said why: \(words)")
    try check(try phone.fails(78, "sync").contains("passphrase"), "not said why")
    try check(try spot.files() == before, "a machine without the passphrase wrote")
    try equal(try laptop.papers().count, 0, "papers without the passphrase")
    _ = try laptop.file("passphrase", "open sesame\n", mode: 0o600)
    try Settling.settle([desk, laptop], spot)
    try equal(try laptop.papers().count, 12, "papers with the passphrase")
  }

  static let rekeyed = Scenario("two passphrases, one after the other") { place, name in
    let spot = try place.spot(name).sealed("first words")
    let (desk, laptop) = try pair(spot)
    try laptop.does("star", "2509.00001")
    let new = try desk.file("new-passphrase", "second words\n", mode: 0o600)
    try desk.does("sync", "rekey", "home", "--passphrase-file", new)
    try desk.does("read", "2509.00002")
    try desk.syncs()
    try laptop.fails(77, "sync")
    _ = try laptop.file("passphrase", "second words\n", mode: 0o600)
    try Settling.settle([desk, laptop], spot)
    try equal(try desk.paper("2509.00001").starred, true, "an edit under the old passphrase")
    try equal(try laptop.paper("2509.00002").status, "read", "an edit under the new one")
    let phone = try Machine("phone")
    try phone.adds("home", spot.sealed("second words"))
    try Settling.settle([desk, laptop, phone], spot)
    try equal(try phone.papers().count, 12, "papers of a machine that knows the new one only")
  }

  static let wrongFolder = Scenario("wrong folder") { place, name in
    let spot = try place.spot(name)
    let desk = try Machine("desk")
    try desk.imports(OwnDigest())
    try desk.adds("home", spot)
    // A page may be that of a network that wants a login.
    for (text, code, why) in [
      ("a file of somebody else", 65, "something else stands there"),
      ("<html>a page of somebody else</html>", 69, "log in"),
    ] as [(String, Int32, String)] {
      let foreign = ["papershelf": Array(text.utf8)]
      try spot.replace(with: foreign)
      let words = try desk.fails(code, "sync")
      try check(words.contains("no Papershelf folder"), "not said why: \(words)")
      try check(words.contains(why), "not said why: \(words)")
      try check(try spot.files() == foreign, "a foreign folder was written to")
    }
  }

  static let otherLibrary = Scenario("folder of another library") { place, name in
    let (mine, yours) = (try place.spot(name), try place.spot(name + "2"))
    let (desk, stranger) = (try Machine("desk"), try Machine("stranger"))
    try desk.imports(OwnDigest())
    try stranger.imports(OwnDigest("2025-10-01", first: 500))
    try desk.adds("home", mine)
    try stranger.adds("home", yours)
    try desk.syncs()
    try stranger.syncs()
    let before = try yours.files()
    try mine.replace(with: before)
    try desk.does("read", "2509.00001")
    try check(try desk.fails(65, "sync").contains("another library"), "not said why")
    try check(try mine.files() == before, "another library's folder was written to")
    try equal(try desk.papers().count, 12, "papers")
  }

  static let cloned = Scenario("home copied to a second machine") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("tag", "add", "unsent", "2509.00001")
    let twin = try Machine("twin", copyOf: desk)
    try desk.does("read", "2509.00002")
    try twin.does("skip", "2509.00003")
    try twin.does("note", "add", "2509.00004", "-m", "from the twin")
    try twin.syncs()
    try desk.syncs()
    try twin.does("star", "2509.00005")
    try desk.does("star", "2509.00006")
    try Settling.settle([desk, laptop, twin], spot, strangers: 1)
    let papers = try laptop.papers()
    try equal(papers["2509.00001"]?.tags, ["unsent"], "what both had not sent")
    try equal(papers["2509.00002"]?.status, "read", "the desk's")
    try equal(papers["2509.00003"]?.status, "skipped", "the twin's")
    try equal(papers["2509.00004"]?.notes.map(\.text), ["from the twin"], "the twin's note")
    try check(papers["2509.00005"]?.starred == true, "the twin's later edit is lost")
    try check(papers["2509.00006"]?.starred == true, "the desk's later edit is lost")
  }

  static let restoredHome = Scenario("home restored from an older backup") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    let backup = desk.home.path + "/older"
    try desk.does("backup", backup)
    try desk.does("read", "2509.00001")
    try desk.syncs()
    try desk.does("star", "2509.00002")
    try desk.syncs()
    try desk.does("restore", backup, "--yes")
    try equal(try desk.paper("2509.00001").status, "unread", "status in the backup")
    try desk.does("tag", "add", "after", "2509.00003")
    try Settling.settle([desk, laptop], spot, strangers: 2)
    let papers = try desk.papers()
    try equal(papers["2509.00001"]?.status, "read", "an edit after the backup")
    try equal(papers["2509.00002"]?.starred, true, "another edit after the backup")
    try equal(papers["2509.00003"]?.tags, ["after"], "an edit after the restore")
  }

  static let twoRemotes = Scenario("two remotes, one history") { place, name in
    let (first, second) = (try place.spot(name), try place.spot(name + "2"))
    let (desk, laptop, phone) = (try Machine("desk"), try Machine("laptop"), try Machine("phone"))
    try desk.imports(OwnDigest())
    try desk.adds("a", first)
    try desk.adds("b", second)
    try laptop.adds("a", first)
    try phone.adds("b", second)
    try laptop.does("add", "2510.00001", "--title", "Only on the laptop")
    try phone.does("add", "2510.00002", "--title", "Only on the phone")
    for _ in 0..<3 {
      try desk.does("sync")
      try laptop.does("sync")
      try phone.does("sync")
    }
    try Settling.compare([desk, laptop, phone])
    try equal(try laptop.papers().count, 14, "papers")
    try Settling.settle([desk, laptop], first, remote: "a", strangers: 1)
    try Settling.settle([desk, phone], second, remote: "b", strangers: 1)
  }

  static let switchedRemote = Scenario("remote switched") { place, name in
    let (old, new) = (try place.spot(name), try place.spot(name + "2"))
    let (desk, laptop) = try pair(old)
    try desk.does("read", "2509.00001")
    try laptop.does("star", "2509.00002")
    for machine in [desk, laptop] {
      try machine.does("remote", "remove", "home")
      try machine.adds("home", new)
    }
    try Settling.settle([desk, laptop], new)
    try equal(try laptop.paper("2509.00001").status, "read", "the desk's edit")
    try equal(try desk.paper("2509.00002").starred, true, "the laptop's edit")
    let phone = try Machine("phone")
    try phone.adds("home", new)
    try Settling.settle([desk, laptop, phone], new)
    try equal(try phone.papers().count, 12, "papers on the third")
  }

  static let vanished = Scenario("machine gone, server wiped, repaired") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try laptop.does("note", "add", "2509.00001", "-m", "the laptop's last words")
    try laptop.does("star", "2509.00002")
    try Settling.settle([desk, laptop], spot)
    try spot.replace(with: [:])
    // The laptop is never seen again; the desk alone sends what it knows of it.
    try desk.does("sync", "repair")
    let phone = try Machine("phone")
    try phone.adds("home", spot)
    try Settling.settle([desk, phone], spot, strangers: 1)
    let papers = try phone.papers()
    try equal(papers.count, 12, "papers")
    try equal(papers["2509.00001"]?.notes.map(\.text), ["the laptop's last words"], "note")
    try equal(papers["2509.00002"]?.starred, true, "star")
    try check(try phone.does("sync", "verify").contains("whole"), "not whole")
    try phone.does("sync", "devices")
  }

  static let setUpAnew = Scenario("wiped, set up by a newcomer, joined") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try laptop.does("note", "add", "2509.00001", "-m", "not sent yet")
    try spot.replace(with: [:])
    let phone = try Machine("phone")
    try phone.imports(OwnDigest("2025-10-01", first: 500))
    try phone.adds("home", spot)
    try phone.syncs()
    let before = try spot.files()
    for machine in [desk, laptop] {
      let words = try machine.fails(65, "sync")
      try check(words.contains("another library"), "not said what: \(words)")
      try check(words.contains("shelf sync join"), "not said what to do: \(words)")
    }
    try check(try spot.files() == before, "written to without being asked")
    for machine in [desk, laptop] { try machine.does("sync", "join", "home", "--yes") }
    try Settling.settle([desk, laptop, phone], spot)
    let papers = try phone.papers()
    try equal(papers.count, 24, "papers")
    try equal(papers["2509.00001"]?.notes.map(\.text), ["not sent yet"], "note")
    try check(try phone.does("sync", "verify").contains("whole"), "not whole")
  }

  static let preview = Scenario("dry run tells and changes nothing") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try Settling.settle([desk, laptop], spot)
    try desk.does("read", "2509.00001")
    try desk.syncs()
    try laptop.does("star", "2509.00002")
    let (files, before) = (try spot.files(), try laptop.dump())
    let told = try laptop.does("sync", "--dry-run").split(separator: "\n").map(String.init)
    try check(told.contains { $0.contains("would come") }, "nothing comes: \(told)")
    try check(told.contains { $0.contains("2509.00001  Lantern study 1") }, "not told: \(told)")
    try check(told.contains { $0.contains("2509.00002  Lantern study 2") }, "not told: \(told)")
    try check(try spot.files() == files, "a dry run changed the folder")
    try equal(try laptop.dump(), before, "what a dry run left")
    // Of papers that are not here yet, too.
    let phone = try Machine("phone")
    try phone.adds("home", spot)
    let first = try phone.does("sync", "--dry-run").split(separator: "\n").map(String.init)
    try check(first.contains { $0.contains("2509.00005  Lantern study 5") }, "not told: \(first)")
    try equal(try phone.papers().count, 0, "papers after a dry run")
    try Settling.settle([desk, laptop], spot)
    try equal(try laptop.paper("2509.00001").status, "read", "status after the sync")
  }

  static let clocksApart = Scenario("clocks ten years apart") { place, name in
    guard let library = fakeTime else { throw Skipped(why: "libfaketime is not installed") }
    let spot = try place.spot(name)
    func machine(_ name: String, _ shift: String) throws -> Machine {
      try Machine(
        name, variables: ["LD_PRELOAD": library, "FAKETIME": shift, "FAKETIME_DONT_RESET": "1"])
    }
    let (past, future) = (try machine("past", "-10y"), try machine("future", "+10y"))
    let now = try Machine("now")
    try future.imports(OwnDigest())
    let years = try [past, now, future].map { try $0.does("log").contains("20") }
    try check(years.last == true, "no log")
    for machine in [past, now, future] { try machine.adds("home", spot) }
    try Settling.settle([future, past, now], spot)
    try future.does("read", "2509.00001")
    try Settling.settle([future, past, now], spot)
    // Seen and then changed by the machine whose clock is twenty years behind: it holds.
    try past.does("skip", "2509.00001")
    try Settling.settle([past, future, now], spot)
    try equal(try future.paper("2509.00001").status, "skipped", "what the past changed later")
    try now.does("unread", "2509.00001")
    try Settling.settle([now, past, future], spot)
    try equal(try past.paper("2509.00001").status, "unread", "what the present changed last")
    try equal(try now.does("conflicts", "list", "--json"), "[]\n", "conflicts")
  }

  /// The library that shifts the clock of a process; Debian's `faketime` brings it.
  static let fakeTime: String? = {
    let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib")) ?? []
    return folders.map { "/usr/lib/\($0)/faketime/libfaketime.so.1" }
      .first(where: FileManager.default.fileExists)
  }()
}

/// A story that cannot be told here.
struct Skipped: Error { let why: String }
