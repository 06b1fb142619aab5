import Papers
import Testing

@Suite struct ValueTests {
  @Test(arguments: [
    "2025-02-29", "2025-13-01", "2025-1-01", "20250101", "0000-01-01", "２025-01-01",
  ])
  func notADate(_ text: String) { #expect(PaperDate(text) == nil) }

  @Test(arguments: ["2024-02-29", "2025-10-02", "1900-02-28"])
  func aDate(_ text: String) { #expect(PaperDate(text)?.text == text) }

  @Test(arguments: [
    "", "a b", "a,b", "/a", "a/", "a//b", "a\u{1B}", "+a", "\"q\"", "(x)", "\u{301}a", "a/\u{618}b",
  ])
  func notATag(_ text: String) { #expect(Tag(text) == nil) }

  @Test(arguments: ["kv", "ml/attention", "缓存", "a-b_c.d", "é", "2025"])
  func aTag(_ text: String) { #expect(Tag(text)?.name == text) }
}
