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

  /// Seconds of processor that an import took: less shaken by what else runs than the clock.
  private func cost(_ crowd: Crowd, _ count: Int) throws -> Double {
    let home = try Home()
    let file = try list(home, crowd, count)
    func used() -> Double {
      var usage = rusage()
      getrusage(RUSAGE_CHILDREN, &usage)
      return Double(usage.ru_utime.tv_sec) + Double(usage.ru_utime.tv_usec) / 1_000_000
    }
    let before = used()
    #expect(try home.shelf("import", file).code == 0)
    let cost = used() - before
    let paper = try #require(try home.shelf("show", "2510.00001", "--json").array.first)
    #expect((paper[crowd.rawValue] as? [Any])?.count == count)
    return cost
  }

  @Test("All of it comes in", arguments: Crowd.allCases)
  func comesIn(_ crowd: Crowd) throws {
    // Printed only: what it costs is no matter of passing. It was the cube of the notes.
    let costs = try [500, 2000].map { try cost(crowd, $0) }
    print("import of one paper with 500 and 2,000 \(crowd.rawValue): \(costs) s of processor")
  }
}
