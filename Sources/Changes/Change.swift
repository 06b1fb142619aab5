import Papers

/// One fact: a write to one register of one entity. The only thing that is logged and synced.
///
/// Entity, field and value are kept as text, exactly as their author wrote them, so that a change
/// this build does not know can be stored, passed on and applied by a later build. ``Fact`` gives
/// the meaning of those it knows.
public struct Change: Hashable, Sendable {
  /// When and by whom; also its name.
  public var stamp: Stamp
  /// The stamp of the header of the operation (one command of the person) it belongs to; the same
  /// device's.
  public var operation: Stamp
  /// Kind and key of what is changed: `p:2509.26507`, `v:week`.
  public var entity: String
  /// The register: `status`, `tag:ml`, `note:4k2j9d7q`.
  public var field: String
  /// The new value, JSON text.
  public var value: String
  /// The changes to this register whose values the author saw and replaced: the winner of then, or
  /// all heads of a note; ascending.
  public var seen: [Stamp]
  /// When the person did it, where that is not the time of the stamp (a re-imported export),
  /// milliseconds since 1970 UTC.
  public var at: Int64?

  /// A change with everything said.
  public init(
    stamp: Stamp, operation: Stamp, entity: String, field: String, value: String,
    seen: [Stamp] = [], at: Int64? = nil
  ) {
    self.stamp = stamp
    self.operation = operation
    self.entity = entity
    self.field = field
    self.value = value
    self.seen = seen
    self.at = at
  }

  /// When the person did it, milliseconds since 1970 UTC.
  public var time: Int64 { at ?? stamp.milliseconds }
}
