/// How large a change may be: one set of bounds for who writes and who reads, so that nothing is
/// written that is not read. A writer refuses with words what a reader would pass over.
package enum ChangeBounds {
  /// The JSON text of a value has no more bytes. All of a change as JSON text, four times as long
  /// at most, is far from what no reader takes of a stream.
  package static let value = 16 * 1024 * 1024
  /// The name of an entity or field has no more bytes.
  package static let name = 64 * 1024
  /// No change has seen more.
  package static let seen = 64 * 1024

  /// Whether every reader takes a change.
  package static func hold(_ change: Change) -> Bool {
    change.value.utf8.count <= value && change.entity.utf8.count <= name
      && change.field.utf8.count <= name && change.seen.count <= seen
      && [change.stamp, change.operation].allSatisfy {
        (0...StampClock.lastMillisecond).contains($0.milliseconds)
      }
  }
}
