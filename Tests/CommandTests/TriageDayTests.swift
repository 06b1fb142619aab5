import Foundation
import TestSupport
import Testing

/// The scripted person of Tests/tools/triage.py, at the terminal emulator that
/// Tests/tools/install.sh brings.
enum TriageScript {
  static let python = PackageRoot.url.appendingPathComponent(".build/readers/bin/python")

  static let isInstalled: Bool = {
    let process = Process()
    process.executableURL = python
    process.arguments = ["-c", "import pyte"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  static func run(_ words: String...) throws -> [String: Any] {
    let process = Process()
    process.executableURL = python
    process.arguments =
      ["-X", "utf8", PackageRoot.url.appendingPathComponent("Tests/tools/triage.py").path] + words
    let out = Pipe()
    process.standardOutput = out
    try process.run()
    let data = out.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let object = try JSONSerialization.jsonObject(with: data)
    return object as? [String: Any] ?? [:]
  }
}

/// Days at one key a paper, in a terminal of another's making.
@Suite(.enabled(if: TriageScript.isInstalled, "run Tests/tools/install.sh")) struct TriageDayTests {
  /// What is seen, at three sizes. To look at the files is a part of the test: a change of them is
  /// a change of what people see. To make them again: `PAPERSHELF_MAKE=1 swift test --filter
  /// TriageDayTests`.
  @Test(arguments: ["80x24", "120x40", "200x50"])
  func screens(_ size: String) throws {
    let folder = PackageRoot.url.appendingPathComponent("Tests/screens")
    let sides = size.split(separator: "x").map(String.init)
    let shown = try TriageScript.run(
      "screens", ShelfProcess.binary.path, folder.appendingPathComponent("digests").path, sides[0],
      sides[1]
    )
    var text = ""
    for name in ["first", "decided", "typing", "whole", "help", "rest"] {
      let screen = try #require(shown[name] as? String, "\(name)")
      text += "== \(name)\n" + screen + "\n"
      for line in screen.split(separator: "\n") {
        #expect(line.unicodeScalars.count <= Int(sides[0]) ?? 0)
      }
    }
    let file = folder.appendingPathComponent(size + ".txt")
    if ProcessInfo.processInfo.environment["PAPERSHELF_MAKE"] != nil {
      try text.write(to: file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: file, encoding: .utf8) == text)
  }

  /// Fourteen days; whoever decides by title, stars, reads whole cards, tags, errs and takes back.
  @Test func aFortnight() throws {
    let stack = try Stack.home(days: 14, papers: 10)
    let told = try TriageScript.run("fortnight", ShelfProcess.binary.path, stack.url.path + "/days")
    #expect(told["left"] as? Int == 0 && told["decided"] as? Int == 140, "\(told)")
    let keys = try #require(told["keysPerPaper"] as? Double)
    print("a fortnight of our own: \(keys) keys a paper")
    #expect(keys <= 1.3)
  }

  private static let real = PackageRoot.digests?
    .appendingPathComponent("daily_huggingface_paper").path

  /// Of the real days the figure is printed.
  @Test(.enabled(if: PackageRoot.digests != nil, "no real digests here"))
  func realDays() throws {
    let told = try TriageScript.run("fortnight", ShelfProcess.binary.path, #require(Self.real))
    print("real days: \(told["papers"] ?? 0) papers, \(told["keysPerPaper"] ?? 0) keys a paper")
    #expect(told["left"] as? Int == 0, "\(told)")
  }
}
