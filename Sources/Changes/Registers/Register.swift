import JSONText
import Papers

/// A register: one fact that is logged and synced, known in one file. What folds, undoes, stores,
/// dumps, prints and filters papers loops over the registers (``Registers``) and asks each of them.
///
/// A value that a build cannot read never wins: what held before holds, the change is kept and
/// passed on.
package protocol Register: Sendable {
  /// What it is a register of.
  static var kind: EntityKind { get }
  /// Its field: `status`; of a register with a key what stands before the key: `tag:`.
  static var field: String { get }
  /// Whether an entity has one of it for each key.
  static var isKeyed: Bool { get }
  /// Who writes it.
  static var author: RegisterAuthor { get }
  /// Which of several writes holds.
  static var merge: MergeRule { get }
  /// Whether values are so large that they are read only where they are needed.
  static var isLarge: Bool { get }
  /// Whether values are read one by one, where they are looked at: there may be many, each long.
  static var isLate: Bool { get }
  /// The value before anything was said, JSON text; nil where there is none, as of what a digest
  /// says.
  static var unsaid: String? { get }
  /// Whether a value says what held before anything was said.
  static func isUnsaid(_ value: String) -> Bool
  /// Itself, where it is a register of papers. Known without a cast, which looks through all
  /// conformances of the program: a quarter of `shelf list`.
  static var paperRegister: (any PaperRegister.Type)? { get }
  /// Whether this build can read a value of the register.
  static func understands(_ value: String, key: String, of entityKey: String) -> Bool
}

/// Who writes a register.
package enum RegisterAuthor: Sendable {
  /// The person: it keeps a paper on the list, and is never changed by a digest.
  case person
  /// A digest, which just says it again.
  case digest
  /// The machine, of itself: no undo takes it back.
  case machine
}

extension Register {
  /// Most have no key.
  package static var isKeyed: Bool { false }
  /// Most are the person's.
  package static var author: RegisterAuthor { .person }
  /// Most are small.
  package static var isLarge: Bool { false }
  /// What is large is.
  package static var isLate: Bool { isLarge }
  /// None.
  package static var paperRegister: (any PaperRegister.Type)? { nil }
  /// By bytes.
  package static func isUnsaid(_ value: String) -> Bool { unsaid.hasBytes(of: value) }

  /// The field of the register with a key.
  package static func field(_ key: String) -> String { field + key }
}

/// A register whose values are of a type.
package protocol ValueRegister: Register {
  /// What it holds.
  associatedtype Value
  /// Writes a value as JSON.
  static func write(_ value: Value, to json: inout JSONTextWriter)
  /// Reads a value.
  /// - Throws: ``JSONTextError`` when it is none.
  static func read(_ reader: inout JSONTextReader) throws -> Value
}

extension ValueRegister {
  /// A value as JSON text.
  package static func json(_ value: Value) -> String {
    var json = JSONTextWriter()
    write(value, to: &json)
    return json.text
  }

  /// The value of a JSON text; nil when it is none of this register.
  package static func value(_ json: String) -> Value? {
    try? JSONTextReader.read(json) { try read(&$0) }
  }

  /// The fact that the register of an entity holds a value.
  package static func fact(_ entityKey: String, key: String = "", _ value: Value) -> Fact {
    Fact(RegisterName(kind, entityKey, field(key)), json(value))
  }

  /// Any key, and a value that can be read.
  package static func understands(_ value: String, key: String, of entityKey: String) -> Bool {
    self.value(value) != nil
  }
}

/// A value of a register. ``Register`` gives it its meaning; each file of a register has a way to
/// make one.
package struct Fact: Hashable, Sendable {
  /// Which register.
  package let name: RegisterName
  /// The value, JSON text.
  package let value: String
  /// What the value was made of, where that is a digest's content: to read it back was an eighth of
  /// an import.
  package let content: DigestContent?

  /// A value of a register.
  package init(_ name: RegisterName, _ value: String, madeOf content: DigestContent? = nil) {
    self.name = name
    self.value = value
    self.content = content
  }

  /// The entity it writes to.
  package var entity: String { name.entity }
  /// The register of the entity.
  package var field: String { name.field }

  /// By bytes.
  package static func == (a: Fact, b: Fact) -> Bool {
    a.name == b.name && a.value.hasBytes(of: b.value)
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(name)
    value.hashBytes(into: &hasher)
  }
}
