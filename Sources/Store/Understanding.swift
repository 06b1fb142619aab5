import Changes
import Papers

/// What a build of Papershelf knows of libraries: its tables, and the registers it can read.
package struct Understanding: Sendable {
  /// Brings the tables from the version before to its own.
  package struct Migration: Sendable {
    var version: Int
    var sql: String

    /// A step with everything said.
    package init(_ version: Int, _ sql: String) {
      self.version = version
      self.sql = sql
    }
  }

  /// In the order of their versions.
  package var migrations: [Migration]
  /// The registers that it reads.
  package let registers: Registers
  /// Raised whenever a build learns to read what it could only keep, or to fold it otherwise.
  package var number: Int
  /// Rules taken away by a test.
  package var weaknesses: Set<Weakness> = []
  /// Whether one edit of many papers is taken back at once; a test compares both ways.
  package var undoesInBulk = true
  /// The rows of a paper, as the registers make them.
  let layout: PaperLayout

  /// This build's.
  package static let standard = Understanding(
    migrations: Schema.migrations, registers: .standard, number: Schema.understanding)

  /// What a build knows.
  package init(migrations: [Migration], registers: Registers, number: Int) {
    self.migrations = migrations
    self.registers = registers
    self.number = number
    layout = PaperLayout(registers)
  }

  /// This with another register of one value a paper.
  package func adding<Field: PaperFieldRegister>(_ field: Field.Type) -> Understanding {
    let columns = Field.columns.map { Schema.addition(of: $0) }
    let next = Migration(version + 1, columns.joined(separator: "; "))
    var understanding = Understanding(
      migrations: migrations + [next], registers: Registers(registers.all + [field]),
      number: number + 1)
    understanding.weaknesses = weaknesses
    return understanding
  }

  /// The version of the tables.
  package var version: Int { migrations.last?.version ?? 0 }
}

/// How the registers of a paper lie in its row and in tables of their own: the one place where both
/// are put together.
struct PaperLayout: Sendable {
  /// Columns of what the person said, and of the fold itself.
  let person: [PaperColumn]
  /// Columns of what digests said.
  let digest: [PaperColumn]
  /// The registers that have rows in a table of their own.
  let parts: [(field: String, part: PaperPart)]
  /// Columns of fields that `Paper` has no property for, and how they get there.
  let others: [(column: PaperColumn, set: @Sendable (FieldValue, inout Paper) -> Void)]
  /// What of a change is said by a digest, in SQL.
  let isOfDigest: String
  /// The value of a change, left empty where it is large, in SQL.
  let smallValue: String
  /// `number`, `content`, then ``person`` and ``digest``, of the row of a paper.
  let selectState: String
  /// ``person`` and ``digest``, `content`, what is made from the text, `id`.
  let insertRow: String
  /// One for each of ``person`` and ``digest``.
  let assignments: [String]

  init(_ registers: Registers) {
    let papers = registers.papers
    person = PaperFold.columns + papers.filter { $0.author == .person }.flatMap { $0.columns }
    digest = papers.filter { $0.author == .digest }.flatMap { $0.columns }
    parts = papers.compactMap { register in register.part.map { (register.field, $0) } }
    others = papers.compactMap { $0 as? any PaperFieldRegister.Type }.flatMap { Self.others($0) }
    isOfDigest = Self.any(papers.filter { $0.author == .digest })
    smallValue =
      "CASE WHEN \(Self.any(papers.filter { $0.isLarge })) THEN '' ELSE value END"
    let names = (person + digest).map(\.name)
    selectState =
      "SELECT number, content, \(names.joined(separator: ", ")) FROM paper WHERE id = ?"
    let columns = names + ["content"] + Self.textColumns
    insertRow = """
      INSERT INTO paper (\(columns.joined(separator: ", ")), id)
      VALUES (\(String(repeating: "?, ", count: columns.count))?)
      """
    assignments = names.map { $0 + " = ?" }
  }

  /// These are made from the text, which is not read again for a change of the state.
  static let textColumns = ["title", "keywords", "has"]
  static let textAssignments = textColumns.map { $0 + " = ?" }

  private static func others<Field: PaperFieldRegister>(
    _ field: Field.Type
  ) -> [(PaperColumn, @Sendable (FieldValue, inout Paper) -> Void)] {
    guard field.isKeptBeside else { return [] }
    return field.columns.map { column in
      (
        column,
        { value, paper in if let value = Field.Value(field: value) { Field.set(value, of: &paper) }
        }
      )
    }
  }

  /// Whether a change is to one of these registers. What follows a `:` sorts before a `;`.
  private static func any(_ registers: [any PaperRegister.Type]) -> String {
    let conditions = registers.map { register in
      register.isKeyed
        ? "field >= '\(register.field)' AND field < '\(register.field.dropLast());'"
        : "field = '\(register.field)'"
    }
    return conditions.isEmpty ? "0" : "(" + conditions.joined(separator: " OR ") + ")"
  }
}
