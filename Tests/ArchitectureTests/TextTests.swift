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
    for block in blocks { #expect(code.contains(block.1), "this is no part of NewFormatTests") }
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
