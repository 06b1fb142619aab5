import Filters
import JSONText
import Papers

/// `tag:NAME`: whether a paper bears a tag. One register a tag, so that two machines' tags both
/// stay.
package enum Tagged: PaperRegister, ValueRegister {
  /// `tag:`
  package static let field = "tag:"
  /// By name.
  package static let isKeyed = true
  /// What the person decided is kept when it loses.
  package static let merge = MergeRule.lastWriter(journalled: true)
  /// Not.
  package static let unsaid: String? = "false"

  /// A truth.
  package static func write(_ value: Bool, to json: inout JSONTextWriter) { json.bool(value) }
  /// A truth.
  package static func read(_ reader: inout JSONTextReader) throws -> Bool { try reader.bool() }

  /// The name must be one.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    Tag(key) != nil && self.value(value) != nil
  }

  /// One more tag, or none.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let tag = Tag(key), let isOn: Bool = fold.take(changes, merge, value) else {
      return false
    }
    if isOn { fold.paper.tags.append(tag) }
    return true
  }

  /// A tag does.
  package static func keepsOnList(_ paper: Paper) -> Bool { !paper.tags.isEmpty }

  /// Those it bears.
  package static func facts(of paper: Paper) -> [Fact] {
    paper.tags.map { .tag(paper.id, $0, true) }
  }

  /// All of them, with a space between: a row of a list needs no other table.
  package static var columns: [PaperColumn] {
    [
      PaperColumn("tags", unsaid: .text("")) {
        .text($0.paper.tags.map(\.name).joined(separator: " "))
      }
    ]
  }

  /// By name.
  package static var part: PaperPart? {
    PaperPart("tag", columns: ["name"], joined: "tags") { $0.paper.tags.map { [.text($0.name)] } }
  }

  /// `tags`
  package static var keys: [PaperKey] {
    [
      PaperKey(
        "tags", rank: 60, write: { paper, json in json.array(paper.tags) { $0.string($1.name) } },
        read: { reader, paper, problems in
          for name in try reader.strings() {
            if let tag = Tag(name) {
              paper.tags.append(tag)
            } else {
              problems.append("“\(name.prefix(40))” cannot be a tag; left out")
            }
          }
        })
    ]
  }

  /// `tag`
  package static var filterFields: [FilterField] { [.tag] }
  /// `is:tagged`
  package static var traits: [FilterTrait] {
    [FilterTrait("tagged", "tags", .differs, .text(""))]
  }
}

extension Fact {
  /// Whether a paper bears a tag.
  package static func tag(_ id: PaperID, _ tag: Tag, _ on: Bool) -> Fact {
    Tagged.fact(id.rawValue, key: tag.name, on)
  }
}
