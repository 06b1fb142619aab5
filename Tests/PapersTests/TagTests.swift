import Papers
import TestSupport
import Testing

/// What can be the name of a tag.
@Suite struct TagTests {
  @Test(arguments: [
    "a", "ml/attention", "a/b/c", "缓存", "é", "e\u{301}", "२०२५", "👍", "v1.0-rc_2", "مقال",
    String(repeating: "a", count: 100), "a/e\u{301}",
  ])
  func isOne(_ name: String) { #expect(Tag(name)?.name.hasBytes(of: name) == true) }

  @Test(arguments: [
    "", "/", "/a", "a/", "a//b", "a/b/", "\u{301}a", "a/\u{301}b", "a b", "a\n", "#a", "a,b", "+a",
    "a\u{0}", "a\u{202E}b", String(repeating: "a", count: 101), String(repeating: "缓", count: 34),
  ])
  func isNone(_ name: String) { #expect(Tag(name) == nil) }

  /// A tag is what its levels are, each by itself.
  @Test func levelsAreTags() {
    var random = SeededGenerator(seed: 12)
    let pieces = ["a", "/", "\u{301}", "缓", "1", " ", "-", "é", "👍🏽"]
    for _ in 0..<5000 {
      let name = (0..<Int.random(in: 1...6, using: &random))
        .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
      let levels = name.unicodeScalars.split(separator: "/", omittingEmptySubsequences: false)
      let areTags = levels.allSatisfy { Tag(String(String.UnicodeScalarView($0))) != nil }
      #expect((Tag(name) != nil) == areTags, "\(name.unicodeScalars.map(\.value))")
    }
  }
}
