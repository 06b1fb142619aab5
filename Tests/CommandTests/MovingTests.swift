import Foundation
import TestSupport
import Testing

/// Lists move in from what other people's programs write, and out to what they read: the programs
/// themselves (Tests/tools/other_programs.py), not files that look like theirs.
@Suite(.enabled(if: OtherPrograms.areInstalled, "run Tests/tools/install.sh"))
struct MovingTests {
  /// What a file tells besides the two papers.
  struct Told: CustomTestStringConvertible {
    var file: String
    var testDescription: String { file }
    var title = "Lamps That Dim: 油灯 and Öl|Wicks & Wax, 50% Cheaper"
    var authors = "Lee, Ann; Ngô, Minh|Wick, John"
    var tags = "|"
    var keywords = "light, oil lamps|"
    /// 2 where a page in it is no paper.
    var code: Int32 = 0
  }

  private static let natural = "Ann Lee; Minh Ngô|John Wick"

  static let records = [
    Told(file: "bibtexparser.bib"), Told(file: "rispy.ris"), Told(file: "papis.bib"),
    Told(file: "papis.csv"), Told(file: "papis.json", authors: natural),
    Told(file: "papis.yaml", authors: natural), Told(file: "papis", authors: natural),
    // pandoc writes titles in sentence case, as CSL asks.
    Told(
      file: "pandoc.json", title: "Lamps that dim: 油灯 and öl|Wicks & wax, 50% cheaper",
      authors: natural),
  ]
  /// buku's Markdown has the tags in comments, which are nobody's.
  static let bookmarks = ["buku.html", "buku.json", "buku.xbel", "buku.org", "buku.md"].map {
    let folder = $0 == "buku.html" ? "buku-bookmarks" : ""
    // A tag of org holds no space.
    let lamps = $0 == "buku.org" ? "oil_lamps" : "oil-lamps"
    let tags = [folder, "light", lamps].filter { !$0.isEmpty }.joined(separator: ", ")
    let isList = $0 == "buku.org" || $0 == "buku.md"
    return Told(
      file: $0, authors: "|", tags: $0 == "buku.md" ? "|" : tags + "|" + folder, keywords: "|",
      code: isList ? 0 : 2)
  }

  @Test(arguments: records + bookmarks)
  func movesIn(_ told: Told) throws {
    let home = try Home()
    let path = try OtherPrograms.lists.get() + "/" + told.file
    let run = try home.shelf("import", path)
    #expect(run.code == told.code, "\(run.notes)")
    func rows(_ template: String) throws -> String {
      try home.shelf("list", "--sort", "id", "--format", template + "$").out
        .replacing("$\n", with: "|").dropLast().description
    }
    #expect(try rows("{id}") == "2501.00001|doi:10.1234/wax.5")
    #expect(try rows("{title}") == told.title)
    #expect(try rows("{authors}") == told.authors)
    #expect(try rows("{tags}") == told.tags)
    #expect(try rows("{keywords}") == told.keywords)
    let before = try home.export()
    let again = try home.shelf("import", path)
    #expect(again.notes.contains(": 0 new, 0 updated, 2 seen again"), "\(again.notes)")
    #expect(try home.export() == before)
  }

  /// In, out in a form of ours, and in elsewhere: the same list.
  @Test(arguments: records, ["bibtex", "ris", "csl-json", "csv"])
  func movesOnInOurForms(_ told: Told, _ form: String) throws {
    let home = try Home()
    _ = try home.shelf("import", try OtherPrograms.lists.get() + "/" + told.file)
    let file = home.url.appendingPathComponent("out").path
    #expect(try home.shelf("export", form, "--sort", "id", "-o", file).code == 0)
    let other = try Home()
    #expect(try other.shelf("import", file).code == 0)
    let list = ["list", "--sort", "id", "--format", "{id}|{title}|{keywords}|{url}"]
    #expect(try other.run(list).out == home.run(list).out)
    #expect(try authors(other) == authors(home))
  }

  /// `Lee, Ann` is `Ann Lee`: names are kept as given, and some forms have one way only.
  private func authors(_ home: Home) throws -> [[String]] {
    try home.shelf("list", "--sort", "id", "--format", "{authors}$").out.split(separator: "$").map {
      $0.split(separator: ";").map {
        $0.split { ", \n".contains($0) }.map(String.init).sorted().joined(separator: " ")
      }
    }
  }

  @Test(arguments: [("bibtex", "out.bib"), ("ris", "out.ris"), ("csl-json", "out.json")])
  func othersReadWhatWeWrite(_ form: String, _ name: String) throws {
    let home = try Home()
    _ = try home.shelf("import", try OtherPrograms.lists.get() + "/papis")
    let file = home.url.appendingPathComponent(name).path
    #expect(try home.shelf("export", form, "--sort", "id", "-o", file).code == 0)
    let read = try OtherPrograms.run(["read", home.url.path + "/work", file])
    let papers = try #require(
      try JSONSerialization.jsonObject(with: Data(read.utf8)) as? [[Any]])
    let titles = papers.compactMap { ($0.first as? String)?.filter { $0 != "{" && $0 != "}" } }
    #expect(Set(titles) == ["Lamps That Dim: 油灯 and Öl", "Wicks & Wax, 50% Cheaper"])
    let authors = papers.compactMap { $0.last as? [String] }
    #expect(Set(authors) == [["Ann Lee", "Minh Ngô"], ["John Wick"]])
  }
}

/// Other people's programs, in the environment that Tests/tools/install.sh makes.
enum OtherPrograms {
  private static let python = PackageRoot.url.appendingPathComponent(".build/readers/bin/python")
    .path
  static let areInstalled = FileManager.default.isExecutableFile(
    atPath: PackageRoot.url.appendingPathComponent(".build/readers/bin/papis").path)

  /// A folder with what they write, made once.
  static let lists = Result {
    let folder =
      FileManager.default.temporaryDirectory.path + "/papershelf-lists-\(UUID().uuidString)"
    _ = try run(["write", folder])
    return folder
  }

  struct Failed: Error { var message: String }

  /// Runs Tests/tools/other_programs.py.
  /// - Returns: what it printed.
  static func run(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    let script = PackageRoot.url.appendingPathComponent("Tests/tools/other_programs.py").path
    process.arguments = ["-X", "utf8", script] + words
    let (out, notes) = (Pipe(), Pipe())
    process.standardOutput = out
    process.standardError = notes
    try process.run()
    let printed = out.fileHandleForReading.readDataToEndOfFile()
    let told = notes.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(message: String(decoding: told, as: UTF8.self))
    }
    return String(decoding: printed, as: UTF8.self)
  }
}
