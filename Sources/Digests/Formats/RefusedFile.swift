import Papers

/// What is no text: a PDF, an archive, a picture, a program. One line says so, instead of one for
/// each byte that is no character.
struct RefusedFormat: DigestFormat {
  /// It is nothing to bring.
  let explanation = ""
  /// So many bytes tell.
  private static let sampleSize = 512

  private static let marks: [([UInt8], String)] = [
    (Array("%PDF-".utf8), "a PDF"), (Array("%!PS".utf8), "PostScript"),
    (zip, "a zip archive"),
    ([0x1F, 0x8B], "a gzip archive"), ([0xFD, 0x37, 0x7A, 0x58, 0x5A], "an xz archive"),
    (Array("BZh".utf8), "a bzip2 archive"), ([0x37, 0x7A, 0xBC, 0xAF], "a 7z archive"),
    (Array("Rar!".utf8), "a rar archive"), ([0x28, 0xB5, 0x2F, 0xFD], "a zstd archive"),
    ([0x89, 0x50, 0x4E, 0x47], "a picture"), ([0xFF, 0xD8, 0xFF], "a picture"),
    (Array("GIF8".utf8), "a picture"), (Array("RIFF".utf8), "a picture or sound"),
    ([0x7F, 0x45, 0x4C, 0x46], "a program"), (Array("SQLite format 3".utf8), "a database"),
    (
      Array("version https://git-lfs.github.com/spec/".utf8),
      "what Git LFS left in place of the file (`git lfs pull` brings it)"
    ),
    ([0xD0, 0xCF, 0x11, 0xE0], "an office document"), (Array("{\\rtf".utf8), "rich text"),
  ]

  private static let zip: [UInt8] = [0x50, 0x4B, 0x03, 0x04]
  /// Where the name of the first file in a zip archive begins, and how much of it tells.
  private static let zipNames = 30..<64
  /// What documents that are zip archives begin with: names, and with that of the first what the
  /// file holds.
  private static let zipMarks: [(StaticString, String)] = [
    ("mimetypeapplication/epub", "an EPUB"), ("mimetype", "an office document"),
    ("[content_types]", "an office document"), ("_rels/", "an office document"),
    ("docprops/", "an office document"), ("word/", "an office document"),
    ("xl/", "an office document"), ("ppt/", "an office document"), ("meta-inf/", "a program"),
  ]
  /// Where a tar archive says what it is.
  private static let tarMark = 257

  func recognises(_ head: borrowing Span<UInt8>, isWhole: Bool) -> Recognition {
    if let first = Self.mark(head, isWhole: isWhole) {
      if first.isComplete { return .yes }
      if !isWhole { return .needsMore }
    }
    guard head.count >= Self.sampleSize || isWhole else { return .needsMore }
    return Self.isNoText(head) ? .yes : .no
  }

  func reader(of opening: DigestOpening) -> any DigestFormatReader { RefusedFile() }

  /// The first mark that the bytes have, or may still have.
  static func mark(
    _ head: borrowing Span<UInt8>, isWhole: Bool = true
  ) -> (name: String, isComplete: Bool)? {
    for (mark, name) in marks where mark[0] == head[0] {
      let length = min(mark.count, head.count)
      var index = 1
      while index < length, head[index] == mark[index] { index += 1 }
      guard index == length else { continue }
      guard mark == zip else { return (name, length == mark.count) }
      let isTold = isWhole || head.count >= zipNames.upperBound
      return (document(head) ?? name, length == mark.count && isTold)
    }
    return nil
  }

  private static func document(_ head: borrowing Span<UInt8>) -> String? {
    for (mark, name) in zipMarks where head.matches(mark, at: zipNames.lowerBound) {
      return name
    }
    return nil
  }

  /// What it is that is no text.
  static func name(of head: borrowing Span<UInt8>) -> String {
    if let mark = mark(head) { return mark.name }
    let isTar = head.matches("ustar", at: tarMark)
    return isTar ? "a tar archive" : "no text in an encoding that is known"
  }

  /// Whether too many bytes are no characters for a text with a few damaged ones.
  private static func isNoText(_ head: borrowing Span<UInt8>) -> Bool {
    let count = min(head.count, sampleSize)
    guard count >= 32 else { return false }
    var controls = 0
    var strays = 0
    var index = 0
    while index < count {
      let byte = head[index]
      if byte < 0x20, !Byte.isSpace(byte), byte != 0x1B, byte != 0x1E { controls += 1 }
      guard byte >= 0x80 else {
        index += 1
        continue
      }
      let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
      var end = index + 1
      while end < min(index + length, head.count), Byte.continues(head[end]) { end += 1 }
      if length == 1 || end < index + length && end < head.count { strays += end - index }
      index = end
    }
    return controls * 20 > count || strays * 10 > count * 3
  }
}

/// Tells what it is, and reads nothing.
private struct RefusedFile: DigestFormatReader {
  private var isTold = false

  mutating func feed(_ bytes: borrowing Span<UInt8>, into findings: inout Findings) {
    guard !isTold, bytes.count > 0 else { return }
    isTold = true
    findings.refuse(
      "this is \(RefusedFormat.name(of: bytes)), not a list of papers; nothing was read")
  }

  mutating func finish(into findings: inout Findings) {}
}
