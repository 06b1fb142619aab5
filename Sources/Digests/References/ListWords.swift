import Papers

/// The words of other programs for what the person did.
enum ListWords {
  /// The status a word means; nil for one that is none, and for `unread`, which is what holds where
  /// nothing was said.
  static func status(_ word: String) -> ReadingStatus? { statuses[bare(word)] }

  /// Whether a word says yes.
  static func isTrue(_ word: String) -> Bool {
    ["true", "yes", "y", "1", "x", "on", "✓", "✔", "★", "☑", "是"].contains(
      RecordText.trimmed(word).lowercased())
  }

  /// Letters and digits in lower case, without what stands between words.
  static func bare(_ word: String) -> String {
    String(word.lowercased().unicodeScalars.filter { $0.properties.isAlphabetic || isDigit($0) })
  }

  private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

  private static let statuses: [String: ReadingStatus] = [
    "queued": .queued, "queue": .queued, "toread": .queued, "todo": .queued, "later": .queued,
    "readlater": .queued, "shortlist": .queued, "wanttoread": .queued, "backlog": .queued,
    "next": .queued, "待读": .queued, "想读": .queued,
    "reading": .reading, "inprogress": .reading, "started": .reading, "currentlyreading": .reading,
    "doing": .reading, "在读": .reading, "阅读中": .reading,
    "read": .read, "done": .read, "finished": .read, "archive": .read, "archived": .read,
    "completed": .read, "complete": .read, "已读": .read, "读完": .read,
    "skipped": .skipped, "skip": .skipped, "notreading": .skipped, "abandoned": .skipped,
    "ignored": .skipped, "dropped": .skipped, "跳过": .skipped,
  ]

  // MARK: Zotero's Extra

  /// Fields of Zotero and CSL that are written into `Extra` or `note` because there is no other
  /// place: none of the person's words.
  private static let extraFields: Set<String> = [
    "arxiv", "doi", "pmid", "pmcid", "isbn", "issn", "version", "comment", "type", "originaldate",
    "originaltitle", "publisher", "eventplace", "eventtitle", "status", "genre", "number", "page",
    "volume", "issue", "titletranslation", "citationkey", "bibtex", "tex", "accessed", "googleid",
    "eprint", "archiveprefix", "mag", "openalexid", "s2id", "citations", "adsbibcode", "zsccnumber",
  ]

  /// Reads the lines `key: value` of Zotero's `Extra` into a record; what else it holds is a note.
  static func read(extra text: String, into reference: inout Reference) {
    var rest: [Substring] = []
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else {
        rest.append(line)
        continue
      }
      let value = RecordText.trimmed(parts[1])
      switch bare(String(parts[0])) {
      case "arxiv": reference.clues.add(text: RecordText.trimmed(line))
      case "doi": reference.clues.add(doi: value)
      case "readstatus": reference.marks.status = status(value)
      case "readstatusdate": reference.marks.statusTime = LooseDate(value)?.milliseconds
      case "tldr": reference.tldr = RecordText.oneLine(value)
      case "citationkey": reference.bibliography.citekey = value
      case let key where extraFields.contains(key): break
      default: rest.append(line)
      }
    }
    let note = RecordText.trimmed(rest.joined(separator: "\n"))
    reference.clues.add(remark: note)
    reference.take(note: note)
  }
}
