import Foundation
import TestSupport
import Testing

/// The order by taste as a person meets it: a fortnight of a small list.
@Suite struct TasteOrderTests {
  private static let subjects = [
    ("diffusion", "Denoising of images by diffusion, with a schedule of noise."),
    ("agents", "A survey of agents that browse the web and call tools."),
    ("proofs", "Machine proofs of theorems, checked by a kernel."),
  ]

  /// Six papers a day, two of each subject, the liked one never first.
  private static func read(_ day: Int, into home: Home, shift: Int = 1) throws {
    let papers = (0..<6).map { place in
      let (name, text) = subjects[(place + shift) % 3]
      let link = "https://arxiv.org/pdf/2510.\(10_000 + day * 10 + place)"
      return "## \(place).[On \(name) \(day)-\(place)](\(link))\n\nsummary:\(text)\n"
    }
    let text = "# Papers for 2025-10-0\(day)\n\n" + papers.joined(separator: "\n")
    let run = try home.shelf("import", try home.file("story/2025-10-0\(day).md", text))
    try #require(run.code == 0, "\(run.notes)")
  }

  private static func home(days: ClosedRange<Int>) throws -> Home {
    let home = try Home()
    for day in days { try read(day, into: home) }
    return home
  }

  private static func titles(_ home: Home, _ words: String...) throws -> [String] {
    try home.run(["list", "--format", "{title}"] + words).lines
  }

  @Test func fromTheThirdStarOnADayBeginsWithWhatIsLiked() throws {
    let home = try Self.home(days: 1...3)
    let digestOrder = try Self.titles(home)
    #expect(try Self.titles(home, "--sort", "taste") == digestOrder)
    let unknown = try home.shelf("list", "--sort", "taste")
    #expect(unknown.notes.contains("too little is known"), "\(unknown.notes)")
    #expect(unknown.code == 0)
    _ = try home.shelf("star", "title:diffusion", "date:2025-10-01")
    let two = try home.shelf("list", "--sort", "taste")
    #expect(two.notes.contains("2 papers of 3"), "\(two.notes)")
    #expect(try Self.titles(home, "--sort", "taste") == digestOrder)

    _ = try home.shelf("star", "2510.10022")
    let ordered = try Self.titles(home, "--sort", "taste")
    #expect(ordered.sorted() == digestOrder.sorted(), "nothing is hidden")
    for day in [ordered[0..<6], ordered[6..<12], ordered[12..<18]] {
      #expect(day.prefix(2).allSatisfy { $0.contains("diffusion") }, "\(Array(day))")
    }
    #expect(ordered[0].hasSuffix("3-2"), "the newest day first: \(ordered)")
    #expect(try Self.titles(home, "--sort", "taste", "--limit", "3") == Array(ordered.prefix(3)))
  }

  @Test func jsonAndTablesSayWhyWhereTheyAreAsked() throws {
    let home = try Self.home(days: 1...3)
    _ = try home.shelf("star", "title:diffusion", "date:2025-10-01..2025-10-02")
    _ = try home.shelf("skip", "title:agents", "date:2025-10-01..2025-10-02")
    let papers = try home.shelf("list", "--sort", "taste", "--json", "date:2025-10-03").array
    let first = try #require(papers.first)
    let last = try #require(papers.last)
    let (high, low) = (first["taste"] as? Double ?? 0, last["taste"] as? Double ?? 1)
    #expect(high > 0.5 && low < 0.5, "\(high) \(low)")
    let because = try #require(first["because"] as? [String: [String]])
    #expect(because["for"]?.contains { $0.contains("diffusion") } == true, "\(because)")
    let against = try #require(last["because"] as? [String: [String]])
    #expect(against["against"]?.contains { $0.contains("agents") } == true, "\(against)")

    let table = try home.shelf("list", "--sort", "taste", "--csv", "--limit", "1")
    #expect(table.lines.first?.contains(",taste,because") == true, "\(table.lines)")
    #expect(table.out.contains("for: "))
    let search = try home.shelf("search", "survey or diffusion", "--sort", "taste", "--json")
    #expect(search.array.first?["taste"] as? Double ?? 0 > 0.5, "\(search)")
    #expect(search.array.first?["because"] is [String: [String]])
    #expect(try home.shelf("search", "diffusion", "--json").array.first?["taste"] == nil)
    let triage = try home.run(["triage", "--by", "taste", "date:2025-10-03"], input: "")
    let card = try #require(
      JSONSerialization.jsonObject(with: Data(triage.lines[0].utf8)) as? [String: Any])
    #expect(card["taste"] as? Double == high && card["because"] is [String: [String]])
    let byDate = try home.run(["triage", "date:2025-10-03"], input: "")
    #expect(byDate.out.contains("\"title\"") && !byDate.out.contains("\"because\""))
    let plain = try home.shelf("list", "--json", "--limit", "1")
    #expect(plain.array.first?["taste"] == nil)
    #expect(!(try home.shelf("list", "--csv").out.contains("because")))
    #expect(try home.shelf("show", "2510.10032").out.contains("taste for: "))
  }

  @Test func triageByTasteBeginsADayWithWhatIsLiked() throws {
    let home = try Self.home(days: 1...3)
    let early = try home.run(["triage", "--by", "taste", "date:2025-10-02"], input: "s\n")
    #expect(early.notes.contains("too little is known"), "\(early.notes)")
    _ = try home.shelf("undo")
    _ = try home.shelf("star", "title:diffusion", "date:2025-10-01..2025-10-02")
    let run = try home.run(["triage", "--by", "taste", "date:2025-10-03"], input: "s\ns\ns\n")
    let titles = run.lines.compactMap { line in
      let object = try? JSONSerialization.jsonObject(with: Data(line.utf8))
      return (object as? [String: Any])?["title"] as? String
    }
    #expect(titles.prefix(2).allSatisfy { $0.contains("diffusion") }, "\(run.out)")
    #expect(titles.count >= 3 && !titles[2].contains("diffusion"), "\(titles)")
  }

  @Test func theSameLibraryHasTheSameOrderHoweverItCameAbout() throws {
    let (one, other) = (try Self.home(days: 1...4), try Home())
    for day in [3, 1, 4, 2] { try Self.read(day, into: other) }
    _ = try one.shelf("star", "title:proofs", "date:2025-10-01..2025-10-02")
    _ = try one.shelf("list", "--sort", "taste")
    _ = try one.shelf("skip", "title:agents", "date:2025-10-03")
    _ = try other.shelf("skip", "title:agents", "date:2025-10-03")
    _ = try other.shelf("star", "title:proofs", "date:2025-10-02")
    _ = try other.shelf("star", "title:proofs", "date:2025-10-01")
    let (first, second) = (
      try one.shelf("list", "--sort", "taste", "--format", "{id} {taste}").lines,
      try other.shelf("list", "--sort", "taste", "--format", "{id} {taste}").lines
    )
    #expect(first == second)
    #expect(first.count == 24)
  }

  /// What is read again after a change is what changed: the order must be that of a library whose
  /// every paper is read.
  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func smallStepsComeToWhatBeginningAnewComesTo(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let home = try Self.home(days: 1...3)
    _ = try home.shelf("star", "title:diffusion", "date:2025-10-01..2025-10-02")
    let files = ["taste", "taste-papers"].map { home.url.appendingPathComponent("state/\($0)") }
    for step in 0..<12 {
      let day = Int.random(in: 1...4, using: &random)
      let id = "2510.\(10_000 + day * 10 + Int.random(in: 0..<6, using: &random))"
      switch step % 4 {
      case 0: _ = try home.run(["skip", id])
      case 1: try Self.read(day, into: home, shift: Int.random(in: 1...3, using: &random))
      case 2:
        _ = try home.run([["star", "unstar", "read"].randomElement(using: &random) ?? "", id])
      default: _ = try home.run([Bool.random(using: &random) ? "undo" : "redo"])
      }
      let order = try home.shelf("list", "--sort", "taste", "--format", "{id} {taste}").lines
      let kept = try files.map { try Data(contentsOf: $0) }
      for file in files { try FileManager.default.removeItem(at: file) }
      let anew = try home.shelf("list", "--sort", "taste", "--format", "{id} {taste}").lines
      #expect(order == anew, "seed \(seed), step \(step)")
      #expect(order.count >= 18)
      for (file, bytes) in zip(files, kept) { try bytes.write(to: file) }
    }
  }

  @Test func aDamagedOrForeignModelIsMadeAgain() throws {
    let home = try Self.home(days: 1...2)
    _ = try home.shelf("star", "title:diffusion")
    let ordered = try Self.titles(home, "--sort", "taste")
    let file = home.url.appendingPathComponent("state/taste")
    let whole = try Data(contentsOf: file)
    #expect(whole.count < 4 << 20)
    var flipped = whole
    flipped[whole.count / 2] ^= 0x40
    for bytes in [Data(), Data("no model".utf8), whole.dropLast(), flipped, whole + whole] {
      try bytes.write(to: file)
      #expect(try home.shelf("show", "2510.10012").code == 0)
      #expect(try Self.titles(home, "--sort", "taste") == ordered)
      #expect(try Data(contentsOf: file) == whole)
    }
    // Features that do not come back are read again, when a verdict asks for them.
    let features = home.url.appendingPathComponent("state/taste-papers")
    let known = try Data(contentsOf: features)
    for bytes in [Data(), known.dropLast(), whole, known + known] {
      try bytes.write(to: features)
      try FileManager.default.removeItem(at: file)
      #expect(try Self.titles(home, "--sort", "taste") == ordered)
      #expect(try Data(contentsOf: features) == known)
    }
    // In the place of the file stands a folder that nobody can write a file over.
    try FileManager.default.removeItem(at: file)
    try FileManager.default.createDirectory(
      at: file.appendingPathComponent("in the way"), withIntermediateDirectories: true)
    #expect(try Self.titles(home, "--sort", "taste") == ordered)
  }

  @Test func onlyACommandThatAsksMakesAModel() throws {
    let home = try Self.home(days: 1...1)
    _ = try home.shelf("star", "title:diffusion")
    _ = try home.shelf("star", "title:proofs")
    for words in [["list"], ["show", "2510.10010"], [], ["stats"], ["search", "proofs"]] {
      _ = try home.run(words)
    }
    let file = home.url.appendingPathComponent("state/taste")
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }
}
