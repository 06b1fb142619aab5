// fuzz: URLText Papers JSONText Filters Changes XMLText Digests
import Changes
import Digests
import Papers

/// Any bytes are read without a crash, give the same whatever the chunks, and give only what holds:
/// canonical ids, text that was there, bounded lists.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzDigest(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let whole = DigestFacts(bytes, chunk: max(count, 1))
  // By single bytes always, for those come between everything.
  for chunk in [1, 2 + Int(bytes.first ?? 0) % 6] {
    let parts = DigestFacts(bytes, chunk: chunk)
    check(whole.entries == parts.entries, "other entries in chunks of \(chunk)")
    check(whole.problems == parts.problems, "other problems in chunks of \(chunk)")
  }
  whole.checkBounds(bytes)
  return 0
}

/// What a digest gave.
struct DigestFacts {
  var entries: [DigestEntry] = []
  var problems: [Problem] = []

  init(_ bytes: [UInt8], chunk: Int) {
    var limits = DigestReader.Limits()
    limits.line = 4096
    limits.element = 8192
    limits.problems = 20
    var reader = DigestReader(
      name: "2025-10-02.md", source: "fuzz", object: Registers.standard.paperObject, limits: limits)
    do {
      for start in stride(from: 0, to: bytes.count, by: chunk) {
        let end = min(bytes.count, start + chunk)
        try bytes[start..<end].withUnsafeBytes { try reader.feed($0) { take($0) } }
      }
      try reader.finish { take($0) }
    } catch {
      check(false, "reading threw \(error)")
    }
  }

  private mutating func take(_ event: DigestReader.Event) {
    switch event {
    case .entry(let entry): entries.append(entry)
    case .problem(let problem): problems.append(problem)
    }
  }

  /// Every entry is made of what was read, and no more of it.
  func checkBounds(_ bytes: [UInt8]) {
    let isText = String(validating: bytes, as: UTF8.self) != nil && !bytes.contains(0)
    let isPlain = isText && bytes.first != 0x5B && bytes.first != 0x7B && !bytes.contains(0x0D)
    let text = String(decoding: bytes, as: UTF8.self)
    check(problems.count <= 21, "\(problems.count) problems")
    for entry in entries {
      check(PaperID(rawValue: entry.id.rawValue) != nil, "\(entry.id) is not canonical")
      check(entry.content.keywords.count <= 64 || entry.exported != nil, "too many keywords")
      for text in entry.content.everyText { check(isValid(text), "text that is no UTF-8") }
      let size = entry.content.sections.reduce(0) { $0 + $1.text.utf8.count + $1.label.utf8.count }
      check(
        size <= entry.content.summary.utf8.count * 3 + 64 || entry.exported != nil,
        "sections grew to \(size)")
      if isPlain, !text.contains("&"), entry.exported == nil {
        check(holds(bytes, entry.content.summary), "a summary that was not there")
      }
    }
  }

  /// Whether the letters and digits of text stand in the bytes in that order: a list's text is put
  /// together of lines, and its markup is taken off.
  private func holds(_ bytes: [UInt8], _ text: String) -> Bool {
    var rest = bytes[...]
    for byte in text.utf8 where byte >= 0x80 || isWord(byte) {
      guard let place = rest.firstIndex(of: byte) else { return false }
      rest = rest[(place + 1)...]
    }
    return true
  }

  private func isWord(_ byte: UInt8) -> Bool {
    (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10
  }
}

extension PaperContent {
  var everyText: [String] {
    [title, summary, tldr ?? ""] + keywords + sections.flatMap { [$0.label, $0.text] }
  }
}
