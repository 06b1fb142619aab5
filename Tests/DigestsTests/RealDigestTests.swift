import Digests
import Foundation
import Papers
import TestSupport
import Testing

/// What the real digests give, in exact numbers; the ids are compared with a reading of another
/// kind, a regular expression that knows nothing of formats.
@Suite(.enabled(if: PackageRoot.digests != nil)) struct RealDigestTests {
  struct Expected: Sendable {
    var path: String
    var papers: Int
    var keywords = 0
    var tldr = 0
    var sections = 0
  }

  static let expected = [
    Expected(path: "daily_huggingface_paper/2025-09-20-first-run.md", papers: 0),
    Expected(path: "daily_huggingface_paper/2025-09-20.md", papers: 20, sections: 20),
    Expected(path: "daily_huggingface_paper/2025-09-21.md", papers: 20, sections: 20),
    Expected(
      path: "daily_huggingface_paper/2025-09-22.md", papers: 20, keywords: 20, tldr: 12,
      sections: 20),
    Expected(
      path: "daily_huggingface_paper/2025-09-24.md", papers: 40, keywords: 40, tldr: 15,
      sections: 40),
    Expected(
      path: "daily_huggingface_paper/2025-09-25.md", papers: 24, keywords: 24, tldr: 20,
      sections: 24),
    Expected(
      path: "daily_huggingface_paper/2025-09-29.md", papers: 35, keywords: 35, tldr: 18,
      sections: 35),
    Expected(path: "daily_huggingface_paper/2025-10-01.md", papers: 0),
    Expected(
      path: "daily_huggingface_paper/2025-10-02.md", papers: 61, keywords: 61, tldr: 25,
      sections: 61),
    Expected(path: "daily-ai-papers/2024-10-18.md", papers: 28),
    Expected(path: "daily-ai-papers/2025-01-15.md", papers: 14, sections: 2),
    Expected(path: "daily-ai-papers/2025-09-30.md", papers: 59, sections: 1),
    Expected(path: "daily-ai-papers/2025-10-01.md", papers: 46),
    Expected(path: "daily-ai-papers/2025-10-02.md", papers: 26),
    Expected(path: "hf-daily-papers-api/2025-10-01.json", papers: 37, keywords: 37, tldr: 37),
    Expected(path: "other/bullets.md", papers: 772),
    Expected(path: "other/heading-metadata.md", papers: 12),
  ]

  private func bytes(_ path: String) throws -> [UInt8] {
    let folder = try #require(PackageRoot.digests)
    return Array(try Data(contentsOf: folder.appendingPathComponent(path)))
  }

  @Test(arguments: expected) func counts(_ expected: Expected) throws {
    let bytes = try bytes(expected.path)
    let reading = try Reading(bytes, name: expected.path)
    let entries = reading.entries
    #expect(reading.problems.isEmpty)
    #expect(entries.count == expected.papers)
    #expect(entries.count { !$0.content.keywords.isEmpty } == expected.keywords)
    #expect(entries.count { $0.content.tldr != nil } == expected.tldr)
    #expect(entries.count { !$0.content.sections.isEmpty } == expected.sections)
    #expect(entries.allSatisfy { !$0.content.title.isEmpty })
    #expect(try Reading(bytes, name: expected.path, chunks: [1, 5, 4096]) == reading)
  }

  @Test(arguments: expected) func idsAreThoseOfAPlainSearch(_ expected: Expected) throws {
    let bytes = try bytes(expected.path)
    let text = String(decoding: bytes, as: UTF8.self)
    let pattern =
      expected.path.hasSuffix(".json")
      ? /"id": "(\d{4}\.\d{4,5})"/ : /arxiv\.org\/(?:abs|pdf)\/(\d{4}\.\d{4,5})/
    var ids: [String] = []
    for match in text.matches(of: pattern) where !ids.contains(String(match.1)) {
      ids.append(String(match.1))
    }
    #expect(try Reading(bytes).entries.map(\.id.rawValue) == ids)
  }

  @Test(arguments: expected.prefix(9)) func summariesAreUnchanged(_ expected: Expected) throws {
    let bytes = try bytes(expected.path)
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .filter { $0.hasPrefix("summary:") }.map { String($0.dropFirst(8)) }
    let entries = try Reading(bytes).entries
    #expect(entries.map(\.content.summary) == lines)
    for entry in entries {
      let content = entry.content
      #expect(content.keywords.allSatisfy { !$0.contains("**") && $0.count <= 60 })
      #expect(!content.sections.contains { $0.text.contains("核心关键词") || $0.text.isEmpty })
      #expect(content.tldr?.contains("**主要") != true)
    }
  }

  @Test func theSeriesIsTheFolder() {
    for item in Self.expected.prefix(9) {
      #expect(DigestSource.series(path: item.path) == "daily_huggingface_paper")
    }
  }
}

/// The sample digest, which every checkout has.
@Suite struct SampleDigestTests {
  @Test func theSampleReadsWhole() throws {
    let url = PackageRoot.url.appendingPathComponent("sample-config/digest-2025-10-02.md")
    let reading = try Reading(Array(try Data(contentsOf: url)), name: url.lastPathComponent)
    #expect(reading.problems.isEmpty)
    #expect(reading.entries.count == 12)
    #expect(reading.entries.map(\.appearance.index) == Array(0..<12))
    #expect(reading.entries.allSatisfy { $0.appearance.date?.text == "2025-10-02" })
    #expect(
      reading.entries.filter { $0.content.keywords.isEmpty }.map(\.id.rawValue) == ["2005.14165"])
    #expect(reading.entries.count { $0.content.tldr != nil } == 7)
    #expect(reading.entries.allSatisfy { !$0.content.sections.isEmpty })
  }
}
