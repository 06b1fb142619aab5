import Papers

/// One fact: a write to one register of one entity. The only thing that is logged and synced.
///
/// Entity, field and value are kept as text, exactly as their author wrote them, so that a change
/// this build does not know can be stored, passed on and applied by a later build. Its
/// register (``Registers``) gives the meaning of one that is known.
package struct Change: Hashable, Sendable {
  /// When and by whom; also its name.
  package var stamp: Stamp
  /// The stamp of the header of the operation (one command of the person) it belongs to; the same
  /// device's.
  package var operation: Stamp
  /// Which register: `p:2509.26507 status`, `v:week filter`.
  package var name: RegisterName
  /// The new value, JSON text.
  package var value: String
  /// The changes to this register whose values the author saw and replaced: the winner of then, or
  /// all heads of a note; ascending.
  package var seen: [Stamp]
  /// When the person did it, where that is not the time of the stamp (a re-imported export),
  /// milliseconds since 1970 UTC.
  package var at: Int64?

  /// A change with everything said.
  package init(
    stamp: Stamp, operation: Stamp, entity: String, field: String, value: String,
    seen: [Stamp] = [], at: Int64? = nil
  ) {
    self.stamp = stamp
    self.operation = operation
    name = RegisterName(entity: entity, field: field)
    self.value = value
    self.seen = seen
    self.at = at
  }

  /// Kind and key of what is changed.
  package var entity: String { name.entity }
  /// The field of it.
  package var field: String { name.field }

  /// By bytes.
  package static func == (a: Change, b: Change) -> Bool {
    a.stamp == b.stamp && a.name == b.name && a.value.hasBytes(of: b.value)
      && a.operation == b.operation && a.seen == b.seen && a.at == b.at
  }

  /// By its stamp, which no other change has, and its value.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(stamp)
    value.hashBytes(into: &hasher)
  }

  /// When the person did it, milliseconds since 1970 UTC.
  package var time: Int64 { at ?? stamp.milliseconds }
}
