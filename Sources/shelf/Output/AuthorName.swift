/// A name of an author as reference managers want it, told from how a source spells it: `Ann Lee`,
/// `Lee, Ann`, `Lee, Jr., Ann`, `Jan van der Berg`, `毛 小咪`, `Gemini Team`.
struct AuthorName: Equatable, Sendable {
  /// The name that a list is sorted by, with its particles; the whole name of a group, or of whom
  /// one name is known.
  var family: String
  /// The other names; empty for a group, or where one name is known.
  var given = ""
  /// `Jr.`, `III`
  var suffix = ""

  /// Nil for what is no name, as of authors that the source left out.
  init?(_ text: String) {
    let name = OneLine.flat(text)
    guard !name.isEmpty, !Self.isOthers(name) else { return nil }
    let words = name.split { " ,".contains($0) }.map(String.init)
    let parts = name.split(separator: ",").map { OneLine.flat(String($0)) }.filter { !$0.isEmpty }
    family = name
    guard !Self.isGroup(words) else { return }
    switch parts.count {
    case 1 where !name.contains(","): take(words)
    case 2 where Self.suffixes.contains(parts[1]):
      take(Array(words.dropLast()))
      suffix = parts[1]
    case 2: (family, given) = (parts[0], parts[1])
    case 3 where Self.suffixes.contains(parts[1]):
      (family, suffix, given) = (parts[0], parts[1], parts[2])
    // More than a person's name has.
    default: return
    }
  }

  /// Takes the words of a name without commas.
  private mutating func take(_ all: [String]) {
    var words = all
    if words.count > 1, words.allSatisfy(Self.isEastAsian) {
      (family, given) = (words[0], words[1...].joined(separator: " "))
      return
    }
    if words.count > 2, let last = words.last, Self.suffixes.contains(last) {
      suffix = words.removeLast()
    }
    guard !words.isEmpty else { return }
    var start = words.count - 1
    while start > 1, Self.particles.contains(words[start - 1]) { start -= 1 }
    family = words[start...].joined(separator: " ")
    given = words[..<start].joined(separator: " ")
  }

  /// Family, given, suffix, with commas between: as RIS has it.
  var inverted: String { [family, given, suffix].filter { !$0.isEmpty }.joined(separator: ", ") }

  /// Whether it stands for authors that the source left out.
  static func isOthers(_ name: String) -> Bool {
    ["et al", "et al.", "others", "and others", "等"].contains(name.lowercased())
  }

  /// Whether the words are no person's name.
  static func isGroup(_ words: [String]) -> Bool {
    words.contains { groups.contains($0.lowercased()) }
  }

  private static let suffixes: Set<String> = ["Jr.", "Jr", "Sr.", "Sr", "II", "III", "IV"]
  private static let groups: Set<String> = [
    "team", "collaboration", "consortium", "group", "project", "lab", "labs", "laboratory",
    "institute", "university", "inc.", "foundation", "and", "&",
  ]
  private static let particles: Set<String> = [
    "van", "von", "der", "den", "de", "del", "della", "di", "da", "dos", "du", "la", "le", "ter",
    "ten", "bin", "ibn", "al", "el", "af", "zu", "zur",
  ]

  /// Whether a word is Han, kana or hangul, in whose names the family comes first.
  private static func isEastAsian(_ word: String) -> Bool {
    word.unicodeScalars.allSatisfy { scalar in
      switch scalar.value {
      case 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x20000...0x3FFFF:
        true
      default: false
      }
    }
  }
}
