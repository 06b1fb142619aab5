import Filters
import JSONText
import Papers

/// `note:ID`: one version of a note, `{"text": … | null, "created"?}`; null deletes it.
package enum Noted: PaperRegister, ValueRegister {
  /// `note:`
  package static let field = "note:"
  /// By id.
  package static let isKeyed = true
  /// Their texts.
  package static let isIndexed = true
  /// Of all notes on a paper those are read that change.
  package static let isLate = true
  /// Versions are merged.
  package static let merge = MergeRule.versions
  /// There is none.
  package static let unsaid: String? = json(NoteVersion(text: nil))

  /// No text, whatever else it says.
  package static func isUnsaid(_ value: String) -> Bool { self.value(value)?.text == nil }

  /// An object.
  package static func write(_ value: NoteVersion, to json: inout JSONTextWriter) {
    json.object { json in
      json.key("text")
      json.value(value.text)
      if let created = value.created {
        json.key("created")
        json.number(created)
      }
    }
  }

  /// An object.
  package static func read(_ reader: inout JSONTextReader) throws -> NoteVersion {
    var version = NoteVersion(text: nil)
    try reader.object { key, reader in
      switch key {
      case "text": version.text = try reader.optionalString()
      case "created": version.created = try reader.integer()
      default: try reader.skip()
      }
    }
    return version
  }

  /// The id must be one.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    NoteVersion.isID(key) && self.value(value) != nil
  }

  /// See the other one.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    self.fold(changes, key: key, into: &fold) { $0.value }
  }

  /// One more note, or none. Versions that cannot be read are passed over by the merge itself.
  package static func fold(
    _ changes: [Change], key: String, into fold: inout PaperFold, text: (Change) throws -> String
  ) rethrows -> Bool {
    guard NoteVersion.isID(key) else { return false }
    let standing = fold.standing[key]
    guard let outcome = try standing ?? NoteMerge.note(changes, text: text) else { return false }
    fold.updated = max(fold.updated, outcome.updated)
    guard let text = outcome.text else { return true }
    fold.paper.notes.append(
      Note(
        id: key, text: fold.kept(standing == nil ? text : nil, ofNote: key),
        created: outcome.created, updated: outcome.updated))
    if outcome.conflicted { fold.conflictedNotes.insert(key) }
    return true
  }

  /// A note does.
  package static func keepsOnList(_ paper: Paper) -> Bool { !paper.notes.isEmpty }

  /// All of them.
  package static func facts(of paper: Paper) -> [Fact] {
    paper.notes.filter { NoteVersion.isID($0.id) }.map {
      .note(paper.id, id: $0.id, NoteVersion(text: $0.text, created: $0.created))
    }
  }

  /// How many there are.
  package static var columns: [PaperColumn] {
    [PaperColumn("notes", unsaid: .integer(0)) { .integer(Int64($0.paper.notes.count)) }]
  }

  /// By id.
  package static var part: PaperPart? {
    PaperPart(
      "note", columns: ["id", "text", "created", "updated", "conflicted"], long: "text"
    ) { fold in
      fold.paper.notes.map {
        [
          .text($0.id), .text($0.text), .integer($0.created), .integer($0.updated),
          .truth(fold.conflictedNotes.contains($0.id)),
        ]
      }
    }
  }

  /// `notes`
  package static var keys: [PaperKey] {
    [
      PaperKey(
        "notes", rank: 110,
        write: { paper, json in json.array(paper.notes) { write($1, to: &$0) } },
        read: { reader, paper, problems in paper.notes = try notes(&reader, &problems) })
    ]
  }

  private static func write(_ note: Note, to json: inout JSONTextWriter) {
    json.object { json in
      json.member("id", note.id)
      json.member("text", note.text)
      json.member("created", milliseconds: note.created)
      json.member("updated", milliseconds: note.updated)
    }
  }

  private static func notes(
    _ reader: inout JSONTextReader, _ problems: inout PaperKey.Problems
  ) throws -> [Note] {
    var notes: [Note] = []
    try reader.array { reader in
      var (id, text, created, updated) = (String?.none, String?.none, Int64?.none, Int64?.none)
      try reader.object { key, reader in
        switch key {
        case "id": id = try reader.string()
        case "text": text = try reader.string()
        case "created": created = try PaperKey.moment(&reader, &problems)
        case "updated": updated = try PaperKey.moment(&reader, &problems)
        default: try reader.skip()
        }
      }
      guard let id, let text else { throw JSONTextError(offset: reader.position) }
      notes.append(
        Note(
          id: id, text: text, created: created ?? Note.unknownTime,
          updated: updated ?? created ?? Note.unknownTime))
    }
    return notes
  }

  /// Words of the notes.
  package static var filterFields: [FilterField] { [.note] }
  /// `is:noted`
  package static var traits: [FilterTrait] {
    [FilterTrait("noted", "notes", .greater, .integer(0))]
  }
  /// `has:note`
  package static var possessions: [FilterTrait] {
    [FilterTrait("note", "notes", .greater, .integer(0))]
  }
}

/// One version of a note.
package struct NoteVersion: Hashable, Sendable {
  /// The text; nil deletes the note.
  package var text: String?
  /// When the note was first written, where that is not the time of its first version.
  package var created: Int64?

  /// A version with everything said.
  package init(text: String?, created: Int64? = nil) {
    self.text = text
    self.created = created
  }

  /// By bytes.
  package static func == (a: NoteVersion, b: NoteVersion) -> Bool {
    a.text.hasBytes(of: b.text) && a.created == b.created
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    text?.hashBytes(into: &hasher)
    hasher.combine(created)
  }

  /// Note ids are 4 to 16 lower-case letters and digits.
  package static func isID(_ text: String) -> Bool {
    (4...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }
}

extension Fact {
  /// A version of a note.
  package static func note(_ id: PaperID, id note: String, _ version: NoteVersion) -> Fact {
    Noted.fact(id.rawValue, key: note, version)
  }
}
