import Filters
import JSONText
import Papers

/// `digest:DATE/SOURCE`: where a paper stood in a digest, or null; DATE may be empty. Grow-only but
/// for an undo.
package enum Sighting: PaperRegister, ValueRegister {
  /// `digest:`
  package static let field = "digest:"
  /// By day and series.
  package static let isKeyed = true
  /// A digest.
  package static let author = RegisterAuthor.digest
  /// Digests just say it again.
  package static let merge = MergeRule.lastWriter(journalled: false)
  /// It was not in it.
  package static let unsaid: String? = "null"

  /// A number, or null.
  package static func write(_ value: Int?, to json: inout JSONTextWriter) {
    if let value { json.number(value) } else { json.null() }
  }

  /// A number, or null.
  package static func read(_ reader: inout JSONTextReader) throws -> Int? {
    try reader.nextIsNull() ? nil : Int(clamping: try reader.integer())
  }

  /// The key of a day and a series.
  package static func key(_ date: PaperDate?, _ source: String) -> String {
    (date?.text ?? "") + "/" + source
  }

  /// The day, which is none or one of the calendar, and the series of a key.
  static func digest(_ key: String) -> (date: PaperDate?, source: String)? {
    guard let slash = key.utf8.firstIndex(of: 0x2F) else { return nil }
    let day = String(key[..<slash])
    let date = PaperDate(day)
    guard day.isEmpty || date != nil else { return nil }
    return (date, String(Substring(key.utf8[slash...].dropFirst())))
  }

  /// `daily/2025-10-02`, as a person says which digest.
  package static func words(_ key: String) -> String {
    guard let (date, source) = digest(key) else { return key }
    return source + (date.map { "/" + $0.text } ?? "")
  }

  /// The day must be one.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    digest(key) != nil && self.value(value) != nil
  }

  /// One more sighting, or none.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let digest = digest(key), let index: Int? = fold.take(changes, merge, value) else {
      return false
    }
    if let index {
      fold.paper.appearances.append(
        Appearance(date: digest.date, index: index, source: digest.source))
    }
    return true
  }

  /// All of them.
  package static func facts(of paper: Paper) -> [Fact] {
    paper.appearances.map { .appearance(paper.id, $0.date, source: $0.source, index: $0.index) }
  }

  /// The newest one, which a list is ordered by, and how many digests it was in.
  package static var columns: [PaperColumn] {
    [
      PaperColumn("day", unsaid: .none) {
        $0.paper.appearances.last?.date.map { .text($0.text) } ?? .none
      },
      PaperColumn("position", unsaid: .integer(0)) {
        .integer(Int64($0.paper.appearances.last?.index ?? 0))
      },
      PaperColumn("sightings", unsaid: .integer(0)) {
        .integer(Int64(digests($0.paper.appearances)))
      },
    ]
  }

  /// How many digests these are. One that came by a path, and again on another machine under
  /// another name, stands there twice: what has the same day and the same place is one.
  private static func digests(_ appearances: [Appearance]) -> Int {
    guard appearances.count > 1 else { return appearances.count }
    var places = Set<Place>()
    return appearances.count { $0.date == nil || places.insert(Place($0)).inserted }
  }

  /// Those that a person is shown: one that came by a pipe is left out where another of the same
  /// day and place says which digest it was. Two that have names are both shown, for a paper may be
  /// the first of two series.
  package static func shown(_ appearances: [Appearance]) -> [Appearance] {
    guard appearances.count > 1 else { return appearances }
    var named = Set<Place>()
    for appearance in appearances where !isNameless(appearance.source) {
      named.insert(Place(appearance))
    }
    var nameless = Set<Place>()
    return appearances.filter { appearance in
      guard appearance.date != nil, isNameless(appearance.source) else { return true }
      let place = Place(appearance)
      return !named.contains(place) && nameless.insert(place).inserted
    }
  }

  private struct Place: Hashable {
    var date: PaperDate?
    var index: Int

    init(_ appearance: Appearance) { (date, index) = (appearance.date, appearance.index) }
  }

  /// Whether a series is what a digest is called that no path names.
  package static func isNameless(_ source: String) -> Bool { ["stdin", "digest"].contains(source) }

  /// By day and series.
  package static var part: PaperPart? {
    PaperPart("appearance", columns: ["day", "source", "position"]) { fold in
      fold.paper.appearances.map {
        [.text($0.date?.text ?? ""), .text($0.source), .integer(Int64($0.index))]
      }
    }
  }

  /// `digests`
  package static var keys: [PaperKey] {
    [
      PaperKey(
        "digests", rank: 120,
        write: { paper, json in json.array(paper.appearances) { write($1, to: &$0) } },
        read: { reader, paper, _ in paper.appearances = try appearances(&reader) })
    ]
  }

  private static func write(_ appearance: Appearance, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("date", appearance.date?.text)
      json.member("index", appearance.index)
      json.member("source", appearance.source)
    }
  }

  private static func appearances(_ reader: inout JSONTextReader) throws -> [Appearance] {
    var appearances: [Appearance] = []
    try reader.array { reader in
      var appearance = Appearance(date: nil, index: 0, source: "")
      try reader.object { key, reader in
        switch key {
        case "date": appearance.date = try reader.optionalString().flatMap { PaperDate($0) }
        case "index":
          appearance.index = try reader.nextIsNull() ? 0 : Int(clamping: try reader.integer())
        case "source": appearance.source = try reader.optionalString() ?? ""
        default: try reader.skip()
        }
      }
      appearances.append(appearance)
    }
    return appearances
  }

  /// Days and series.
  package static var filterFields: [FilterField] { [.date, .digest, .source] }
  /// `is:repeated`
  package static var traits: [FilterTrait] {
    [FilterTrait("repeated", "sightings", .greater, .integer(1))]
  }
}

extension Fact {
  /// Where a paper stood in a digest; nil that it was not in it.
  package static func appearance(
    _ id: PaperID, _ date: PaperDate?, source: String, index: Int?
  ) -> Fact {
    Sighting.fact(id.rawValue, key: Sighting.key(date, source), index)
  }
}
