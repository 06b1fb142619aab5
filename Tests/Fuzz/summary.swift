// fuzz: URLText Papers JSONText XMLText Digests
import Papers

@testable import Digests

/// Any text is a summary: it is read without a crash, gives only text, bounded lists, and no more
/// than was there; what nothing tells apart stays whole.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSummary(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var choices = Choices(start, count)
  let seeksPlain = choices.choose(2) == 0
  let bytes = Array(String(decoding: choices.remainder(), as: UTF8.self).utf8)
  let summary = Summary(bytes.span, seeksPlainKeywords: seeksPlain)
  check(summary.keywords.count <= 64, "\(summary.keywords.count) keywords")
  let letters = lettersOnly(bytes)
  let texts =
    summary.keywords + [summary.tldr ?? ""] + summary.sections.flatMap { [$0.label, $0.text] }
  for text in texts {
    check(isValid(text), "text that is no UTF-8")
    check(hasOnlyWhatWasThere(text, in: letters), "text that was not there: \(text)")
  }
  check(!summary.keywords.contains(""), "an empty keyword")
  check(summary.tldr != "", "an empty TL;DR")
  let size = texts.reduce(0) { $0 + $1.utf8.count }
  // A blank line may stand for two spaces or one sentence's end, and no more.
  check(size <= bytes.count * 3 + 64, "\(bytes.count) bytes grew to \(size)")
  if !summary.isStructured {
    check(summary.sections.count <= 1, "parts of what has none")
    check(summary.keywords.isEmpty && summary.tldr == nil, "parts of what has none")
  }
  return 0
}

/// Whether a text is a piece of what was read, marks and spaces aside.
func hasOnlyWhatWasThere(_ text: String, in letters: [UInt8]) -> Bool {
  let wanted = lettersOnly(Array(text.utf8))
  guard let first = wanted.first else { return true }
  return letters.indices.contains {
    letters[$0] == first && letters[$0...].starts(with: wanted)
  }
}

/// Latin letters and everything beyond ASCII.
func lettersOnly(_ bytes: [UInt8]) -> [UInt8] {
  bytes.filter { $0 >= 0x80 || ($0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A) }
}
