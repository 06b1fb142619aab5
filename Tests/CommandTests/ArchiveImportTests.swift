import Foundation
import TestSupport
import Testing

/// Lists that come packed.
@Suite struct ArchiveImportTests {
  private typealias Member = Packing.ZipMember

  private func file(_ home: Home, _ name: String, _ bytes: [UInt8]) throws -> String {
    let path = try home.file(name, "")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func gzip(_ text: String) -> [UInt8] { Packing.gzip(Array(text.utf8)) }

  /// Id, day and series of every paper.
  private func list(_ home: Home) throws -> [String] {
    try home.shelf("list", "--format", "{id} {date} {source}", "--sort", "id").lines
  }

  @Test func aPackedDigestIsTheDigest() throws {
    let home = try Sample.home()
    let before = try home.export()
    let packed = try file(home, "series/2025-10-02.md.gz", gzip(Sample.day))
    let run = try home.shelf("import", packed)
    #expect(run.code == 0 && run.notes == "3 papers: 0 new, 0 updated, 3 seen again\n")
    let zip = try file(home, "series.zip", Packing.zip([Member("2025-10-02.md", Sample.day)]))
    #expect(try home.shelf("import", zip).notes.contains("0 new, 0 updated, 3 seen again"))
    #expect(try home.export() == before)
  }

  @Test func contentTellsAndNotTheName() throws {
    let home = try Home()
    let packed = try file(home, "series/2025-10-02.md", gzip(Sample.day))
    #expect(try home.shelf("import", packed).code == 0)
    #expect(
      try list(home) == (1...3).map { "2509.0000\($0) 2025-10-02 series" })
  }

  /// `printf '# Papers for 2025-10-02\n\n## 0.[Tin Kettles](https://arxiv.org/abs/2509.00009)\n'`
  private let xz =
    "/Td6WFoAAATm1rRGAgAhARYAAAB0L+WjAQBNIyBQYXBlcnMgZm9yIDIwMjUtMTAtMDIKCiMjIDAuW1Rp"
    + "biBLZXR0bGVzXShodHRwczovL2FyeGl2Lm9yZy9hYnMvMjUwOS4wMDAwOSkKAAAAlFrY6ImYlK4AAWZO"
    + "nRVFgh+2830BAAAAAARZWg=="

  @Test func xzIsReadWhereItsLibraryIs() throws {
    let home = try Home()
    let bytes = Array(try #require(Data(base64Encoded: xz)))
    let packed = try file(home, "tins/2025/10/02.md.xz", bytes)
    let run = try home.shelf("import", packed)
    #expect(run.code == 0, "\(run.notes)")
    #expect(try list(home) == ["2509.00009 2025-10-02 tins"])
    let cut = try file(home, "tins/cut.xz", Array(bytes.dropLast(9)))
    let cutOff = try home.shelf("import", cut)
    #expect(cutOff.code == 65 && cutOff.notes.contains("the xz file ends too early"))
  }

  @Test func withoutTheLibraryTheDebianPackageIsNamed() throws {
    let home = try Home()
    let packed = try file(home, "a.md.xz", Array(try #require(Data(base64Encoded: xz))))
    // What stands for the library is none.
    let library = try file(home, "lib/liblzma.so.5", [])
    let folder = String(library.dropLast("/liblzma.so.5".count))
    let run = try home.run(["import", packed], variables: ["LD_LIBRARY_PATH": folder])
    #expect(run.code == 65)
    #expect(run.notes.contains("  → install the Debian package liblzma5"), "\(run.notes)")
    let good = try home.file("2025-10-02.md", Sample.day)
    let others = try home.run(["import", packed, good], variables: ["LD_LIBRARY_PATH": folder])
    #expect(others.code == 2)
    #expect(try home.shelf("count").out == "3\n")
  }

  @Test func aZipIsAFolderOfDigests() throws {
    let home = try Home()
    let zip = try file(
      home, "all.zip",
      Packing.zip([
        Member("lists-main/", ""), Member("lists-main/archive/2025-10-02.md", Sample.day),
        Member("lists-main/archive/2025-10-03.md", Sample.nextDay),
        Member("lists-main/shelf.png", "no digest"), Member("lists-main/.github/a.md", "no"),
        Member("__MACOSX/lists-main/._a.md", "no"),
        Member("lists-main/node_modules/x/README.md", Sample.day),
      ]))
    let run = try home.shelf("import", zip)
    #expect(run.code == 0)
    #expect(run.notes.hasPrefix("5 papers in 2 files: 4 new, 1 updated, 0 seen again\n"))
    #expect(run.notes.contains("passed over: 2 hidden files, 1 .png, 1 node_modules\n"))
    #expect(try list(home).first == "2509.00001 2025-10-02 lists")
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test func aFolderGivesPackedListsButNoZips() throws {
    let home = try Home()
    _ = try file(home, "lids/2025-10-02.md.gz", gzip(Sample.day))
    _ = try file(home, "lids/data.tar.gz", gzip("x"))
    _ = try file(home, "lids/all.zip", Packing.zip([Member("a.md", Sample.nextDay)]))
    let run = try home.shelf("import", home.url.appendingPathComponent("lids").path)
    #expect(run.code == 0)
    #expect(run.notes.contains("passed over: 1 .gz, 1 .zip\n"), "\(run.notes)")
    #expect(try list(home).first == "2509.00001 2025-10-02 lids")
    #expect(try home.shelf("count").out == "3\n")
  }

  @Test func standardInputMayBePacked() throws {
    for bytes in [
      gzip(Sample.day), Packing.zip([Member("lamps/2025-10-02.md", Sample.day)]),
    ] {
      let home = try Home()
      let packed = try file(home, "packed", bytes)
      let (shelf, place) = (ShelfProcess.binary.path, home.url.path)
      try Shell.run(["sh", "-c", "'\(shelf)' --home '\(place)' import - < '\(packed)'"])
      #expect(try home.shelf("count").out == "3\n")
    }
  }

  @Test func whatIsSpoiledTakesNothingAndStopsNothing() throws {
    let home = try Home()
    let whole = gzip(Array(repeating: Sample.day, count: 400).joined(separator: "\n"))
    let cut = try file(home, "series/2025-10-02.md.gz", Array(whole.dropLast(9)))
    let alone = try home.shelf("import", cut)
    #expect(alone.code == 65 && !alone.notes.contains("undo:"))
    #expect(alone.notes.contains("\(cut): the gzip file ends too early; nothing of it was read"))
    #expect(try home.shelf("count").out == "0\n")
    let good = try home.file("series/2025-10-03.md", Sample.nextDay)
    for words in [["-n"], []] {
      let run = try home.run(["import", good, cut] + words)
      #expect(run.code == 2)
      #expect(run.notes.contains("2 papers: 2 new, 0 updated, 0 seen again, 1 not read\n"))
    }
    #expect(try home.shelf("count").out == "2\n")
    #expect(try home.shelf("undo").code == 0)
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test func aSpoiledPartOfAZipIsToldByItsName() throws {
    let home = try Home()
    var spoiled = Member("a/2025-10-02.md", Sample.day)
    spoiled.damage = 1
    var locked = Member("a/locked.md", Sample.day)
    locked.flags = 1
    let zip = try file(
      home, "z.zip", Packing.zip([spoiled, locked, Member("a/2025-10-03.md", Sample.nextDay)]))
    let run = try home.shelf("import", zip)
    #expect(run.code == 2)
    #expect(run.notes.contains("\(zip)/a/2025-10-02.md: the zip archive is damaged"))
    #expect(run.notes.contains("\(zip)/a/locked.md: the zip archive is encrypted"))
    #expect(run.notes.contains("2 papers: 2 new, 0 updated, 0 seen again, 2 not read"))
    let lockedZip = try file(home, "l.zip", Packing.zip([locked, locked]))
    let one = try home.shelf("import", lockedZip)
    #expect(one.code == 65 && one.notes.split(separator: "\n").count == 2)
  }

  @Test func namesInAZipAreOnlyNames() throws {
    let home = try Home()
    let zip = try file(
      home, "z.zip",
      Packing.zip([
        Member("../../../tmp/up/2025-10-02.md", Sample.day),
        Member("/root/\u{1B}[31mred/2025-10-03.md", Sample.nextDay),
      ]))
    let run = try home.shelf("import", zip)
    #expect(run.code == 0 && !run.notes.contains("\u{1B}"))
    #expect(try list(home).first == "2509.00001 2025-10-02 up")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/up"))
  }

  @Test func nothingIsOpenedTwice() throws {
    let home = try Home()
    let inner = gzip(Sample.day)
    let run = try home.shelf("import", try file(home, "a.md.gz", Packing.gzip(inner)))
    #expect(run.code == 65 && run.notes.contains("this is a gzip archive"))
    #expect(try home.shelf("count").out == "0\n")
  }

  @Test func documentsAreCalledWhatTheyAre() throws {
    let home = try Home()
    var epub = Member("mimetype", "application/epub+zip")
    epub.isDeflated = false
    let documents: [(String, [Member])] = [
      ("an EPUB", [epub, Member("a.md", Sample.day)]),
      ("an office document", [Member("[Content_Types].xml", "<x/>"), Member("word/a.txt", "x")]),
      ("a program", [Member("META-INF/MANIFEST.MF", "x"), Member("a.txt", "x")]),
    ]
    for (words, members) in documents {
      let path = try file(home, "document.txt", Packing.zip(members))
      let run = try home.shelf("import", path)
      #expect(run.code == 65)
      #expect(run.notes.contains("\(path): this is \(words), not a list of papers"), "\(run.notes)")
    }
    let tar = Array("a.md".utf8) + [UInt8](repeating: 0, count: 253) + Array("ustar\u{0}00".utf8)
    let path = try file(home, "a.tar.gz", Packing.gzip(tar + [UInt8](repeating: 0, count: 300)))
    #expect(try home.shelf("import", path).notes.contains("this is a tar archive"))
  }

  @Test func aZipWithoutListsSaysSo() throws {
    let home = try Home()
    let zip = try file(home, "z.zip", Packing.zip([Member("a.png", "x"), Member("b.png", "x")]))
    let run = try home.shelf("import", zip)
    #expect(run.code == 65 && run.notes.contains("no file in the zip archive is called as lists"))
    let one = try file(home, "one.zip", Packing.zip([Member("part_0", Sample.day)]))
    #expect(try home.shelf("import", one).code == 0)
  }
}
