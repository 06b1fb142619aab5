import Foundation
import TestSupport
import Testing

/// `export bibtex --keep FILE`: our entries are brought in step, everything else stays.
@Suite struct KeptBibliographyTests {
  private static let first = "https://arxiv.org/abs/2509.00001"
  private static let second = "https://arxiv.org/abs/2509.00002"

  /// Two papers on the list.
  private func home() throws -> Home {
    let home = try Home()
    _ = try home.shelf("add", Self.first, "--title", "Slow Tea for Fast Kettles")
    _ = try home.shelf("add", Self.second, "--title", "A Kettle of Graphs")
    return home
  }

  private func keep(_ home: Home, _ file: String, _ filter: String...) throws -> Home.Run {
    let run = try home.run(["export", "bibtex"] + filter + ["--keep", file])
    #expect(run.code == 0 && run.out.isEmpty, "\(run.notes)")
    return run
  }

  private func bytes(_ file: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
  }

  private func inode(_ file: String) -> UInt64 {
    var status = stat()
    return stat(file, &status) == 0 ? UInt64(status.st_ino) : 0
  }

  @Test func aFileIsMadeAndThenNotTouched() throws {
    let home = try home()
    let file = home.url.appendingPathComponent("refs.bib").path
    #expect(try keep(home, file).notes.contains("2 new"))
    let (text, number) = (try bytes(file), inode(file))
    #expect(text.contains("@misc{arxiv:2509.00001,"))
    #expect(text.contains("papershelf = {arxiv:2509.00001}"))
    #expect(try keep(home, file).notes.contains("in step already"))
    #expect(try bytes(file) == text)
    #expect(inode(file) == number)
    let exported = home.url.appendingPathComponent("all.bib").path
    #expect(try home.shelf("export", "bibtex", "-o", exported).notes.contains("2 papers written"))
    let before = inode(exported)
    #expect(try home.shelf("export", "bibtex", "-o", exported).notes.contains("already in"))
    #expect(inode(exported) == before)
  }

  @Test func foreignEntriesAndTheirOrderStay() throws {
    let home = try home()
    let head =
      "% of mine\r\n@string{tea = {Tea Letters}}\r\n\r\n@article{brew1998,\r\n  title = \"Brewing {B}asics\",\r\n"
      + "  journal = tea # { (old)},\r\n}\r\n"
    let tail = "@Comment{jabref-meta: saveActions:enabled;}\r\n"
    let file = try home.file("refs.bib", head + tail)
    _ = try keep(home, file)
    let made = try bytes(file)
    #expect(made.hasPrefix(head + tail))
    #expect(!made.replacing("\r\n", with: "").contains("\n"), "line ends of one kind")
    _ = try home.shelf("add", Self.first, "--title", "Slow Tea for Slow Kettles")
    #expect(try keep(home, file).notes.contains("1 changed"))
    let changed = try bytes(file)
    #expect(changed.hasPrefix(head + tail) && changed.contains("@misc{arxiv:2509.00001,\r\n"))
    #expect(
      changed.contains("{Slow} {Tea} for {Slow} {Kettles}") && !changed.contains("{Fast}"))
  }

  @Test func whatThePersonAddedToAnEntryStays() throws {
    let home = try home()
    let file = home.url.appendingPathComponent("refs.bib").path
    _ = try keep(home, file)
    // As a reference manager saves it: another key, other blanks, a field of its own.
    let edited = try bytes(file)
      .replacing("@misc{arxiv:2509.00001,", with: "@Online{tea2025,\n groups={Chapter 2},")
      .replacing("\n  title = ", with: "\n\ttitle={} # ")
      .replacing("title={} # {{Slow}", with: "title\t= {{Slow}")
      .replacing("title={} # ", with: "title = ")
    try edited.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try keep(home, file).notes.contains("in step already"))
    #expect(try bytes(file) == edited)
    _ = try home.shelf("add", Self.first, "--title", "Tea, Again")
    #expect(try keep(home, file).notes.contains("1 changed"))
    let changed = try bytes(file)
    #expect(changed.contains("@online{tea2025,") && changed.contains("groups = {Chapter 2}"))
    #expect(changed.contains("{Tea,} {Again}"), "\(changed)")
  }

  @Test func aPaperWithAnEntryOfItsOwnIsLeftToIt() throws {
    let home = try home()
    let own = "@article{kettle,\n  title = {Mine},\n  eprint = {2509.00002v3}\n}\n"
    let file = try home.file("refs.bib", own)
    #expect(try keep(home, file).notes.contains("1 new; 1 in entries of your own"))
    let text = try bytes(file)
    #expect(text.hasPrefix(own) && !text.contains("arxiv:2509.00002"))
  }

  @Test func aKeyOfAnotherEntryIsNotTaken() throws {
    let home = try home()
    let own = "@book{ARXIV:2509.00001,\n  title = {Another Thing}\n}\n"
    let file = try home.file("refs.bib", own)
    _ = try keep(home, file)
    #expect(try bytes(file).contains("@misc{arxiv:2509.00001+,"))
  }

  @Test func whatIsNotSelectedGoesButNotAllOfIt() throws {
    let home = try home()
    let file = home.url.appendingPathComponent("refs.bib").path
    _ = try keep(home, file)
    let all = try bytes(file)
    let nothing = try home.shelf("export", "bibtex", "is:starred", "--keep", file)
    #expect(nothing.code == 0 && nothing.notes.contains("stays as it is"), "\(nothing.notes)")
    #expect(try bytes(file) == all)
    _ = try home.shelf("star", "2509.00002")
    #expect(try keep(home, file, "is:starred").notes.contains("1 taken out"))
    let text = try bytes(file)
    #expect(text.hasPrefix("@misc{arxiv:2509.00002,"), "\(text)")
    _ = try keep(home, file)
    #expect(try bytes(file).components(separatedBy: "@misc{").count == 3)
  }

  @Test func notesAreNotWritten() throws {
    let home = try home()
    _ = try home.shelf("note", "add", "2509.00001", "-m", "reviewer two will hate it")
    let file = home.url.appendingPathComponent("refs.bib").path
    _ = try keep(home, file)
    #expect(try !bytes(file).contains("reviewer two"))
  }

  @Test func anOpenEntryIsToldAndNothingWritten() throws {
    let home = try home()
    let broken = "@article{a,\n  title = {x}\n}\n\n@article{b,\n  title = {never closed\n"
    let file = try home.file("refs.bib", broken)
    let run = try home.shelf("export", "bibtex", "--keep", file)
    #expect(run.code == 65 && run.notes.contains("refs.bib:5:"), "\(run.notes)")
    #expect(try bytes(file) == broken)
  }

  @Test func aLinkStaysALinkAndPermissionsStay() throws {
    let home = try home()
    let real = try home.file("paper/refs.bib", "")
    chmod(real, 0o600)
    let link = home.url.appendingPathComponent("link.bib").path
    #expect(symlink(real, link) == 0)
    _ = try keep(home, link)
    var status = stat()
    #expect(lstat(link, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(stat(real, &status) == 0 && status.st_mode & 0o777 == 0o600)
    #expect(try bytes(real).contains("@misc"))
  }

  @Test func itIsForBibTeXAlone() throws {
    let home = try home()
    for words in [["ris", "--keep", "x.bib"], ["bibtex", "--keep", "x.bib", "-o", "y.bib"]] {
      let run = try home.run(["export"] + words)
      #expect(run.code == 64 && run.notes.contains("export bibtex"), "\(run.notes)")
    }
  }

  /// Whatever stands between and around our entries comes out byte for byte, in its order.
  @Test(arguments: 0..<12)
  func everyForeignByteStays(_ seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let home = try Home()
    let ids = (1...6).map { "2509.0010\($0)" }
    for id in ids { _ = try home.shelf("add", id, "--title", "Kettle \(id)") }
    let file = home.url.appendingPathComponent("refs.bib").path
    _ = try keep(home, file)
    // Our entries in another order, foreign pieces between them.
    let pieces = [
      "% 茶 e\u{301}\n", "@article{q, title = {a {nested {brace}} b}, note = {50\\% @ home}}\n",
      "@string(x = \"y\")", "\n\n\n", "free words, no entry\n",
      "@preamble{ \"\\newcommand{\\x}{}\" }\n",
      "@inproceedings{z,\n  title = \"quoted {\"}inner{\"}\",\n  year = 2020\n}", "\t \n",
    ]
    let ours = try bytes(file).components(separatedBy: "\n\n").map { $0 + "\n" }
      .filter { $0.hasPrefix("@misc") }.shuffled(using: &random)
    var foreign: [String] = []
    var text = ""
    for entry in ours {
      let piece =
        (0..<Int.random(in: 0...3, using: &random))
        .compactMap { _ in pieces.randomElement(using: &random) }.joined() + "\n"
      foreign.append(piece)
      text += piece + entry
    }
    text += "\n% the end"
    try text.write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try keep(home, file).notes.contains("in step already"), "seed \(seed)")
    #expect(try bytes(file) == text, "seed \(seed)")
    let changed = ids.shuffled(using: &random).prefix(3)
    for id in changed { _ = try home.shelf("add", id, "--title", "Pot \(id)") }
    #expect(try keep(home, file).notes.contains("3 changed"), "seed \(seed)")
    var expected = text
    for id in changed { expected = expected.replacing("{Kettle} \(id)", with: "{Pot} \(id)") }
    #expect(try bytes(file) == expected, "seed \(seed)")
  }

  /// A key that a person's own bibliography has is theirs on every machine, and our own keys are
  /// none of theirs.
  @Test func keysOfABibliographyAreKept() throws {
    let home = try Home()
    let own = try home.file(
      "own.bib",
      "@article{kettle25, title={Slow Tea}, year={2025}, eprint={2509.00001}}\n"
        + "@misc{arxiv:2509.00002, title={Tea}, year={2025}, eprint={2509.00002}}\n")
    #expect(try home.shelf("import", own).code == 0)
    let keys = try home.shelf("list", "--json").array.map { $0["citekey"] as? String }
    #expect(keys.compactMap(\.self) == ["kettle25"])
    let exported = try home.shelf("export", "bibtex").out
    #expect(exported.contains("@misc{kettle25,") && exported.contains("@misc{arxiv:2509.00002,"))
    let again = try home.file("again.bib", exported)
    #expect(try home.shelf("import", again).notes.contains("0 new, 0 updated"))
  }

  /// A manuscript goes on compiling under its keys, whatever another machine learnt of the papers.
  @Test(.enabled(if: Programs.areThere("pdflatex", "biber")))
  func aManuscriptCompilesWithTheSameKeys() throws {
    let (here, there) = (try Home(), try Home())
    let folder = here.url.appendingPathComponent("shared").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    for home in [here, there] {
      #expect(try home.shelf("remote", "add", "shared", folder).code == 0)
    }
    let authored = try here.file(
      "authors.bib",
      """
      @misc{kettle25, title={Slow Tea for Fast Kettles}, author={M{\\"u}ller, Ada and Lee, Bo},
        year={2025}, eprint={2509.00001}, archivePrefix={arXiv}}
      """)
    #expect(try here.shelf("import", authored).code == 0)
    _ = try here.shelf("add", Self.second, "--title", "A Kettle of Graphs")
    let file = here.url.appendingPathComponent("refs.bib").path
    _ = try keep(here, file)
    try compile(here, "Fast Kettles")

    #expect(try here.shelf("sync").code == 0 && there.shelf("sync").code == 0)
    let reordered = try there.file(
      "authors.bib",
      """
      @misc{other, title={Slow Tea}, author={Lee, Bo and M{\\"u}ller, Ada and Chan, Cy},
        year={2026}, eprint={2509.00001}, archivePrefix={arXiv}}
      """)
    #expect(try there.shelf("import", reordered).code == 0)
    _ = try there.shelf("add", Self.first, "--title", "Tea at 100 % & More_Kettles")
    #expect(try there.shelf("sync").code == 0 && here.shelf("sync").code == 0)
    #expect(try keep(here, file).notes.contains("1 changed"))
    #expect(try bytes(file).contains("@misc{kettle25,"))
    try compile(here, "More_Kettles")
  }

  /// Runs LaTeX and biber over a document that cites both papers; the bibliography must show a title.
  private func compile(_ home: Home, _ title: String) throws {
    _ = try home.file(
      "paper.tex",
      """
      \\documentclass{article}\\usepackage[T1]{fontenc}\\usepackage[backend=biber]{biblatex}
      \\addbibresource{refs.bib}\\begin{document}
      \\cite{kettle25} \\cite{arxiv:2509.00002}\\printbibliography\\end{document}
      """)
    for words in [
      ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "paper"],
      ["biber", "paper"],
      ["pdflatex", "-draftmode", "-interaction=nonstopmode", "-halt-on-error", "paper"],
    ] {
      let run = try Programs.run(words, in: home.url)
      #expect(run.code == 0, "\(words): \(run.text.suffix(1500))")
      if words[0] == "biber" { #expect(!run.text.contains("WARN"), "\(run.text)") }
    }
    let bbl = try bytes(home.url.appendingPathComponent("paper.bbl").path)
    #expect(bbl.contains("kettle25") && bbl.contains("arxiv:2509.00002"), "\(bbl)")
    #expect(
      bbl.replacing("{", with: "").replacing("}", with: "").replacing("\\", with: "")
        .contains(title), "\(bbl)")
  }

  /// Programs of the machine.
  private enum Programs {
    static func areThere(_ names: String...) -> Bool {
      names.allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/" + $0) }
    }

    static func run(_ words: [String], in folder: URL) throws -> (code: Int32, text: String) {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/usr/bin/" + words[0])
      process.arguments = Array(words.dropFirst())
      process.currentDirectoryURL = folder
      process.environment = ["HOME": folder.path, "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"]
      let out = Pipe()
      (process.standardOutput, process.standardError) = (out, out)
      process.standardInput = FileHandle.nullDevice
      try process.run()
      let data = out.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
  }
}
