import Digests
import Papers

/// A bibliography of the person's that is brought in step with papers of the list.
///
/// Ours are the entries that bear the field ``mark``. One is written anew where the paper tells
/// otherwise now: in its place, under its key and type, with the fields that the person, or the
/// program they edit it with, added. It goes when its paper is not selected any more. Every other
/// byte stays as it is. A paper that the person has an entry of their own for is left to it. Notes
/// are not written: such a file is shared with others.
struct KeptBibliography {
  /// The field that makes an entry ours; its value is the paper, as a key.
  static let mark = "papershelf"

  /// What was done to a file.
  struct Counts: Hashable {
    var new = 0
    var changed = 0
    var gone = 0
    /// Papers that stand in an entry of the person's own.
    var foreign = 0

    /// What was done.
    var words: String {
      let done = [(new, "new"), (changed, "changed"), (gone, "taken out")].filter { $0.0 > 0 }
        .map { "\($0.0) \($0.1)" }
      let own = foreign == 0 ? "" : "; \(foreign) in entries of your own"
      return (done.isEmpty ? "in step already" : done.joined(separator: ", ")) + own
    }
  }

  private let file: BibTeXFile
  /// What becomes of an entry of ours.
  private enum Fate {
    case goes
    case stays
    case becomes(String)
  }

  private var fates: [Int: Fate] = [:]
  /// The places of our entries, by the paper.
  private var ours: [String: [Int]] = [:]
  private var foreign: Set<PaperID> = []
  private var additions: [String] = []
  private var exporter = BibTeXExporter(includesNotes: false)
  private let lineEnd: String
  private(set) var counts = Counts()

  /// Reads what is there.
  /// - Throws: ``Failure`` for an entry whose end cannot be told.
  init(_ bytes: [UInt8], path: String) throws {
    file = BibTeXFile(bytes)
    if let line = file.brokenLines.first {
      throw Failure(
        .badInput, "\(path):\(line): the entry is not closed; nothing was written",
        advice: "close it, or give another file")
    }
    let newline = bytes.firstIndex(of: 0x0A)
    lineEnd = newline.map { $0 > 0 && bytes[$0 - 1] == 0x0D } ?? false ? "\r\n" : "\n"
    for (place, entry) in file.entries.enumerated() {
      exporter.reserve(entry.key)
      if let mark = entry.fields[Self.mark] {
        ours[mark, default: []].append(place)
        fates[place] = .goes
      } else if let paper = entry.paper {
        foreign.insert(paper)
      }
    }
  }

  /// Whether there are entries of ours.
  var hasOurs: Bool { !ours.isEmpty }

  /// Takes a paper that is to stand in the file.
  mutating func take(_ paper: Paper) {
    let name = BibTeXExporter.key(paper.id)
    if let places = ours[name] {
      for place in places { fates[place] = fate(of: file.entries[place], paper) }
    } else if foreign.contains(paper.id) {
      counts.foreign += 1
    } else {
      let key = exporter.newKey(paper)
      additions.append(ended(exporter.entry(paper, key: key, others: [(Self.mark, name)])))
    }
  }

  /// An entry that tells what the paper does, in whatever form, stays.
  private func fate(of entry: BibTeXFile.Entry, _ paper: Paper) -> Fate {
    let told = exporter.fields(paper).map { ($0.0.lowercased(), $0.1) }
    if told.allSatisfy({ Self.words($0.1) == Self.words(entry.fields[$0.0] ?? "") }) {
      return .stays
    }
    let names = Set(told.map(\.0))
    let others = entry.fields.filter { !names.contains($0.key) }.sorted { $0.key < $1.key }
    let text = exporter.entry(
      paper, type: entry.type, key: entry.key, others: others.map { ($0.key, $0.value) })
    return .becomes(ended(text))
  }

  private static func words(_ tex: String) -> [Substring] { tex.split { $0.isWhitespace } }

  private func ended(_ entry: String) -> String {
    lineEnd == "\n" ? entry : entry.replacing("\n", with: lineEnd)
  }

  /// The file as it is to be.
  mutating func bytes() -> [UInt8] {
    counts.new = additions.count
    var out: [UInt8] = []
    var cursor = 0
    for (place, entry) in file.entries.enumerated() {
      switch fates[place] {
      case nil, .stays: continue
      case .becomes(let text):
        counts.changed += 1
        out.append(contentsOf: file.bytes[cursor..<entry.range.lowerBound])
        out.append(contentsOf: text.utf8)
        cursor = entry.range.upperBound
      case .goes:
        counts.gone += 1
        out.append(contentsOf: file.bytes[cursor..<entry.range.lowerBound])
        cursor = endOfGap(after: entry.range.upperBound)
      }
    }
    out.append(contentsOf: file.bytes[cursor...])
    for entry in additions { append(entry, to: &out) }
    return out
  }

  /// Where the line of an entry that goes ends, and a blank one behind it.
  private func endOfGap(after place: Int) -> Int {
    var (end, place, lines) = (place, place, 0)
    while place < file.bytes.count, lines < 2, [0x20, 0x09, 0x0D, 0x0A].contains(file.bytes[place])
    {
      place += 1
      if file.bytes[place - 1] == 0x0A { (lines, end) = (lines + 1, place) }
    }
    return end
  }

  /// A new one stands at the end, a blank line before it.
  private func append(_ entry: String, to out: inout [UInt8]) {
    let end = Array(lineEnd.utf8)
    if !out.isEmpty {
      if !out.ends(with: end) { out += end }
      if !out.ends(with: end + end) { out += end }
    }
    out += Array(entry.utf8) + end
  }
}

extension [UInt8] {
  fileprivate func ends(with end: [UInt8]) -> Bool { suffix(end.count).elementsEqual(end) }
}
