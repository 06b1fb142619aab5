/// What runs over every server.
extension Scenario {
  static let core = [join, disjointEdits, clashingEdits, clashingNotes, bothImport, wiped]

  static let join = Scenario("first imports, second joins") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    try desk.imports(OwnDigest())
    try desk.imports(OwnDigest("2025-09-02", first: 10))
    try desk.does("read", "2509.00003")
    try desk.does("tag", "add", "ml/灯笼,later", "2509.00004")
    try desk.does("note", "add", "2509.00005", "-m", "第一行\nsecond line 🏮")
    try desk.does("star", "2509.00006")
    try desk.does("view", "save", "lamps", "tag:ml")
    try desk.adds("home", spot)
    try desk.syncs()
    try laptop.adds("home", spot)
    try equal(try laptop.syncs().problems, [], "problems of joining")
    try equal(try laptop.papers().count, 21, "papers on the laptop")
    try equal(try laptop.paper("2509.00005").notes.map(\.text), ["第一行\nsecond line 🏮"], "note")
    try equal(try laptop.paper("2509.00010").digests.count, 2, "appearances")
    try Settling.settle([desk, laptop], spot)
    try check(try laptop.does("view", "list").contains("lamps"), "the view is lost")
  }

  static let disjointEdits = Scenario("disjoint edits meet") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("read", "2509.00001")
    try desk.does("tag", "add", "desk", "2509.00002")
    try desk.does("star", "2509.00003")
    try laptop.does("skip", "2509.00004")
    try laptop.does("tag", "add", "laptop", "2509.00002")
    try laptop.does("note", "add", "2509.00003", "-m", "from the laptop")
    try Settling.settle([desk, laptop], spot)
    let papers = try desk.papers()
    try equal(papers["2509.00001"]?.status, "read", "status")
    try equal(papers["2509.00004"]?.status, "skipped", "status")
    try equal(papers["2509.00002"]?.tags, ["desk", "laptop"], "tags")
    try equal(papers["2509.00003"]?.starred, true, "star")
    try equal(papers["2509.00003"]?.notes.map(\.text), ["from the laptop"], "note")
    try equal(try desk.does("conflicts", "list", "--json"), "[]\n", "conflicts")
  }

  static let clashingEdits = Scenario("clashing edits, loser kept") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("read", "2509.00001")
    try laptop.does("skip", "2509.00001")
    try desk.does("tag", "add", "kept", "2509.00002")
    try laptop.does("tag", "add", "kept", "2509.00002")
    try laptop.does("tag", "remove", "kept", "2509.00002")
    let phone = try Machine("phone")
    try phone.adds("home", spot)
    try Settling.settle([desk, laptop, phone], spot)
    try equal(try desk.paper("2509.00001").status, "skipped", "the later status holds")
    let journal = try phone.does("conflicts", "list", "--json")
    try check(journal.contains(#""lost":"read""#), "the lost status is in no journal: \(journal)")
    try restoreLost(on: phone)
    try Settling.settle([desk, laptop, phone], spot)
    try equal(try desk.paper("2509.00001").status, "read", "the restored status")
  }

  /// Takes back every status that lost.
  private static func restoreLost(on machine: Machine) throws {
    let lines = try machine.does("conflicts", "list").split(separator: "\n")
    guard let line = lines.first(where: { $0.contains("  status  ") }),
      let number = line.split(separator: " ").first
    else { throw Unexpected("no status among the conflicts: \(lines)") }
    try machine.does("conflicts", "show", String(number))
    try machine.does("conflicts", "restore", String(number))
  }

  static let clashingNotes = Scenario("clashing notes keep both texts") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("note", "add", "2509.00001", "-m", "one\ntwo\nthree")
    try desk.does("note", "add", "2509.00002", "-m", "only line")
    try Settling.settle([desk, laptop], spot)
    let (first, second) = (try desk.note(of: "2509.00001"), try desk.note(of: "2509.00002"))
    try desk.does("note", "edit", first, "-m", "ONE\ntwo\nthree")
    try laptop.does("note", "edit", first, "-m", "one\ntwo\nTHREE")
    try desk.does("note", "edit", second, "-m", "the desk's line")
    try laptop.does("note", "edit", second, "-m", "the laptop's line")
    try Settling.settle([desk, laptop], spot)
    try equal(try desk.paper("2509.00001").notes.map(\.text), ["ONE\ntwo\nTHREE"], "merged note")
    let both = try desk.paper("2509.00002").notes.map(\.text).joined()
    try check(both.contains("the desk's line"), "the desk's text is lost: \(both)")
    try check(both.contains("the laptop's line"), "the laptop's text is lost: \(both)")
    let conflicts = try laptop.does("conflicts", "list")
    try check(conflicts.contains(second), "the note is not among the conflicts: \(conflicts)")
    try laptop.does("note", "edit", second, "-m", "mended")
    try Settling.settle([desk, laptop], spot)
    try check(!(try desk.does("conflicts", "list").contains(second)), "the mended note conflicts")
  }

  static let bothImport = Scenario("both import the same digest") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
    for machine in [desk, laptop] {
      try machine.imports(OwnDigest())
      try machine.adds("home", spot)
    }
    try desk.does("star", "2509.00001")
    try laptop.does("read", "2509.00001")
    try Settling.settle([desk, laptop], spot)
    let papers = try desk.papers()
    try equal(papers.count, 12, "papers")
    try equal(papers["2509.00001"]?.digests.count, 1, "appearances")
    try equal(papers["2509.00001"]?.starred, true, "star")
    try equal(papers["2509.00001"]?.status, "read", "status")
  }

  static let offline = Scenario("offline for many edits") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    for round in 0..<10 {
      try desk.does("tag", "add", "d\(round)", "all")
      try laptop.does("note", "add", OwnDigest().ids[round], "-m", "note \(round)")
      try laptop.does("tag", "add", "l\(round)", OwnDigest().ids[round])
    }
    try laptop.imports(OwnDigest("2025-09-09", first: 100, count: 40))
    try Settling.settle([desk, laptop], spot)
    let papers = try desk.papers()
    try equal(papers.count, 52, "papers")
    for round in 0..<10 {
      let paper = papers[OwnDigest().ids[round]]
      try equal(paper?.tags.count, 11, "tags of \(round)")
      try equal(paper?.notes.map(\.text), ["note \(round)"], "note of \(round)")
    }
  }

  static let undoAfterSync = Scenario("undo after sync") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("read", "2509.00001", "2509.00002")
    try Settling.settle([desk, laptop], spot)
    try equal(try laptop.paper("2509.00002").status, "read", "status")
    try desk.does("undo")
    try Settling.settle([desk, laptop], spot)
    try equal(try laptop.paper("2509.00001").status, "unread", "undone status")
    try desk.does("redo")
    try Settling.settle([desk, laptop], spot)
    try equal(try laptop.paper("2509.00002").status, "read", "redone status")
  }

  static let deleteAgainstEdit = Scenario("delete against edit") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try desk.does("note", "add", "2509.00001", "-m", "short")
    try Settling.settle([desk, laptop], spot)
    let note = try desk.note(of: "2509.00001")
    try laptop.does("note", "edit", note, "-m", "long and dear")
    try desk.does("note", "remove", note)
    try Settling.settle([desk, laptop], spot)
    try equal(
      try desk.paper("2509.00001").notes.map(\.text), ["long and dear"], "edit beats delete")
  }

  static let wiped = Scenario("server wiped") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    try laptop.does("tag", "add", "laptop", "2509.00002")
    let before = try Settling.settle([desk, laptop], spot)
    try spot.replace(with: [:])
    try equal(try Settling.settle([desk, laptop], spot), before, "what they show after the wipe")
    let phone = try Machine("phone")
    try phone.adds("home", spot)
    try equal(try Settling.settle([desk, laptop, phone], spot), before, "what a third finds")
  }

  static let rolledBack = Scenario("server restored from an older copy") { place, name in
    let spot = try place.spot(name)
    let (desk, laptop) = try pair(spot)
    let older = try spot.files()
    try desk.does("read", "2509.00001")
    try Settling.settle([desk, laptop], spot)
    try laptop.does("star", "2509.00002")
    try Settling.settle([desk, laptop], spot)
    try spot.replace(with: older)
    try desk.does("tag", "add", "after", "2509.00003")
    try Settling.settle([desk, laptop], spot)
    let phone = try Machine("phone")
    try phone.adds("home", spot)
    try Settling.settle([desk, laptop, phone], spot)
    try equal(try phone.paper("2509.00001").status, "read", "an edit after the copy")
    try equal(try phone.paper("2509.00002").starred, true, "another's edit after the copy")
    try equal(try phone.paper("2509.00003").tags, ["after"], "an edit after the restore")
  }
}
