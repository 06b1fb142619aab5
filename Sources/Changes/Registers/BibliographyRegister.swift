import Filters
import JSONText
import Papers

/// A register of one thing that sources say of a paper apart from its text (``Bibliography``).
///
/// Each has a rule by which two sources add up, so that one that says less takes nothing away, and
/// one that is read again changes nothing.
package protocol BibliographyRegister: PaperFieldRegister {
  /// Its value.
  static func value(of bibliography: Bibliography) -> Value
  /// Sets its value.
  static func set(_ value: Value, of bibliography: inout Bibliography)
  /// What holds once a source says `said` where `held` held; neither is the unsaid value.
  static func joining(_ said: Value, to held: Value) -> Value
  /// As a cell of a table or a template has it; empty for none.
  static func words(of value: Value) -> String
}

extension BibliographyRegister {
  /// A digest.
  package static var author: RegisterAuthor { .digest }
  /// Digests just say it again.
  package static var merge: MergeRule { .lastWriter(journalled: false) }
  /// A property of the paper.
  package static var isKeptBeside: Bool { false }
  /// Itself.
  package static var bibliographyRegister: (any BibliographyRegister.Type)? { Self.self }

  /// A property of the paper.
  package static func value(of paper: Paper) -> Value { value(of: paper.bibliography) }

  /// A property of the paper.
  package static func set(_ value: Value, of paper: inout Paper) {
    set(value, of: &paper.bibliography)
  }

  /// Nothing where nothing is said: a paper that comes back from an export takes nothing away.
  package static func facts(of paper: Paper) -> [Fact] {
    fact(paper.id, paper.bibliography, beside: Bibliography()).map { [$0] } ?? []
  }

  /// What a source says of a paper that is not known yet; nil where it says no more than that.
  package static func fact(
    _ id: PaperID, _ said: Bibliography, beside held: Bibliography
  ) -> Fact? {
    let (said, held) = (value(of: said), value(of: held))
    guard said.field != unsaidValue.field else { return nil }
    let joined = held.field == unsaidValue.field ? said : joining(said, to: held)
    return joined.field == held.field ? nil : fact(id.rawValue, joined)
  }

  /// Its columns are of no use to a line of a list.
  package static var readWhole: [KeptField] {
    columns.map { column in
      KeptField(column: column) { field, paper in
        if let value = Value(field: field) { set(value, of: &paper) }
      }
    }
  }

  /// As its column has it.
  package static func words(of value: Value) -> String { value.field.words }

  /// As a cell has what it holds of a paper.
  package static func words(of paper: Paper) -> String { words(of: value(of: paper)) }
}

extension BibliographyRegister where Value == [String] {
  /// None.
  package static var unsaidValue: [String] { [] }

  /// An array of texts.
  package static func write(_ value: [String], to json: inout JSONTextWriter) {
    json.array(value) { $0.string($1) }
  }

  /// An array of texts.
  package static func read(_ reader: inout JSONTextReader) throws -> [String] {
    try reader.strings()
  }

  /// With commas between.
  package static func words(of value: [String]) -> String { value.joined(separator: ", ") }

  /// What was said, and what is new.
  static func union(_ said: [String], _ held: [String]) -> [String] {
    said.reduce(into: held) { all, text in
      if !all.contains(where: { $0.hasBytes(of: text) }) { all.append(text) }
    }
  }
}

extension Array: PaperFieldValue where Element == String {
  /// As a JSON array, which SQLite can look into; none where it is empty.
  package var field: FieldValue {
    guard !isEmpty else { return .none }
    var json = JSONTextWriter()
    json.array(self) { $0.string($1) }
    return .text(json.text)
  }

  /// From a JSON array, or none.
  package init?(field: FieldValue) {
    switch field {
    case .none: self = []
    case .text(let json):
      guard let texts = try? JSONTextReader.read(json, { try $0.strings() }) else { return nil }
      self = texts
    default: return nil
    }
  }
}

extension PublicationDate: PaperFieldValue {
  /// Its text.
  package var field: FieldValue { .text(text) }

  /// From its text.
  package init?(field: FieldValue) {
    guard case .text(let text) = field else { return nil }
    self.init(text)
  }
}
