/// How far the person is with a paper. Star, tags and notes are independent of it.
package enum ReadingStatus: String, CaseIterable, Sendable, Hashable {
  case unread, queued, reading, read, skipped

  /// The number it is stored under and ordered by, pinned: libraries hold it.
  package var number: Int64 {
    switch self {
    case .unread: 0
    case .queued: 1
    case .reading: 2
    case .read: 3
    case .skipped: 4
    }
  }

  /// The status stored under a number; nil for one that no build ever stored.
  package init?(number: Int64) {
    guard let status = Self.allCases.first(where: { $0.number == number }) else { return nil }
    self = status
  }
}
