import Changes
import Papers
import Store

/// The library of a machine that lacks some rules: what the person does is changed on its way
/// there, the build knows or draws something else, or triggers keep tables from following.
package struct WeakLibrary: Sendable {
  private let rules: Set<AbsentRule>

  /// A library without these rules.
  package init(without rules: Set<AbsentRule>) { self.rules = rules }

  private func lacks(_ rule: AbsentRule) -> Bool { rules.contains(rule) }

  // MARK: What the build knows, and what it draws

  /// What ``Understanding/number`` an older build has in a life.
  static let olderNumber = 0

  /// What a build without the rules knows of libraries.
  package var understanding: Understanding {
    var understanding = Understanding.standard
    if lacks(.unknownNotApplied) { understanding.number = Self.olderNumber }
    if !triggers.isEmpty {
      understanding.migrations.append(
        Understanding.Migration(understanding.version + 1, triggers.joined(separator: ";\n")))
    }
    return understanding
  }

  /// Chance that never lets the counter of a clock leap: its lowest bits, which say how far, are
  /// none.
  package func surroundings(_ surroundings: Surroundings) -> Surroundings {
    guard lacks(.stampsRepeat) else { return surroundings }
    var weak = surroundings
    weak.random = { surroundings.random() & ~UInt64(UInt32.max) }
    return weak
  }

  // MARK: The tables

  /// What keeps tables from following. Temporary, for a library that holds a trigger is damaged;
  /// so they are the connection's, and a copy has them only if its own has (``prepare(_:_:)``).
  private var triggers: [String] {
    var triggers: [String] = []
    if lacks(.journalSkipped) {
      triggers.append(Self.ignoring("INSERT ON conflict", where: "1"))
    }
    if lacks(.clockNotAdvanced) {
      triggers.append(
        Self.ignoring(
          "INSERT ON meta", where: "new.name GLOB 'clock_*' AND \(Self.hasReceived)"))
    }
    if lacks(.foldSkipped) {
      triggers.append(Self.ignoring("UPDATE ON paper", where: Self.hasReceived))
    }
    return triggers
  }

  private static func ignoring(_ write: String, where condition: String) -> String {
    let name = write.split(separator: " ").joined(separator: "_")
    return """
      CREATE TEMP TRIGGER ignored_\(name) BEFORE \(write) WHEN \(condition)
      BEGIN SELECT RAISE(IGNORE); END
      """
  }

  /// Whether what came into the log last is another machine's: what is written now is because of
  /// it.
  private static let hasReceived = """
    (SELECT d.id FROM change c JOIN device d ON d.number = c.device ORDER BY c.seq DESC LIMIT 1)
    <> (SELECT value FROM meta WHERE name = 'device')
    """

  /// Sees to it that the copy that is made next has a connection with the triggers.
  func prepare(_ pool: MemoryPool, _ surroundings: Surroundings) throws {
    guard !triggers.isEmpty else { return }
    _ = try Library(inMemory: surroundings, understanding: understanding, pool: pool)
  }

  // MARK: What the person does

  /// What an edit of these registers says that its author had before them, who had this.
  func seen(of names: [RegisterName], _ seen: Seen, _ reader: LibraryReader) throws -> Seen {
    if lacks(.seenForgotten) { return Seen([:]) }
    let seen = lacks(.gapOverlooked) ? .thisTransaction : seen
    guard lacks(.parentDropped) else { return seen }
    let now = try reader.seen(of: names)
    var stamps: [RegisterName: [Stamp]] = [:]
    for name in names {
      let all = seen.stamps(of: name) ?? now.stamps(of: name) ?? []
      stamps[name] = reader.registers.merge(name) == .versions ? all.suffix(1) : all
    }
    return Seen(stamps)
  }

  /// A conflict to settle as it says that it was shown, which was shown like this.
  func shown(
    _ conflict: LibraryReader.Conflict, in library: Library
  ) throws -> LibraryReader.Conflict {
    guard lacks(.seenForgotten) || lacks(.gapOverlooked) else { return conflict }
    var conflict = conflict
    let name = conflict.name
    conflict.seen = try library.read { reader in
      let seen = try seen(of: [name], Seen([name: conflict.seen]), reader)
      return try seen.stamps(of: name) ?? reader.seen(of: [name]).stamps(of: name) ?? []
    }
    return conflict
  }

  /// Takes back the last operations.
  package func undo(_ library: Library, _ steps: Int = 1) throws -> [Library.Reversal] {
    let place = try library.lastPlace()
    let undone = try library.undo(steps)
    if lacks(.undoOverrules) { try overrule(library, undoneAfter: place) }
    return undone
  }

  /// Puts back what an undo has left alone, as if nobody had changed it since.
  private func overrule(_ library: Library, undoneAfter place: Int64) throws {
    let log = try library.changes(after: 0, limit: .max)
    let undone = log.filter { $0.place > place && $0.change.field == OperationWords.field }
      .compactMap { OperationWords.value($0.change.value)?.target }
    let before = log.filter { $0.place <= place }.map(\.change)
    var facts: [Fact] = []
    for operation in undone {
      let registers = Dictionary(
        grouping: before.filter { $0.operation == operation }, by: \.name)
      for (name, written) in registers.sorted(by: { $0.key < $1.key }) {
        guard let last = written.last,
          let (type, _) = library.understanding.registers.find(name), type.author != .machine
        else { continue }
        let register = before.filter { $0.name == name }
        func step(in register: [Change]) -> MergeRule.Step {
          type.merge.takingBack(written, in: register, unsaid: type.unsaid) { $0.value }
        }
        guard step(in: register) == .leave else { continue }
        switch step(in: register.filter { $0.stamp <= last.stamp }) {
        case .write(let value, _), .relist(let value, _): facts.append(Fact(name, value))
        case .leave, .nothing: break
        }
      }
    }
    _ = try library.record("overrule") { try $0.write(facts, seeing: .thisTransaction) }
  }
}
