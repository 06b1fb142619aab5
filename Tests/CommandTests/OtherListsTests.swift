import Foundation
import TestSupport
import Testing

/// Lists of other programs: what the person did there comes over once, and never over what the
/// person did here.
@Suite struct OtherListsTests {
  private let pocket = """
    title,url,time_added,tags,status
    A Paper,https://arxiv.org/abs/2401.00001,1700000000,ml|to read,archive
    B Paper,https://arxiv.org/abs/2401.00002,1700000000,x,unread
    A Page,https://example.org/a,1700000000,,unread
    """

  @Test func marksComeOverOnce() throws {
    let home = try Home()
    let file = try home.file("pocket.csv", pocket)
    let run = try home.shelf("import", file, "--json")
    #expect(run.code == 2 && run.object["new"] as? Int == 2)
    let format = "{id} {status} {tags} {added}"
    let wanted = """
      2401.00001 read ml, to-read 2023-11-14T22:13:20.000Z
      2401.00002 unread x 2023-11-14T22:13:20.000Z

      """
    #expect(try home.shelf("list", "--format", format, "--sort", "id").out == wanted)
    let again = try home.shelf("import", file)
    #expect(again.notes.contains("2 papers: 0 new, 0 updated, 2 seen again"))
    #expect(!again.notes.contains("undo:"))
    #expect(try home.shelf("list", "--format", format, "--sort", "id").out == wanted)
  }

  @Test func anImportThatWasUndoneCanBeDoneAgain() throws {
    let home = try Home()
    let file = try home.file("pocket.csv", pocket)
    _ = try home.shelf("import", file)
    _ = try home.shelf("undo")
    #expect(try home.shelf("count").out == "0\n")
    _ = try home.shelf("import", file)
    let line = try home.shelf("list", "2401.00001", "--format", "{status} {tags}").out
    #expect(line == "read ml, to-read\n")
  }

  @Test func whatThePersonDecidedStays() throws {
    let home = try Home()
    let file = try home.file("pocket.csv", pocket)
    _ = try home.shelf("add", "2401.00001")
    _ = try home.shelf("skip", "2401.00001")
    _ = try home.shelf("tag", "add", "ml", "2401.00001")
    _ = try home.shelf("tag", "remove", "ml", "2401.00001")
    _ = try home.shelf("import", file)
    let line = try home.shelf("list", "2401.00001", "--format", "{status} {tags} {title}").out
    #expect(line == "skipped to-read A Paper\n")
  }

  /// An export of ours in a foreign form, read again, says nothing new.
  @Test(arguments: ["csv", "tsv", "bibtex", "ris", "csl-json"])
  func ourExportsComeBack(_ format: String) throws {
    let home = try Home()
    _ = try home.shelf("import", try home.file("pocket.csv", pocket))
    _ = try home.shelf("note", "add", "2401.00001", "-m", "first note, of two")
    _ = try home.shelf("note", "add", "2401.00001", "-m", "second")
    let before = try home.shelf("export", "jsonl").out
    let file = try home.file("out.\(format)", try home.shelf("export", format).out)
    let run = try home.shelf("import", file, "--source", "pocket", "--json")
    #expect(run.code == 0, "\(run.notes)")
    let notes = try home.shelf("list", "2401.00001", "--format", "{notes}").out
    #expect(notes == "first note, of two\n\nsecond\n" || notes.contains("first note, of two"))
    let count = try home.shelf("note", "list").lines.count { $0.contains("second") }
    #expect(count == 1, "\(before)")
    let other = try Home()
    _ = try other.shelf("import", file)
    #expect(try other.shelf("list", "--ids", "--sort", "id").out == "2401.00001\n2401.00002\n")
    #expect(
      try other.shelf("list", "--format", "{title}", "--sort", "id").out == "A Paper\nB Paper\n")
  }

  @Test func whatIsNoPaperComesInWithAll() throws {
    let home = try Home()
    let file = try home.file("pocket.csv", pocket)
    #expect(try home.shelf("import", file, "--all", "--json").object["new"] as? Int == 3)
    #expect(try home.shelf("list", "--ids", "title:page").out == "url:https://example.org/a\n")
  }

  @Test func aFormatCanBeNamed() throws {
    let home = try Home()
    let file = try home.file("odd.txt", "some words before\n@misc{k,doi={10.1000/1},title={T}}\n")
    #expect(try home.shelf("import", file, "--as", "bibtex").code == 0)
    #expect(try home.shelf("list", "--ids").out == "doi:10.1000/1\n")
    let unknown = try home.shelf("import", file, "--as", "bibtext")
    #expect(unknown.code == 64 && unknown.notes.contains("bibtex"))
    #expect(try home.shelf("import", file, "--as", "csv").code == 2)
    #expect(try home.shelf("help", "formats").out.contains("arxiv-mail"))
  }

  @Test func aDryRunTellsCountsAKindAtATime() throws {
    let home = try Home()
    let file = try home.file("pocket.csv", pocket)
    let run = try home.shelf("import", "-n", file)
    #expect(run.code == 2)
    #expect(run.notes.contains("with 1 status, 3 tags\nnothing was changed (--dry-run)\n"))
    #expect(run.notes.contains("1 entry is no paper"))
    let all = try home.shelf("import", "-n", "--all", file)
    #expect(all.notes.contains("with 1 status, 3 tags, 1 page that is no paper\n"))
    let list = try home.file(
      "list.bib",
      """
      @misc{a, title={Tin Kettles}, eprint={2509.00009}, archivePrefix={arXiv}, author={Ash, Ann}}
      @misc{b, title={Tin Lids}, eprint={2509.00010}, archivePrefix={arXiv}, author={Ash, Ann}}
      """)
    #expect(try home.shelf("import", "-n", list).notes.contains("with authors of 2 papers\n"))
    _ = try home.shelf("import", file, list)
    #expect(!(try home.shelf("import", "-n", file, list).notes.contains("with ")))
  }

  @Test func aPersonSaysWhatColumnsHold() throws {
    let home = try Home()
    let file = try home.file(
      "mine.csv", "Heading,Where,Shelf\nTin Kettles,https://arxiv.org/abs/2509.00009,third\n")
    let words = ["import", file, "--column", "title=Heading", "--column", "url=Where"]
    let json = try home.run(words + ["--json"])
    #expect(json.code == 0 && json.object["new"] as? Int == 1)
    let line = try home.shelf("list", "--format", "{id} {title} {notes}").out
    #expect(line == "2509.00009 Tin Kettles Shelf: third\n")
    let missing = try home.shelf("import", file, "--column", "title=Headline")
    #expect(missing.code == 64)
    #expect(
      missing.notes.contains(
        "there is no column “Headline”\n  → the columns are Heading, Where, Shelf\n"))
    let unknown = try home.shelf("import", file, "--column", "titel=Heading")
    #expect(unknown.code == 64 && unknown.notes.contains("the fields are url, doi, id, title"))
    #expect(try home.shelf("import", file, "--column", "title").code == 64)
    #expect(try home.shelf("import", file, "--as", "ris", "--column", "title=Heading").code == 64)
    #expect(try home.shelf("import", file, "--as", "csv", "--column", "url=Where").code == 0)
  }
}
