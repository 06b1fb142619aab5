import Foundation
import TestSupport
import Testing

/// Lists move in from what other people's programs write, and out to what they read: the programs
/// themselves (Tests/tools/other_programs.py), not files that look like theirs.
@Suite(.enabled(if: OtherPrograms.areInstalled, "run Tests/tools/install.sh"))
struct MovingTests {
  /// What a file tells besides the two papers.
  struct Told {
    var file: String
    var title = "Lamps That Dim: 油灯 and Öl|Wicks & Wax, 50% Cheaper"
    var authors = "Lee, Ann; Ngô, Minh|Wick, John"
    var tags = "|"
    var keywords = "light, oil lamps|"
    /// 2 where a page in it is no paper.
    var code: Int32 = 0
  }

  static let records = [
    Told(file: "bibtexparser.bib"), Told(file: "rispy.ris"), Told(file: "papis.bib"),
    Told(file: "papis.json"), Told(file: "papis.csv"), Told(file: "papis.yaml"),
    Told(file: "papis"),
    // pandoc writes titles in sentence case, as CSL asks.
    Told(
      file: "pandoc.json", title: "Lamps that dim: 油灯 and öl|Wicks & wax, 50% cheaper",
      authors: "Ann Lee; Minh Ngô|John Wick"),
  ]
  static let bookmarks = ["buku.html", "buku.json", "buku.xbel", "buku.org", "buku.md"].map {
    Told(
      file: $0, authors: "|",
      tags: $0 == "buku.html"
        ? "buku-bookmarks, light, oil-lamps|buku-bookmarks" : "light, oil-lamps|",
      keywords: "|", code: 2)
  }

  @Test(arguments: records + bookmarks)
  func movesIn(_ told: Told) throws {
    let home = try Home()
    let path = try OtherPrograms.lists.get() + "/" + told.file
    let run = try home.shelf("import", path)
    #expect(run.code == told.code, "\(run.notes)")
    func rows(_ template: String) throws -> String {
      try home.shelf("list", "--sort", "id", "--format", template).lines.joined(separator: "|")
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
    let template = "{id}|{title}|{authors}|{keywords}|{url}"
    let list = ["list", "--sort", "id", "--format", template]
    #expect(try other.run(list).out == home.run(list).out)
    #expect(
      try other.shelf("export", form, "--sort", "id").out
        == home.shelf("export", form, "--sort", "id").out)
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
