import Changes
import Papers
import Synchronization

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
  /// So many bytes of what was said of an entity, and of the notes on a paper, are held at once;
  /// what is beyond is read again where it is needed. Somebody with the key may say without end.
  package var room = 4 << 20
  /// So many bytes of names of what was said of an entity, of what has been seen of it, and 128 for
  /// each change, are looked at; see ``NewestChanges``. Three versions of ten thousand
  /// notes on a paper are 5 MB; 6 MiB are some 45,000 changes, which with as many of digests take
  /// 80 MB to fold.
  package var mostSaid = Self.mostSaid
  static let mostSaid = 6 << 20
  /// And so many machines, where they said more than that.
  package var mostAuthors = 1024
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
    return Understanding(
      migrations: migrations + [next], registers: Registers(registers.all + [field]),
      number: number + 1)
  }

  /// The version of the tables.
  package var version: Int { migrations.last?.version ?? 0 }
}

/// How the registers of a paper lie in its row and in tables of their own: the one place where both
/// are put together.
final class PaperLayout: Sendable {
  /// Columns of what the person said, and of the fold itself.
  let person: [PaperColumn]
  /// Columns of what digests said.
  let digest: [PaperColumn]
  /// The registers that have rows in a table of their own.
  let parts: [Part]
  /// Columns of fields that `Paper` has no property for.
  let others: [KeptField]
  /// Columns that are read where all of a paper is read.
  let readWhole: [KeptField]
  /// The fields that the search index is made from besides the content.
  let indexed: [String]
  /// Whether the row has the names of the authors.
  let hasAuthors: Bool
  /// How many columns ``person`` and ``digest`` are.
  let stateCount: Int
  /// Where the title that the person gave lies there.
  let givenTitle: Int?
  /// What of a change is said by a digest, in SQL.
  let isOfDigest: String
  /// Selects the changes to an entity: with all values but those of large registers, and without
  /// those that are read late.
  let selectOfEntity:
    (
      everything: String, said: String, understood: String, person: String,
      understoodPerson: String
    )
  /// See ``NewestChanges``: of all that is understood, and of what the person said.
  let selectSizes: (understood: String, person: String)
  /// `number`, `content`, then ``person`` and ``digest``, of the row of a paper; and without
  /// ``digest``.
  let selectState: (whole: String, person: String)
  /// ``person`` and ``digest``, `content`, what is made from the text, `id`.
  let insertRow: String
  /// One for each of ``person`` and ``digest``, for `content`, and for what is made from the text.
  let assignments: [String]
  /// Where the fold's own columns lie among them.
  let updated: Int
  let conflicts: Int
  /// By the columns they set, a bit each.
  /// Few: a list is searched sooner than the runtime has made the type of another dictionary.
  private let updates = Mutex<[(choice: UInt64, statement: String)]>([])

  init(_ registers: Registers) {
    let papers = registers.papers
    person = PaperFold.columns + papers.filter { $0.author == .person }.flatMap { $0.columns }
    digest = papers.filter { $0.author == .digest }.flatMap { $0.columns }
    let state = person + digest
    parts = papers.compactMap { register in
      register.part.map { part in
        Part(register.field, part, joined: state.firstIndex { $0.name == part.joined })
      }
    }
    others = papers.flatMap { $0.keptBeside }
    readWhole = papers.flatMap { $0.readWhole }
    indexed = papers.filter { $0.isIndexed }.map { $0.field }
    hasAuthors = state.contains { $0.name == Authors.field }
    stateCount = state.count
    givenTitle = state.firstIndex { $0.name == GivenTitle.field }
    isOfDigest = Self.any(papers.filter { $0.author == .digest })
    func selecting(without registers: [any PaperRegister.Type]) -> String {
      """
      SELECT seq, ms, counter, device, operation, entity, field, seen, at,
        CASE WHEN \(Self.any(registers)) THEN '' ELSE value END FROM change WHERE entity = ?
      """
    }
    let select = selecting(without: papers.filter { $0.isLate })
    let isUnderstood = " AND NOT EXISTS (SELECT 1 FROM unapplied u WHERE u.seq = change.seq)"
    let isOfPerson = " AND NOT \(isOfDigest)"
    let order = " ORDER BY seq"
    selectOfEntity = (
      everything: selecting(without: papers.filter { $0.isLarge }) + order,
      said: select + order, understood: select + isUnderstood + order,
      person: select + isOfPerson + order,
      understoodPerson: select + isOfPerson + isUnderstood + order
    )
    let (part, size) = (isOfDigest, NewestChanges.sizeOfRow)
    let sizes = """
      SELECT device.id, \(part), ms, counter, \(size), seq
      FROM change JOIN device ON device.number = change.device WHERE entity = ?
      """
    selectSizes = (sizes + isUnderstood, sizes + isOfPerson + isUnderstood)
    let names = (person + digest).map(\.name)
    let ofPerson = person.map(\.name)
    selectState = (
      "SELECT number, content, \(names.joined(separator: ", ")) FROM paper WHERE id = ?",
      "SELECT number, content, \(ofPerson.joined(separator: ", ")) FROM paper WHERE id = ?"
    )
    let columns = names + ["content"] + Self.textColumns
    insertRow = """
      INSERT INTO paper (\(columns.joined(separator: ", ")), id)
      VALUES (\(String(repeating: "?, ", count: columns.count))?)
      """
    assignments = columns.map { $0 + " = ?" }
    updated = names.firstIndex(of: "updated") ?? 0
    conflicts = names.firstIndex(of: "conflicts") ?? 0
  }

  /// Sets some columns, by their places in ``assignments``, of the paper of a number. Composed once
  /// for each choice of columns, so that it always stands at one place, by which ``Database`` finds
  /// what it compiled.
  func update(_ places: [Int]) -> String {
    let compose = {
      let assignments = places.map { self.assignments[$0] }.joined(separator: ", ")
      return "UPDATE paper SET \(assignments) WHERE number = ?"
    }
    guard assignments.count <= UInt64.bitWidth else { return compose() }
    let choice = places.reduce(UInt64(0)) { $0 | 1 << UInt64($1) }
    return updates.withLock { updates in
      if let known = updates.first(where: { $0.choice == choice }) { return known.statement }
      let update = compose()
      updates.append((choice, update))
      return update
    }
  }

  /// Rows of a register in a table of their own, with the statements that move them.
  final class Part: Sendable {
    let field: String
    let part: PaperPart
    let select: String
    let delete: String
    let insert: String
    /// Which column of the paper's row, ``person`` and ``digest``, tells them too.
    let joined: Int?
    /// Which of the columns may be long: see ``PaperPart/long``.
    let long: Int?
    /// The columns but that one.
    let selectShort: String
    /// Of a row by its first column.
    let deleteKey: String

    init(_ field: String, _ part: PaperPart, joined: Int?) {
      self.field = field
      self.part = part
      self.joined = joined
      let columns = part.columns.joined(separator: ", ")
      select = "SELECT \(columns) FROM \(part.table) WHERE paper = ?"
      long = part.columns.firstIndex { $0 == part.long }
      let short = part.columns.filter { $0 != part.long }.joined(separator: ", ")
      selectShort = "SELECT \(short) FROM \(part.table) WHERE paper = ?"
      deleteKey = "DELETE FROM \(part.table) WHERE paper = ? AND \(part.columns[0]) = ?"
      let conditions = part.columns.map { "\($0) = ?" }.joined(separator: " AND ")
      delete = "DELETE FROM \(part.table) WHERE paper = ? AND \(conditions)"
      let places = String(repeating: ", ?", count: part.columns.count)
      insert = "INSERT OR REPLACE INTO \(part.table) (paper, \(columns)) VALUES (?\(places))"
    }
  }

  /// These are made from the text, which is not read again for a change of the state.
  static let textColumns = ["title", "keywords", "has"]

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
