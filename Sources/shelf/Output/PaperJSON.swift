import Changes
import Papers

/// The paper object: one and the same wherever `shelf` writes JSON.
///
/// The keys and their order are a contract with people's scripts, and `import` reads them back.
enum PaperJSON {
  /// Writes one paper as the next value.
  static func write(_ paper: Paper, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("id", paper.id.rawValue)
      json.member("title", paper.content.title)
      json.member("url", paper.url)
      json.member("status", paper.status.rawValue)
      json.member("starred", paper.starred)
      json.key("tags")
      json.array(paper.tags) { $0.value($1.name) }
      json.member("keywords", paper.content.keywords)
      json.member("tldr", paper.content.tldr)
      json.key("sections")
      json.array(paper.content.sections) { write($1, to: &$0) }
      json.member("summary", paper.content.summary)
      json.key("notes")
      json.array(paper.notes) { write($1, to: &$0) }
      json.key("digests")
      json.array(paper.appearances) { write($1, to: &$0) }
      json.member("added", milliseconds: paper.added)
      json.member("updated", milliseconds: paper.updated)
    }
  }

  /// Appends one paper object to bytes.
  static func append(
    _ paper: Paper, to out: inout [UInt8], style: JSONTextWriter.Style = .printed
  ) {
    var json = JSONTextWriter(bytes: out, style: style)
    out = []  // leaves the writer the only owner, so that the bytes are not copied
    write(paper, to: &json)
    out = json.take()
  }

  /// Writes one note as the next value.
  static func write(_ note: Note, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("id", note.id)
      json.member("text", note.text)
      json.member("created", milliseconds: note.created)
      json.member("updated", milliseconds: note.updated)
    }
  }

  private static func write(_ section: PaperContent.Section, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("label", section.label)
      json.member("text", section.text)
    }
  }

  private static func write(_ appearance: Appearance, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("date", appearance.date?.text)
      json.member("index", appearance.index)
      json.member("source", appearance.source)
    }
  }
}
