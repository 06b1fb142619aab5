import Papers

/// What a line of a list of things to do says that the person did: a check box, tags, and what org
/// has beside them.
struct LineMarks: Hashable {
  /// How far the person is.
  var status: ReadingStatus?
  /// When the person came so far, milliseconds since 1970 UTC.
  var statusTime: Int64?
  /// As they are written.
  var tags: [String] = []
  /// The key under which the person cites it.
  var citekey: String?
  /// Whether the text below is the person's own.
  var isNote = false

  /// Puts what it says into the entry of its paper.
  func mark(_ entry: inout DigestEntry) {
    var reference = Reference(line: entry.line)
    reference.marks.status = status
    reference.marks.statusTime = statusTime
    if let citekey { entry.bibliography.citekey = citekey }
    reference.tags = tags
    if isNote, !entry.content.summary.isEmpty {
      reference.take(note: entry.content.summary)
      entry.content = PaperContent(title: entry.content.title, described: "")
    }
    entry.takeMarks(reference.carried(entry.id))
  }
}

extension CardLine {
  /// Takes the marks of the line over: what is known already, the check box it begins with, and the
  /// tags `#like-this` of a line that has one, which are no part of its text.
  mutating func takeMarks(_ known: LineMarks?) {
    marks = known
    let bytes = bytes
    let span = bytes.span
    let box = span.skippingSpace(from: SummaryOutline.listMarker(span, at: 0), to: span.count)
    guard kind == .item, span[or0: box] == Byte.openBracket,
      span[or0: box + 2] == Byte.closeBracket, Byte.isSpace(span[or0: box + 3])
    else { return }
    var marks = known ?? LineMarks()
    switch span[box + 1] {
    case UInt8(ascii: "x"), UInt8(ascii: "X"): marks.status = .read
    case UInt8(ascii: "/"): marks.status = .reading
    case Byte.space: break
    default: return
    }
    takeTags(from: box + 4, into: &marks)
    self.marks = marks
  }

  private mutating func takeTags(from start: Int, into marks: inout LineMarks) {
    var kept = Array(bytes[..<start])
    var index = start
    while index < bytes.count {
      if bytes[index] == Byte.hash, Byte.isSpace(bytes[index - 1]), let end = endOfTag(index) {
        marks.tags.append(String(decoding: bytes[(index + 1)..<end], as: UTF8.self))
        index = end
      } else {
        kept.append(bytes[index])
        index += 1
      }
    }
    guard kept.count < bytes.count else { return }
    while let last = kept.last, Byte.isSpace(last) { kept.removeLast() }
    bytes = kept
  }

  /// The end of the tag that a hash begins; nil where it begins none, as in `#1`.
  private func endOfTag(_ start: Int) -> Int? {
    var end = start + 1
    while end < bytes.count, !Byte.isSpace(bytes[end]), end - start < 100 { end += 1 }
    while end > start, ",.;:)".utf8.contains(bytes[end - 1]) { end -= 1 }
    let isWord = bytes[(start + 1)..<max(end, start + 1)].contains {
      Byte.isLetter($0) || $0 >= 0x80
    }
    return isWord && !bytes[(start + 1)..<end].contains(Byte.hash) ? end : nil
  }
}
