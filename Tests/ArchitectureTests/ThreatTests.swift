import Foundation
import TestSupport
import Testing

/// The table "Threats" of Sources/ARCHITECTURE.md: every row names tests, and every test it names is there.
@Suite struct ThreatTests {
  @Test func everyThreatHasATest() throws {
    let page = try String(
      contentsOf: PackageRoot.url.appendingPathComponent("Sources/ARCHITECTURE.md"), encoding: .utf8
    )
    let lines = page.split(separator: "\n").drop { !$0.hasPrefix("## Threats") }.dropFirst()
    let rows = lines.prefix { !$0.hasPrefix("## ") }.filter { $0.hasPrefix("| ") }.dropFirst(2)
    #expect(rows.count >= 20, "the table of threats is gone")
    let there = try Self.tests()
    for row in rows {
      let named = row.matches(of: /`(\w+)\.(\w+)`/).map { "\($0.1).\($0.2)" }
      #expect(!named.isEmpty, "no test for: \(row)")
      for test in named { #expect(there.contains(test), "there is no \(test)") }
    }
  }

  /// `Suite.function` of every test function under Tests/.
  private static func tests() throws -> Set<String> {
    let folder = PackageRoot.url.appendingPathComponent("Tests")
    var found: Set<String> = []
    for name in FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    where name.hasSuffix("Tests.swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8)
      var suite = ""
      for line in text.split(separator: "\n") {
        if let match = line.firstMatch(of: /^(?:@Suite.* )?struct (\w+)/) {
          suite = String(match.1)
        }
        if let match = line.firstMatch(of: /^  (?:@Test.* )?func (\w+)\(/) {
          found.insert("\(suite).\(match.1)")
        }
      }
    }
    return found
  }
}
