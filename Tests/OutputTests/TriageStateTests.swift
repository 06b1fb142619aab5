import Papers
import Store
import TestSupport
import Testing

@testable import shelf

/// What keys do, without a terminal and without a library.
@Suite struct TriageStateTests {
  private func person(_ days: [Int] = [5, 4], seed: UInt64 = 1) -> TriagePerson {
    var random = SeededGenerator(seed: seed)
    return TriagePerson(TriageDeskInMemory(days: days, &random))
  }

  private func statuses(_ person: TriagePerson) -> [ReadingStatus] {
    person.desk.papers.map(\.status)
  }

  @Test func oneKeyIsAVerdictAndGoesOn() {
    var person = person()
    person.press("rqs")
    #expect(statuses(person).prefix(4) == [.read, .queued, .skipped, .unread])
    #expect(person.state.cursor == 3)
    #expect(person.state.card?.id == person.desk.papers[3].id)
    #expect(person.desk.operations == 3)
  }

  @Test func starAndReadingStay() {
    var person = person()
    person.press("*g")
    #expect(person.state.cursor == 0)
    #expect(person.desk.papers[0].starred && person.desk.papers[0].status == .reading)
    person.press(" ")
    #expect(person.state.cursor == 1)
  }

  @Test func spaceGoesOnAndBackComesBack() {
    var person = person()
    person.press("  bs")
    #expect(statuses(person).prefix(3) == [.unread, .skipped, .unread])
    #expect(person.state.cursor == 2)
    person.press("bbbbbb")
    #expect(person.state.cursor == 0)
  }

  @Test func aDecidedPaperIsNotDecidedAgainOnTheWay() {
    var person = person()
    person.press("ssbbr")
    #expect(statuses(person).prefix(3) == [.read, .skipped, .unread])
    #expect(person.state.cursor == 2, "on to what has no verdict")
  }

  @Test func theRestOfADayIsOneOperation() {
    var person = person([5, 4, 3])
    person.press("r A")
    #expect(person.desk.operations == 2)
    #expect(statuses(person).prefix(6) == [.read, .skipped, .skipped, .skipped, .skipped, .unread])
    #expect(person.state.cursor == 5)
    // Doubled it is not for the next day.
    person.press("A")
    person.press("A")
    #expect(person.desk.operations == 2 && person.state.message?.isComplaint == true)
    person.press(" A")
    #expect(person.desk.operations == 3)
    person.press("uu")
    #expect(statuses(person).dropFirst().allSatisfy { $0 == .unread })
    #expect(person.state.cursor == 2, "where A was pressed")
    person.press(.control("r"))
    #expect(person.state.cursor == 5)
  }

  @Test func undoGoesToItsPaperAndRedoOn() {
    var person = person()
    person.press("rs*")
    person.press("u")
    #expect(person.state.cursor == 2 && !person.desk.papers[2].starred)
    person.press("u")
    #expect(person.state.cursor == 1 && person.desk.papers[1].status == .unread)
    person.press("u")
    #expect(person.state.cursor == 0)
    person.press("u")
    #expect(person.state.message?.text == "nothing to undo")
    for _ in 0..<3 { person.press(.control("r")) }
    #expect(statuses(person).prefix(3) == [.read, .skipped, .unread])
    #expect(person.desk.papers[2].starred && person.state.cursor == 2)
  }

  @Test func whatIsBusyIsToldAndCanBePressedAgain() {
    var person = person()
    person.desk.isBusy = true
    person.press("s")
    #expect(person.state.cursor == 0 && statuses(person)[0] == .unread)
    #expect(person.state.message?.isComplaint == true)
    person.press("s")
    #expect(person.state.cursor == 1 && statuses(person)[0] == .skipped)
  }

  @Test func enterAndPastesAndUnknownKeysDecideNothing() {
    var person = person()
    for key: Key in [
      .enter, .enter, .enter, .paste("rqsAu\r"), .unknown, .tab, .character("x"), .control("x"),
      .character("R"), .backspace, .delete, .home, .end, .pageDown, .pageUp,
    ] { person.press(key) }
    #expect(person.desk.operations == 0 && person.state.cursor == 0 && !person.hasLeft)
  }

  @Test func tagsAreTypedAndMended() {
    var person = person()
    person.press("t")
    person.press("kv,!")
    person.press(.enter)
    #expect(person.desk.operations == 0, "no tag, and what was typed stays")
    if case .typing(_, let line) = person.state.mode { #expect(line.text == "kv,!") }
    person.press(.backspace)
    person.press("m")
    person.press(.tab)
    person.press(.enter)
    #expect(person.desk.papers[0].tags.map(\.name) == ["kv", "ml/attention"])
    #expect(person.state.cursor == 0 && person.state.mode == .card)
    // Keys of verdicts are letters there.
    person.press("t")
    person.press("rqs")
    person.press(.escape)
    #expect(person.desk.operations == 1 && person.state.mode == .card)
  }

  @Test func anAuthorNarrowsAndEscapeComesBackToThePlace() {
    var person = person([3, 3])
    for index in person.desk.papers.indices {
      person.desk.papers[index].bibliography.authors = index % 2 == 1 ? ["Ann Lee"] : ["Bo", "Cy"]
    }
    person.noticeOthers()
    person.press("sa")
    #expect(person.state.entries.count == 3 && person.state.narrowing == .author("Ann Lee"))
    person.press("r")
    #expect(person.state.cursor == 1)
    person.press(.escape)
    #expect(person.state.narrowing == nil && person.state.cursor == 1 && !person.hasLeft)
    #expect(person.state.current?.row.status == .read)
    person.press(" a")
    if case .typing(.author, let line) = person.state.mode { #expect(line.text == "Bo") }
    person.press(.tab)
    person.press(.enter)
    #expect(person.state.narrowing == .author("Cy"))
    person.press("Q")
    #expect(person.hasLeft)
  }

  @Test func theEndSaysWhatIsLeft() {
    var person = person([2, 1])
    person.press("s  ")
    #expect(person.state.isAtEnd && person.state.current == nil && person.state.passed == 2)
    person.press("s")
    #expect(person.state.message?.isComplaint == true)
    person.press(" ")
    #expect(person.state.current?.id == person.desk.papers[1].id, "begins again")
    person.press("rr")
    #expect(person.state.isAtEnd && statuses(person) == [.skipped, .read, .read])
    person.press("b")
    #expect(person.state.current?.id == person.desk.papers[2].id)
  }

  /// Papers keep their places, and the cursor too, whatever somebody else does.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func othersMoveNothing(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var person = person([8, 8], seed: seed)
    person.press("s s")
    let (ids, cursor) = (person.state.entries.map(\.id), person.state.cursor)
    for _ in 0..<10 { person.desk.changeElsewhere(&random) }
    person.desk.papers.remove(at: cursor)
    person.noticeOthers()
    #expect(person.state.entries.map(\.id) == ids && person.state.cursor == cursor)
    #expect(person.state.card == nil)
    person.press("r")
    #expect(person.state.cursor == cursor, "no verdict on what is gone")
  }

  /// Any keys, and then as many undos: everything is as it was.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func undoOfAllIsTheStart(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var person = person([6, 1, 9, 3], seed: seed)
    let before = person.desk.papers
    let verbs = TriageKeys.standard
    for _ in 0..<120 {
      let verb =
        [
          TriageVerb.read, .queue, .skip, .next, .back, .star, .reading, .note, .rest, .undo, .redo,
        ].randomElement(using: &random) ?? .read
      person.desk.isBusy = Int.random(in: 0..<20, using: &random) == 0
      person.press(verbs.keys(of: verb).first ?? .unknown)
      expectConsistent(person, seed)
    }
    person.desk.isBusy = false
    let after = person.desk.papers
    let count = person.desk.done.count
    for _ in 0..<(count + 1) { person.press("u") }
    #expect(person.desk.papers == before, "seed \(seed)")
    #expect(person.state.decisions == 0, "seed \(seed)")
    for _ in 0..<count { person.press(.control("r")) }
    #expect(person.desk.papers == after, "seed \(seed)")
  }

  /// The stack is what the library says, and the cursor within it.
  private func expectConsistent(_ person: TriagePerson, _ seed: UInt64) {
    let state = person.state
    #expect((0...state.entries.count).contains(state.cursor), "seed \(seed)")
    #expect(state.card?.id == state.current?.id, "seed \(seed)")
    for entry in state.entries {
      #expect(person.desk.paper(entry.id)?.status == entry.row.status, "seed \(seed)")
    }
    #expect(Set(state.entries.map(\.id)).count == state.entries.count, "seed \(seed)")
  }
}

/// What a screen shows.
@Suite struct TriageScreenTests {
  private static let keys: [Key] =
    TriageVerb.allCases.filter { $0 != .leave }.flatMap(\.standardKeys)
    + [
      .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .tab, .backTab, .backspace,
      .escape, .character("缓"), .character("\u{301}"), .character("m"), .paste("缓存 \u{1B}[31m👩‍🔬"),
      .control("l"), .unknown,
    ]

  /// Any keys on terminals of any size: every line fits, there are as many as rows, and nothing
  /// but styles of our own could drive the terminal.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func everyFrameFits(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var person = TriagePerson(TriageDeskInMemory(days: [4, 7, 2], &random))
    for _ in 0..<40 {
      if Int.random(in: 0..<12, using: &random) == 0 {
        person.desk.changeElsewhere(&random)
        person.noticeOthers()
      }
      person.press(Self.keys.randomElement(using: &random) ?? .enter)
      let size = TriageScreen.Size(
        columns: Int.random(in: 1...260, using: &random),
        rows: Int.random(in: 1...60, using: &random))
      let cells = CellWidth(ambiguous: Int.random(in: 1...2, using: &random))
      let screen = TriageScreen(
        size: size, palette: Palette(isOn: Bool.random(using: &random)), cells: cells,
        zone: Timestamp.utc)
      let frame = screen.frame(person.state)
      person.state.measured(page: frame.page, lines: frame.length)
      expectFits(frame, size, cells, "seed \(seed), \(size)")
    }
  }

  private func expectFits(
    _ frame: TriageScreen.Frame, _ size: TriageScreen.Size, _ cells: CellWidth, _ place: String
  ) {
    #expect(frame.lines.count == size.rows, "\(place)")
    for line in frame.lines {
      let text = line.rendered.replacing(/\u{1B}\[[\d;]+m/, with: "")
      #expect(cells.width(of: text) <= size.columns, "\(place): \(text)")
      #expect(
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }, "\(place)")
      #expect(!text.contains("\u{202E}"), "\(place)")
    }
    if let cursor = frame.cursor {
      #expect((0..<size.rows).contains(cursor.row) && (0..<size.columns).contains(cursor.column))
    }
  }

  @Test(arguments: [(0, 0), (-5, 99999), (100_000, 3)])
  func sizesAreBounded(_ columns: Int, _ rows: Int) {
    let size = TriageScreen.Size(columns: columns, rows: rows)
    #expect((1...1000).contains(size.columns) && (1...500).contains(size.rows))
  }

  /// The list keeps the paper of the cursor in sight, whatever stands above it.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func theCursorIsInSight(_ seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var person = TriagePerson(TriageDeskInMemory(days: [9, 40, 3, 30], &random))
    for _ in 0..<50 {
      person.press(["s", " ", "b", "A"].randomElement(using: &random) ?? "s")
      let rows = Int.random(in: 10...40, using: &random)
      let list = TriageList(
        width: 40, height: rows, palette: Palette(isOn: false), cells: CellWidth()
      ).lines(person.state)
      #expect(list.count == rows)
      let here = list.count { $0.rendered.hasPrefix(">") }
      #expect(here == (person.state.current == nil ? 0 : 1), "seed \(seed)")
    }
  }

  @Test func configuredKeysAreShown() throws {
    let keys = try TriageKeys(changing: [.skip: [.character("x")], .read: [.control("t")]])
    var random = SeededGenerator(seed: 1)
    let person = TriagePerson(TriageDeskInMemory(days: [3], &random), keys: keys)
    let screen = TriageScreen(
      size: .init(columns: 80, rows: 24), palette: Palette(isOn: false), cells: CellWidth(),
      zone: Timestamp.utc)
    let foot = try #require(screen.frame(person.state).lines.last).rendered
    #expect(foot.hasPrefix("ctrl-t read  q queue  x skip"), "\(foot)")
    #expect(foot.hasSuffix("? all keys"))
    #expect(throws: TriageKeys.Conflict.self) {
      try TriageKeys(changing: [.skip: [.character("r")]])
    }
  }
}
