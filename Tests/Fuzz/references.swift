// fuzz: URLText Papers JSONText Filters Changes XMLText Digests
import Changes
import Digests
import Papers

/// Any bytes behind the beginning of a list of another program, whichever the first byte chooses,
/// are read without a crash, give the same whatever the chunks, and give only what holds: canonical
/// ids, tags that are tags, bounded lists, titles on one line.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReferences(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first else { return 0 }
  let text = Array(beginnings[Int(first) % beginnings.count].utf8) + bytes.dropFirst()
  let whole = ReferenceFacts(text, chunk: max(text.count, 1))
  let chunk = 1 + Int(first) % 7
  let parts = ReferenceFacts(text, chunk: chunk)
  check(whole.entries == parts.entries, "other entries in chunks of \(chunk)")
  check(whole.problems == parts.problems, "other problems in chunks of \(chunk)")
  whole.checkBounds()
  return 0
}

/// One of each family, and nothing, for what only looks like one.
private let beginnings = [
  "", "@", "@misc{k,", "@article{k, title={T}, doi={10.1000/1},\n", "TY  - JOUR\n",
  "title,url,tags,status,notes\n", "Key,Item Type,Author,Title,DOI,Url,Extra,Manual Tags\n",
  "id,title,url,status,starred\tx\n", "<feed>", "<rss><channel><item>", "<?xml version='1.0'?><",
  "\\\\\narXiv:2401.00001\n", "------------------------------\n", "{\"papers\":[", "[{",
  "<!DOCTYPE NETSCAPE-Bookmark-file-1><dl><dt><a href=",
  "<rdf:RDF xmlns:z='http://www.zotero.org/namespaces/export#'><x rdf:about='",
  "- title: A\n  url: https://arxiv.org/abs/2401.00001\n- title: ", "papers:\n- title: B\n  ",
  "ref: k\ntitle: T\neprint: '2401.00001'\n",
  "<html><body><ul><li><a href='https://arxiv.org/abs/2401.00001'>",
  "<html><body><table><tr><th>Title</th></tr><tr><td>", "* TODO ", "#+title: T\n:PROPERTIES:\n",
  "---\nstatus: done\nurl: https://arxiv.org/abs/2401.00001\n",
  "title:: T\narxiv:: 2401.00001\n", "- [x] ", "https://arxiv.org/abs/2401.00001 | ",
]

/// What a list gave.
struct ReferenceFacts {
  var entries: [DigestEntry] = []
  var problems: [Problem] = []

  init(_ bytes: [UInt8], chunk: Int) {
    var limits = DigestReader.Limits()
    limits.line = 2048
    limits.element = 4096
    limits.problems = 20
    var reader = DigestReader(
      name: "list", source: "fuzz", object: Registers.standard.paperObject, limits: limits)
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

  /// What every entry keeps to.
  func checkBounds() {
    check(problems.count <= 21, "\(problems.count) problems")
    for entry in entries where entry.exported == nil {
      check(PaperID(rawValue: entry.id.rawValue) != nil, "\(entry.id) is not canonical")
      check(entry.content.keywords.count <= 64, "too many keywords")
      check(!entry.content.title.utf8.contains(0x0A), "a title of two lines")
      let marks = entry.carried ?? CarriedMarks()
      for tag in marks.tags { check(Tag(tag.name) != nil, "\(tag) is no tag") }
      for note in marks.notes { check(NoteVersion.isID(note.id), "\(note.id) is no id") }
      let bibliography = entry.bibliography
      for text in [entry.content.title, entry.content.summary, entry.content.tldr ?? ""]
        + entry.content.keywords + bibliography.authors + bibliography.categories
        + marks.notes.map(\.text)
      {
        check(isValid(text), "text that is no UTF-8")
      }
      if let date = bibliography.published {
        check(PublicationDate(date.text) == date, "\(date) is no date")
      }
    }
  }
}
