import Foundation
import TestSupport
import Testing

/// A paper with thousands of notes, tags or days, as a hostile list may have it, and a diligent
/// person.
@Suite struct CrowdedPaperTests {
  enum Crowd: String, CaseIterable { case notes, tags, digests }

  /// Our own export with so many of one kind.
  private func list(_ home: Home, _ crowd: Crowd, _ count: Int) throws -> String {
    let parts = (0..<count).map { number in
      switch crowd {
      case .tags: "\"t\(number)\""
      case .notes:
        """
        {"id":"n\(10_000 + number)","text":"words \(number)",
        "created":"2025-01-01T00:00:00.000Z","updated":"2025-01-0\(1 + number % 9)T00:00:00.000Z"}
        """
      case .digests:
        """
        {"date":"\(1900 + number / 336)-\(10 + number / 28 % 3)-\(10 + number % 18)","index":1,
        "source":"s\(number)"}
        """
      }
    }
    var arrays = ["tags": "[]", "notes": "[]", "digests": "[]"]
    arrays[crowd.rawValue] = "[" + parts.joined(separator: ",") + "]"
    return try home.file(
      "list.json",
      """
      [{"id":"2510.00001","title":"t","url":"https://arxiv.org/abs/2510.00001","status":"unread",
      "starred":false,"tags":\(arrays["tags"] ?? ""),"keywords":[],"tldr":null,"sections":[],
      "summary":"","notes":\(arrays["notes"] ?? ""),"digests":\(arrays["digests"] ?? ""),
      "added":"2025-01-01T00:00:00.000Z","updated":"2025-01-01T00:00:00.000Z"}]
      """)
  }

  /// It cost the cube of the notes: 500 took 18 seconds, and these would take twenty minutes.
  @Test("All of it comes in", arguments: Crowd.allCases)
  func comesIn(_ crowd: Crowd) throws {
    let home = try Home()
    #expect(try home.shelf("import", try list(home, crowd, 2000)).code == 0)
    let paper = try #require(try home.shelf("show", "2510.00001", "--json").array.first)
    #expect((paper[crowd.rawValue] as? [Any])?.count == 2000)
  }
}
