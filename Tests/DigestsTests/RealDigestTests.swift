import Digests
import Foundation
import Papers
import TestSupport
import Testing

@Suite(.enabled(if: PackageRoot.digests != nil)) struct RealDigestTests {
  @Test func dump() throws {
    guard let folder = PackageRoot.digests else { return }
    for sub in ["daily_huggingface_paper", "daily-ai-papers", "other", "hf-daily-papers-api"] {
    let dir = folder.appendingPathComponent(sub)
    for name in try FileManager.default.contentsOfDirectory(atPath: dir.path).sorted() {
      let data = try Data(contentsOf: dir.appendingPathComponent(name))
      let r = try Reading(Array(data), name: name)
      print("##", name, r.entries.count, r.entries.count { !$0.content.keywords.isEmpty },
        r.entries.count { $0.content.tldr != nil }, r.entries.count { !$0.content.sections.isEmpty },
        r.problems.map { "\($0.line):\($0.message)" })
      for e in r.entries {
        print(">", e.appearance.index, e.id, e.content.title, "| K:", e.content.keywords.joined(separator: " / "),
          "| T:", e.content.tldr?.prefix(25) ?? "-", "| S:",
          e.content.sections.map { "[\($0.label)]\($0.text.prefix(12))~\($0.text.components(separatedBy: "\n\n").count)" }.joined(separator: " "), e.content.summary.utf8.count, e.appearance.date as Any)
      }
    }
    }
  }
}
