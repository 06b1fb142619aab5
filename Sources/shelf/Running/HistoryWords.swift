import Changes
import Papers
import Store

/// What was done to a paper, in words.
struct HistoryWords {
  /// Where the person is.
  let zone: Timestamp.Zone

  /// `2025-10-02 16:00  read  (desk)`; nil for what the card shows anyway.
  func line(_ line: LibraryReader.HistoryLine) -> String? {
    guard let words = Self.words(line) else { return nil }
    let machine = line.machine.isEmpty ? "" : "  (\(line.machine))"
    return Timestamp.minute(line.time, in: zone) + "  " + words + machine
  }

  private static func words(_ line: LibraryReader.HistoryLine) -> String? {
    guard let fact = line.fact else { return "\(line.field) (of a newer shelf)" }
    switch fact {
    case .added(_, let time): return time == nil ? "taken off the list" : "came on the list"
    case .status(_, let status): return "marked \(status.rawValue)"
    case .starred(_, let on): return on ? "starred" : "star taken off"
    case .tag(_, let tag, let on): return on ? "tagged +\(tag.name)" : "tag \(tag.name) taken off"
    case .appearance(_, let date, let source, let index):
      let digest = source + (date.map { "/" + $0.text } ?? "")
      return index == nil ? "no longer in \(digest)" : "seen in \(digest)"
    case .note(_, let id, let version):
      return version.text == nil ? "note \(id) removed" : "note \(id) written"
    case .content, .view, .operation, .deviceName, .retired: return nil
    }
  }
}
