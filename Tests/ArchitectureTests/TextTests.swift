import Foundation
import TestSupport
import Testing

@testable import shelf

/// The pages beside the code: what they name is there.
@Suite struct TextTests {
  private static let pages = [
    "README.md", "Sources/ARCHITECTURE.md", "Sources/CHANGELOG.md", "Sources/CONTRIBUTING.md",
    "Sources/Sync/FORMAT.md", "Tests/README.md", "Tests/old-builds/README.md",
  ]

  private static func text(_ page: String) throws -> String {
    try String(contentsOf: PackageRoot.url.appendingPathComponent(page), encoding: .utf8)
  }

  /// Links to files, and to headings of the same page.
  @Test(arguments: pages) func linksLeadSomewhere(_ page: String) throws {
    let text = try Self.text(page)
    let headings = text.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      line.drop { $0 == "#" || $0 == " " }.lowercased().filter {
        $0.isLetter || $0.isNumber || $0 == " " || $0 == "-"
      }.replacing(" ", with: "-")
    }
    let folder = PackageRoot.url.appendingPathComponent(page).deletingLastPathComponent()
    for match in text.matches(of: /\]\(([^)\s]+)\)/) {
      let link = String(match.1)
      if link.contains("://") { continue }
      if let heading = link.split(separator: "#", omittingEmptySubsequences: false).last,
        link.hasPrefix("#")
      {
        #expect(headings.contains(String(heading)), "\(page): no heading \(link)")
      } else {
        let file = folder.appendingPathComponent(link).path
        #expect(FileManager.default.fileExists(atPath: file), "\(page): no \(link)")
      }
    }
  }

  /// Files of this repository that a page names as code, from its root.
  @Test(arguments: pages) func filesAreThere(_ page: String) throws {
    let named = try Self.text(page).matches(
      of: /(?:Sources|Tests|sample-config)\/[\w@.\/-]*[\w-](?:\.[a-z]+)?/)
    for match in named where !match.0.contains("PaperCards") {
      let file = PackageRoot.url.appendingPathComponent(String(match.0))
      let folder = file.deletingLastPathComponent()
      let here = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
      // `sample-config/papershelf-fetch.*` names several.
      let isThere = here?.contains { $0.hasPrefix(file.lastPathComponent) } ?? false
      #expect(isThere, "\(page): no \(match.0)")
    }
  }

  /// The words that README explains under "you see" are words of shelf.
  @Test func whatOneSeesIsSaid() throws {
    let table = try #require(try Self.text("README.md").split(separator: "| you see |").last)
    let seen = table.matches(of: /\n\| `([^`]+)`/).map { String($0.1) }
    #expect(seen.count > 2)
    let files = FileManager.default.enumerator(
      at: PackageRoot.url.appendingPathComponent("Sources/shelf"), includingPropertiesForKeys: nil)
    let code = try (files?.compactMap { $0 as? URL } ?? [])
      .filter { $0.pathExtension == "swift" }
      .map { try String(contentsOf: $0, encoding: .utf8) }
    for words in seen {
      #expect(code.contains { $0.contains(words) }, "nothing in Sources/shelf says “\(words)”")
    }
  }

  /// Tests/README.md says of every folder beside it what it is for.
  @Test func everyFolderOfTestsIsExplained() throws {
    let text = try Self.text("Tests/README.md")
    let tests = PackageRoot.url.appendingPathComponent("Tests")
    let here = try FileManager.default.contentsOfDirectory(
      at: tests, includingPropertiesForKeys: [.isDirectoryKey])
    for folder in here
    where try folder.resourceValues(forKeys: [.isDirectoryKey]).isDirectory == true {
      let name = folder.lastPathComponent
      // A module's own tests need no line of their own.
      let module = PackageRoot.url.appendingPathComponent("Sources/" + name.dropLast(5)).path
      let isOfModule = name.hasSuffix("Tests") && FileManager.default.fileExists(atPath: module)
      #expect(isOfModule || text.contains("Tests/" + name), "nothing is said of Tests/\(name)")
    }
  }

  @Test func theChangelogBeginsWithThisVersion() throws {
    let first = try Self.text("Sources/CHANGELOG.md").firstMatch(
      of: /\n## (\S+) \(\d{4}-\d\d-\d\d\)\n/)
    #expect(first.map { String($0.1) } == Version.text)
  }

  /// The worked example is code that is compiled and tested.
  @Test func theExampleIsCodeOfATest() throws {
    let code = try Self.text("Tests/ArchitectureTests/NewFormatTests.swift")
    let blocks = try Self.text("Sources/CONTRIBUTING.md").matches(of: /```swift\n((?s).*?)\n```/)
    #expect(blocks.count == 1)
    for block in blocks {
      // The file of the test imports more.
      let lines = block.1.split(separator: "\n", omittingEmptySubsequences: false)
      let body = lines.drop { $0.hasPrefix("import ") || $0.isEmpty }
      #expect(lines.first == "import Papers", "without it, the example does not compile")
      #expect(code.contains(body.joined(separator: "\n")), "this is no part of NewFormatTests")
    }
  }

  /// The format is stated once, and its code says where.
  @Test func commentsPointToTheFormat() throws {
    for file in [
      "Sync/RemoteLayout", "Sealing/RemoteHeader", "Sealing/SealedFile", "Sealing/Segment",
    ] {
      let code = try Self.text("Sources/" + file + ".swift")
      #expect(code.contains("FORMAT.md"), "\(file) does not say where the format is stated")
    }
  }
}
