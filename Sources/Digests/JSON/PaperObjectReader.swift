import Foundation
import Papers

/// Turns one object of a JSON digest or of our own exports into an entry.
struct PaperObjectReader {
  private let source: String
  private let date: PaperDate?
  private var nextIndex = 0
  private let decoder = JSONDecoder()

  /// - Parameters:
  ///   - source: the series, put into each appearance.
  ///   - date: the day when the object names none.
  init(source: String, date: PaperDate?) {
    self.source = source
    self.date = date
  }

  /// Reads the bytes of one object.
  mutating func take(_ bytes: [UInt8], line: Int, _ out: inout Outbox) {
    let data = Data(bytes)
    guard let object = decode(data, line, &out) else { return }
    let index = nextIndex
    nextIndex += 1
    let wrapped = object.paper
    let name = wrapped?.id ?? object.id ?? object.url ?? ""
    guard let id = PaperID(link: name) ?? object.url.flatMap({ PaperID(link: $0) }) else {
      out.report("an object without the id of a paper; left out", line: line)
      return
    }
    if object.isExport {
      addExported(object, id, index, line, &out)
    } else {
      add(object, id, index, line, &out)
    }
  }

  private func decode(_ data: Data, _ line: Int, _ out: inout Outbox) -> PaperObject? {
    if let object = try? decoder.decode(PaperObject.self, from: data) { return object }
    let repaired = Data(String(decoding: data, as: UTF8.self).utf8)
    if repaired != data, let object = try? decoder.decode(PaperObject.self, from: repaired) {
      out.report("bytes that are no UTF-8 were replaced", line: line)
      return object
    }
    out.report("not valid JSON; this object is left out", line: line)
    return nil
  }

  /// A paper as another maker tells it: Hugging Face's daily papers, or a flat object.
  private func add(
    _ object: PaperObject, _ id: PaperID, _ index: Int, _ line: Int, _ out: inout Outbox
  ) {
    let title = object.paper?.title ?? object.title ?? ""
    let summary = object.paper?.summary ?? object.summary ?? ""
    let day = object.paper?.submittedOnDailyAt.flatMap { PaperDate(String($0.prefix(10))) }
    let content = PaperContent(title: title, described: summary)
    out.add(
      DigestEntry(
        id: id, content: content,
        appearance: Appearance(date: day ?? date, index: index, source: source), line: line))
  }

  /// A paper of our own export, with all the person did.
  private func addExported(
    _ object: PaperObject, _ id: PaperID, _ index: Int, _ line: Int, _ out: inout Outbox
  ) {
    func milliseconds(_ text: String?, or other: Int64) -> Int64 {
      guard let text else { return other }
      if let time = Timestamp.milliseconds(text) { return time }
      out.report("\(id): “\(text.prefix(40))” is no time", line: line)
      return other
    }
    let added = milliseconds(object.added, or: 0)
    let paper = Paper(
      id: id, content: object.content, status: status(object, id, line, &out),
      starred: object.starred ?? false, tags: tags(object, id, line, &out),
      notes: (object.notes ?? []).map { note in
        let created = milliseconds(note.created, or: added)
        return Note(
          id: note.id, text: note.text, created: created,
          updated: milliseconds(note.updated, or: created))
      },
      appearances: object.appearances, added: added,
      updated: milliseconds(object.updated, or: added))
    let first = paper.appearances.first ?? Appearance(date: date, index: index, source: source)
    out.add(
      DigestEntry(id: id, content: paper.content, appearance: first, line: line, exported: paper))
  }

  private func status(
    _ object: PaperObject, _ id: PaperID, _ line: Int, _ out: inout Outbox
  ) -> ReadingStatus {
    guard let name = object.status else { return .unread }
    if let status = ReadingStatus(rawValue: name) { return status }
    out.report("\(id): “\(name.prefix(40))” is no status; taken as unread", line: line)
    return .unread
  }

  private func tags(
    _ object: PaperObject, _ id: PaperID, _ line: Int, _ out: inout Outbox
  ) -> [Tag] {
    (object.tags ?? []).compactMap { name in
      if let tag = Tag(name) { return tag }
      out.report("\(id): “\(name.prefix(40))” cannot be a tag; left out", line: line)
      return nil
    }
  }
}

extension PaperObject {
  fileprivate var content: PaperContent {
    PaperContent(
      title: title ?? "", summary: summary ?? "", keywords: keywords ?? [], tldr: tldr,
      sections: (sections ?? []).map {
        PaperContent.Section(label: $0.label ?? "", text: $0.text ?? "")
      })
  }

  fileprivate var appearances: [Appearance] {
    (digests ?? []).map {
      Appearance(
        date: $0.date.flatMap { PaperDate($0) }, index: $0.index ?? 0, source: $0.source ?? "")
    }
  }
}

extension PaperContent {
  /// Content with a title of any layout and a summary that may or may not be structured. A summary
  /// without labels or keywords is left as it is: one section with the same text says nothing new.
  init(title: String, described summary: String) {
    let name = Array(title.utf8)
    let text = Array(summary.utf8)
    let parts = Summary(text.span, seeksPlainKeywords: false)
    self.init(
      title: name.span.title(0..<name.count), summary: summary, keywords: parts.keywords,
      tldr: parts.tldr, sections: parts.isStructured ? parts.sections : [])
  }
}
