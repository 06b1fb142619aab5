import Papers

/// What a change is about.
package enum EntityKind: UInt8, Sendable {
  /// A paper, by its id.
  case paper = 0x70
  /// A saved view, by its name.
  case savedView = 0x76
  /// Where digests come from, by the name the person gave it.
  case source = 0x73
  /// An operation; the name is empty, for the header's stamp tells which.
  case operation = 0x6F
  /// A device, by its id.
  case device = 0x64

  /// The entity of this kind with a key: `p:2509.26507`.
  package func entity(_ key: String) -> String {
    String(UnicodeScalar(rawValue)) + ":" + key
  }
}

/// The name of one register: the entity it belongs to, and its field there. Equal, hashed and
/// ordered by their bytes, as SQLite and the remote format have them: never by what Unicode calls
/// equivalent.
package struct RegisterName: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Kind and key of what is changed: `p:2509.26507`.
  package let entity: String
  /// `status`, `tag:ml`, `note:4k2j9d7q`.
  package let field: String

  /// The register of an entity.
  package init(entity: String, field: String) {
    self.entity = entity
    self.field = field
  }

  /// The register of the entity of a kind with a key.
  package init(_ kind: EntityKind, _ key: String, _ field: String) {
    self.init(entity: kind.entity(key), field: field)
  }

  /// What the entity is; nil for a kind that this build does not know.
  package var kind: EntityKind? { Self.kind(ofEntity: entity) }

  /// What follows the kind of the entity and its colon: `2509.26507` of `p:2509.26507`.
  package var entityKey: String { Self.key(ofEntity: entity) }

  /// What an entity is; nil for a kind that this build does not know.
  package static func kind(ofEntity entity: String) -> EntityKind? {
    var bytes = entity.utf8.makeIterator()
    guard let letter = bytes.next(), bytes.next() == 0x3A else { return nil }
    return EntityKind(rawValue: letter)
  }

  /// What follows the kind of an entity and its colon.
  package static func key(ofEntity entity: String) -> String {
    String(Substring(entity.utf8.dropFirst(2)))
  }

  /// Entity and field.
  package var description: String { entity + " " + field }

  /// By bytes.
  package static func == (a: RegisterName, b: RegisterName) -> Bool {
    a.field.hasBytes(of: b.field) && a.entity.hasBytes(of: b.entity)
  }

  /// By bytes.
  package func hash(into hasher: inout Hasher) {
    entity.hashBytes(into: &hasher)
    field.hashBytes(into: &hasher)
  }

  /// By entity, then field, by bytes.
  package static func < (a: RegisterName, b: RegisterName) -> Bool {
    a.entity.hasBytes(of: b.entity)
      ? a.field.precedesByBytes(b.field) : a.entity.precedesByBytes(b.entity)
  }
}
