/// How far the person is with a paper. Star, tags and notes are independent of it.
public enum ReadingStatus: String, CaseIterable, Sendable, Hashable {
  case unread, queued, reading, read, skipped
}
