import Foundation
import TestSupport
import Testing

@testable import shelf

/// Small things that one notices only where they are missing.
@Suite struct ComfortTests {
  /// Hits stand out on a dark and on a light ground, and as the person wants them.
  @Test func coloursAreTheirs() throws {
    let home = try Sample.home()
    let colour = ["FORCE_COLOR": "1", "NO_COLOR": ""]
    let terminal = try Terminal(columns: 80)
    let found = try terminal.shelf(home, ["search", "缓存"], variables: colour)
    #expect(found.screen.contains("\u{1B}[1;31m缓存\u{1B}[0m"), "\(found.screen)")
    _ = try home.file(
      "config.toml", "[ui]\ncolors = [\"hit=underline\", \"id=\", \"unread=dim red\"]\n")
    let chosen = try terminal.shelf(home, ["search", "缓存"], variables: colour).screen
    #expect(chosen.contains("\u{1B}[4m缓存\u{1B}[0m") && chosen.contains("  2509.00001  "))
    #expect(chosen.contains("\u{1B}[2;31munread\u{1B}[0m"), "\(chosen)")
    for wrong in ["hit", "hti=red", "hit=rde", "=red"] {
      _ = try home.file("config.toml", "[ui]\ncolors = [\"\(wrong)\"]\n")
      let run = try home.shelf("list")
      #expect(run.code == 78 && run.notes.contains("WHAT=STYLE"), "\(run.notes)")
    }
  }

  /// less shows colours and Chinese though nobody set it up; what somebody set up stays.
  @Test func thePagerIsSetUpWhereItIsNot() throws {
    let home = try Sample.home()
    let terminal = try Terminal(columns: 80, rows: 5)
    let pager = "printf 'LESS=%s CHARSET=%s\\n' \"$LESS\" \"$LESSCHARSET\"; cat >/dev/null"
    let bare = try terminal.shelf(home, ["help"], variables: ["PAGER": pager])
    #expect(bare.screen == "LESS=FRX CHARSET=utf-8\r\n")
    let own = ["PAGER": pager, "LESS": "R", "LESSCHARSET": "latin1"]
    #expect(
      try terminal.shelf(home, ["help"], variables: own).screen == "LESS=R CHARSET=latin1\r\n")
  }

  /// A byte that is no UTF-8 is never stored as U+FFFD.
  @Test func otherEncodingsAreRefused() throws {
    let home = try Sample.home()
    let before = try home.export()
    let file = home.url.appendingPathComponent("note.txt")
    try Data([0xBB, 0xBA, 0xB4, 0xE6]).write(to: file)
    let read = try home.shelf("note", "add", "00001", "-F", file.path)
    #expect(read.code == 65 && read.notes.contains("iconv -f"), "\(read.notes)")
    let command = "exec \"$0\" note add 00001 -m \"$(printf '\\273\\272')\""
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", command, ShelfProcess.binary.path]
    process.environment = ["SHELF_HOME": home.url.path, "SHELF_LOOPBACK": "1"]
    let pipe = Pipe()
    process.standardError = pipe
    try process.run()
    let notes = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 64 && notes.contains("word 5"), "\(notes)")
    #expect(try home.export() == before)
  }

  /// A library that is preloaded may move the environment, behind which Swift looks for the words.
  @Test func theWordsArriveWhateverIsPreloaded() throws {
    let compiler = "/usr/bin/cc"
    guard FileManager.default.isExecutableFile(atPath: compiler) else { return }
    let home = try Sample.home()
    let source = try home.file(
      "moved.c",
      """
      #include <stdlib.h>
      #include <string.h>
      extern char **environ;
      __attribute__((constructor)) static void move(void) {
        int count = 0;
        while (environ[count]) count++;
        char **moved = malloc((count + 1) * sizeof *moved);
        for (int i = 0; i <= count; i++) moved[i] = environ[i] ? strdup(environ[i]) : NULL;
        environ = moved;
      }

      """)
    let library = home.url.path + "/moved.so"
    _ = try Shell.run([compiler, "-shared", "-fPIC", "-o", library, source])
    let run = try home.shelf("count", "is:unread", variables: ["LD_PRELOAD": library])
    #expect(run.out == "3\n", "\(run.out)\(run.notes)")
  }

  /// What tells something tells it as JSON, too.
  @Test func everyVerbThatTellsSomethingTellsItAsJSON() throws {
    let home = try Sample.home()
    _ = try home.file("config.toml", "[list]\nlimit = 7\ncolumns = [\"id\"]\n")
    #expect(try home.shelf("count", "--json").object["count"] as? Int == 3)
    let settings = try home.shelf("config", "list", "--json").object
    #expect(settings["list.limit"] as? Int == 7)
    #expect(settings["list.columns"] as? [String] == ["id"])
    let path = try home.shelf("config", "path", "--json").object["path"] as? String
    #expect(path == home.url.path + "/config.toml")
    let doctor = try home.shelf("doctor", "--json").array
    #expect(doctor.count > 3 && doctor.allSatisfy { $0["good"] is Bool && $0["text"] is String })
    let copy = home.url.path + "/copy"
    #expect(try home.shelf("backup", copy, "--json").object["papers"] as? Int == 3)
    let restored = try home.shelf("restore", copy, "--json").object
    #expect(restored["papers"] as? Int == 3 && restored["kept"] is String, "\(restored)")
    let rehearsed = try home.shelf("restore", copy, "--json", "-n").object
    #expect(rehearsed["kept"] is NSNull, "\(rehearsed)")
  }

  /// Who keeps config.toml among other dotfiles keeps the link.
  @Test func aLinkedConfigurationStaysALink() throws {
    let home = try Home()
    let real = try home.file("dotfiles/shelf.toml", "[list]\nlimit = 7\n")
    let link = home.url.path + "/config.toml"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: real)
    let folder = home.url.path + "/remote"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    #expect(try home.shelf("remote", "add", "stick", folder).code == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == real)
    #expect(try String(contentsOfFile: real, encoding: .utf8).contains("[sync.stick]"))
  }

  @Test func theRecipeForFzfIsAScript() throws {
    let recipe = PackageRoot.url.appendingPathComponent("sample-config/fzf.sh").path
    #expect(try Shell.run(["bash", "-n", recipe]).isEmpty)
  }

  private static let hasFzf = FileManager.default.isExecutableFile(atPath: "/usr/bin/fzf")

  /// Typed in a shell on a terminal: the list, a word that narrows it, and keys that decide.
  @Test(.enabled(if: hasFzf, "there is no fzf: run Tests/tools/install.sh"))
  func theRecipeForFzfDecides() throws {
    let home = try Sample.home()
    let recipe = PackageRoot.url.appendingPathComponent("sample-config/fzf.sh").path
    let bash = ShellTerminal.Shell.bash
    let terminal = try ShellTerminal(bash, try #require(bash.program), home, in: home.url)
    // The preview is of the paper under the cursor.
    try terminal.type("bash '\(recipe)' is:unread\r", until: "KV 缓存")
    try terminal.type("Robots", until: "1/3")
    try terminal.type("\u{12}", until: "0/2")
    try terminal.type("\u{15}", until: "2/2")
    try terminal.type("Caches", until: "1/2")
    try terminal.type("\u{1B}s", until: "★")
    try terminal.type("\u{11}", until: "0/1")
    try terminal.type("\u{3}", until: "READY> ")
    #expect(try home.shelf("list", "is:read", "--ids").out == "2509.00003\n")
    #expect(try home.shelf("list", "is:queued", "is:starred", "--ids").out == "2509.00001\n")
  }
}
