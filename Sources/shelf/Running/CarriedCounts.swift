import Changes
import Papers

/// What lists of other programs bring besides papers, counted a kind at a time.
struct CarriedCounts {
  /// Statuses other than unread.
  var statuses = 0
  /// Stars.
  var stars = 0
  /// Tags, each once a paper.
  var tags = 0
  /// Notes.
  var notes = 0
  /// Papers of which the authors come to be known.
  var authored = 0
  /// Pages that are no papers, kept by their address.
  var pages = 0

  /// What the list of another program says of a paper.
  mutating func add(_ facts: [Fact]) {
    for field in facts.map(\.field) {
      if field.hasBytes(of: Status.field) {
        statuses += 1
      } else if field.hasBytes(of: Starred.field) {
        stars += 1
      } else if field.utf8.starts(with: Tagged.field.utf8) {
        tags += 1
      } else if field.utf8.starts(with: Noted.field.utf8) {
        notes += 1
      }
    }
  }

  /// What a paper that comes on the list brings from an export of ours.
  mutating func add(_ paper: Paper) {
    if paper.status != .unread { statuses += 1 }
    if paper.starred { stars += 1 }
    tags += paper.tags.count
    notes += paper.notes.count
    if !paper.bibliography.authors.isEmpty { authored += 1 }
  }

  /// `2 statuses, 1 star, 5 tags, authors of 7 papers`; nil where there is nothing.
  var words: String? {
    let counts = [
      (statuses, "\(statuses) status" + (statuses == 1 ? "" : "es")),
      (stars, Words.number(stars, "star")), (tags, Words.number(tags, "tag")),
      (notes, Words.number(notes, "note")), (authored, "authors of \(Words.papers(authored))"),
      (pages, Words.number(pages, "page") + (pages == 1 ? " that is" : " that are") + " no paper"),
    ]
    let parts = counts.filter { $0.0 > 0 }.map(\.1)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }
}
