import Filters
import JSONText
import Papers

/// A register of papers: what it adds to a paper as the person sees it, to its row, to its JSON, to
/// what a filter can ask.
package protocol PaperRegister: Register {
  /// Takes in all that was said to one register; `changes` are of one name.
  /// - Returns: false, and nothing taken in, where the value that would hold cannot be read.
  static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool
  /// Takes in all that was said to one register, of which not every value was read.
  /// - Parameter text: the value of a change.
  static func fold(
    _ changes: [Change], key: String, into fold: inout PaperFold, text: (Change) throws -> String
  ) rethrows -> Bool
  /// Whether what it holds keeps a paper on the list.
  static func keepsOnList(_ paper: Paper) -> Bool
  /// What it holds of a paper, to be written again.
  static func facts(of paper: Paper) -> [Fact]
  /// Whether the search index, or the title in the row, is made from it too.
  static var isIndexed: Bool { get }
  /// Its columns in the row of a paper.
  static var columns: [PaperColumn] { get }
  /// Its rows in a table of their own, where a paper has several.
  static var part: PaperPart? { get }
  /// Its columns that `Paper` has no property for.
  static var keptBeside: [KeptField] { get }
  /// Its columns that are read where all of a paper is read, and not for a line of a list.
  static var readWhole: [KeptField] { get }
  /// Itself, where it is of one value a paper; known without a cast, as ``Register/paperRegister``.
  static var fieldRegister: (any PaperFieldRegister.Type)? { get }
  /// Itself, where it is of the bibliography; known without a cast, as ``Register/paperRegister``.
  static var bibliographyRegister: (any BibliographyRegister.Type)? { get }
  /// Its members of the paper object.
  static var keys: [PaperKey] { get }
  /// What a filter can compare.
  static var filterFields: [FilterField] { get }
  /// The words of `is:` that it brings.
  static var traits: [FilterTrait] { get }
  /// The words of `has:` that it brings.
  static var possessions: [FilterTrait] { get }
}

extension PaperRegister {
  /// A paper.
  package static var kind: EntityKind { .paper }
  /// Itself.
  package static var paperRegister: (any PaperRegister.Type)? { Self.self }
  /// None.
  package static var keptBeside: [KeptField] { [] }
  /// None.
  package static var readWhole: [KeptField] { [] }
  /// It is not.
  package static var fieldRegister: (any PaperFieldRegister.Type)? { nil }
  /// It is not.
  package static var bibliographyRegister: (any BibliographyRegister.Type)? { nil }
  /// What a digest says does not keep a paper on the list.
  package static func keepsOnList(_ paper: Paper) -> Bool { false }

  /// With the values that it looks at. A large register looks at none; what cannot be read is left
  /// out.
  package static func fold(
    _ changes: [Change], key: String, into fold: inout PaperFold, text: (Change) throws -> String
  ) rethrows -> Bool {
    guard !isLarge, changes.contains(where: \.value.isEmpty) else {
      return self.fold(changes, key: key, into: &fold)
    }
    let id = fold.paper.id.rawValue
    let readable = try changes.filter { change in
      try understands(change.value.isEmpty ? text(change) : change.value, key: key, of: id)
    }
    let whole = try Merge.comparable(readable, text)
    return !whole.isEmpty && self.fold(whole, key: key, into: &fold)
  }

  /// Most are not.
  package static var isIndexed: Bool { false }
  /// None.
  package static var columns: [PaperColumn] { [] }
  /// None.
  package static var part: PaperPart? { nil }
  /// None.
  package static var keys: [PaperKey] { [] }
  /// None.
  package static var filterFields: [FilterField] { [] }
  /// None.
  package static var traits: [FilterTrait] { [] }
  /// None.
  package static var possessions: [FilterTrait] { [] }
}

/// A column in the row of a paper. The row is the fold's, so every column can be made again.
package struct PaperColumn: Sendable {
  /// Its name, ASCII letters.
  package let name: String
  /// What a paper has of it that nobody said anything of; it also tells the type.
  package let unsaid: FieldValue
  /// Its value.
  package let value: @Sendable (PaperFold) -> FieldValue

  /// A column with everything said.
  package init(
    _ name: String, unsaid: FieldValue, value: @escaping @Sendable (PaperFold) -> FieldValue
  ) {
    self.name = name
    self.unsaid = unsaid
    self.value = value
  }
}

/// A column, and how what it holds gets into a paper.
package struct KeptField: Sendable {
  /// The column.
  package let column: PaperColumn
  /// The table that it is in, of one row a paper; nil for the paper's row itself.
  package let table: String?
  /// Sets it of a paper; a value that is none of its field is passed over.
  package let set: @Sendable (FieldValue, inout Paper) -> Void

  /// A column with everything said.
  package init(
    column: PaperColumn, table: String? = nil,
    set: @escaping @Sendable (FieldValue, inout Paper) -> Void
  ) {
    self.column = column
    self.table = table
    self.set = set
  }
}

/// Rows of a paper in a table of their own.
package struct PaperPart: Sendable {
  /// The table; its first column is `paper`.
  package let table: String
  /// The other columns.
  package let columns: [String]
  /// The column of the paper's row that has its one column too, with a space between.
  package let joined: String?
  /// A column that may be long, and is looked at only where the register of its row changed; the
  /// first column is the register's key then.
  package let long: String?
  /// The rows, each once.
  package let rows: @Sendable (PaperFold) -> [[FieldValue]]

  /// Rows with everything said.
  package init(
    _ table: String, columns: [String], joined: String? = nil, long: String? = nil,
    rows: @escaping @Sendable (PaperFold) -> [[FieldValue]]
  ) {
    self.table = table
    self.columns = columns
    self.joined = joined
    self.long = long
    self.rows = rows
  }
}

/// A register of one value a paper, which is a column of its row, a member of its JSON, and a field
/// of a filter: a new field of a paper is a type that says no more than its name and what held
/// before anything was said.
package protocol PaperFieldRegister: PaperRegister, ValueRegister where Value: PaperFieldValue {
  /// What held before anything was said.
  static var unsaidValue: Value { get }
  /// The value of a paper.
  static func value(of paper: Paper) -> Value
  /// Sets the value of a paper.
  static func set(_ value: Value, of paper: inout Paper)
  /// Whether `Paper` has no property for it.
  static var isKeptBeside: Bool { get }
  /// The place of its member in the paper object.
  static var rank: Int { get }
}

/// A type of values that are JSON, a column, and a cell.
package protocol PaperFieldValue: Sendable {
  /// As a column and a cell have it.
  var field: FieldValue { get }
  /// From a column; nil for a value that is none of these.
  init?(field: FieldValue)
}

extension Bool: PaperFieldValue {
  /// A truth.
  package var field: FieldValue { .truth(self) }

  /// A truth.
  package init?(field: FieldValue) {
    guard case .truth(let on) = field else { return nil }
    self = on
  }
}

extension Int64: PaperFieldValue {
  /// A number.
  package var field: FieldValue { .integer(self) }

  /// A number.
  package init?(field: FieldValue) {
    guard case .integer(let number) = field else { return nil }
    self = number
  }
}

extension String: PaperFieldValue {
  /// A text.
  package var field: FieldValue { .text(self) }

  /// A text.
  package init?(field: FieldValue) {
    guard case .text(let text) = field else { return nil }
    self = text
  }
}

extension Optional: PaperFieldValue where Wrapped: PaperFieldValue {
  /// The value, or none.
  package var field: FieldValue { self?.field ?? .none }

  /// A value, or none.
  package init?(field: FieldValue) {
    if field == .none {
      self = .none
    } else {
      guard let value = Wrapped(field: field) else { return nil }
      self = .some(value)
    }
  }
}

extension PaperFieldRegister {
  /// Itself.
  package static var fieldRegister: (any PaperFieldRegister.Type)? { Self.self }
  /// What held before anything was said, JSON text.
  package static var unsaid: String? { json(unsaidValue) }
  /// After all others.
  package static var rank: Int { 1000 }
  /// A new field is.
  package static var isKeptBeside: Bool { true }

  /// Kept beside the fields that `Paper` has properties for.
  package static func value(of paper: Paper) -> Value {
    paper.others[field].flatMap { Value(field: $0) } ?? unsaidValue
  }

  /// Kept beside the fields that `Paper` has properties for.
  package static func set(_ value: Value, of paper: inout Paper) {
    paper.others[field] = value.field == unsaidValue.field ? nil : value.field
  }

  /// The value of a paper, as a cell has it.
  package static func fieldValue(of paper: Paper) -> FieldValue { value(of: paper).field }

  /// As JSON says a truth, a number, a text, or none.
  package static func write(_ value: Value, to json: inout JSONTextWriter) {
    switch value.field {
    case .none: json.null()
    case .truth(let on): json.bool(on)
    case .integer(let number): json.number(number)
    case .text(let text): json.string(text)
    }
  }

  /// As JSON says a truth, a number, a text, or none.
  package static func read(_ reader: inout JSONTextReader) throws -> Value {
    let start = reader.position
    let field: FieldValue
    switch reader.peek() {
    case 0x22: field = .text(try reader.string())
    case 0x74, 0x66: field = .truth(try reader.bool())
    case 0x6E: field = try reader.nextIsNull() ? .none : .integer(try reader.integer())
    default: field = .integer(try reader.integer())
    }
    guard let value = Value(field: field) else { throw JSONTextError(offset: start) }
    return value
  }

  /// The value that holds.
  package static func fold(_ changes: [Change], key: String, into fold: inout PaperFold) -> Bool {
    guard let value: Value = fold.take(changes, merge, value) else { return false }
    set(value, of: &fold.paper)
    return true
  }

  /// What the person said keeps a paper on the list.
  package static func keepsOnList(_ paper: Paper) -> Bool {
    author == .person && value(of: paper).field != unsaidValue.field
  }

  /// The value, whatever it is: what is said already is not said again.
  package static func facts(of paper: Paper) -> [Fact] {
    [fact(paper.id.rawValue, value(of: paper))]
  }

  /// One, of the register's name.
  package static var columns: [PaperColumn] {
    [PaperColumn(field, unsaid: unsaidValue.field) { value(of: $0.paper).field }]
  }

  /// One, unless `Paper` has a property for it.
  package static var keptBeside: [KeptField] {
    guard isKeptBeside else { return [] }
    return columns.map { column in
      KeptField(column: column) { field, paper in
        if let value = Value(field: field) { set(value, of: &paper) }
      }
    }
  }

  /// One, of the register's name.
  package static var keys: [PaperKey] {
    [
      PaperKey(
        field, rank: rank, write: { write(value(of: $0), to: &$1) },
        read: { reader, paper, _ in set(try read(&reader), of: &paper) })
    ]
  }
}
