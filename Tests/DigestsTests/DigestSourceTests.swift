import Digests
import Papers
import Testing

@Suite struct DigestSourceTests {
  @Test(arguments: [
    ("-", "stdin"), ("2025-10-02.md", "digest"),
    ("x/daily_huggingface_paper/archive/2025-10-02.md", "daily_huggingface_paper"),
    ("daily-ai-papers/2025-01-15.md", "daily-ai-papers"), ("arxiv-2025-10-02.md", "arxiv"),
    ("/tmp/list.jsonl", "list"), ("feeds/2025/10/20251002.json", "feeds"),
    ("2025-09-20-first-run.md", "digest"),
    ("https://raw.githubusercontent.com/ann/my-papers/main/archive/2025-10-02.md", "my-papers"),
    ("https://example.org/", "digest"), ("https://example.org/d/feed.json?x=/y", "feed"),
    ("", "digest"), ("my_series/archive/2025/10/02.md", "my_series"), ("x/y/README.md", "y"),
    ("my_series/2025-10/02.md", "my_series"), ("a/index.html", "a"), ("a/2025-10.md", "a"),
    ("https://github.com/ann/my-papers/blob/main/archive/2025/10/02.md", "my-papers"),
    ("/tmp/stdin", "tmp"), ("02.md", "digest"),
    ("a/.hidden", ".hidden"), ("每日/2025年10月2日.md", "每日"),
  ])
  func series(_ path: String, _ name: String) {
    #expect(DigestSource.series(path: path) == (name == ".hidden" ? "hidden" : name))
  }

  @Test(
    arguments: [
      ("a/2025-10-02.md", "2025-10-02"), ("x-20251002.json", "2025-10-02"),
      ("2025_10_2.md", "2025-10-02"),
      ("2025年10月2日.md", "2025-10-02"), ("https://e.org/2025-10-02.md?d=2024-01-01", "2025-10-02"),
      ("s/archive/2025/10/02.md", "2025-10-02"), ("s/2025-10/2.md", "2025-10-02"),
      ("s/2025/13/02.md", nil), ("s/10/02.md", nil), ("02.md", nil), ("a2025-10/02.md", nil),
      ("2025-13-02.md", nil), ("2025-10-02/x.md", nil), ("-", nil), ("12025-10-02.md", nil),
    ] as [(String, String?)])
  func date(_ path: String, _ date: String?) {
    #expect(DigestSource.date(path: path)?.text == date)
  }
}
