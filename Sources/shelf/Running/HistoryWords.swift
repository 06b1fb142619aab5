import Changes
import Papers
import Store

/// What was done to a paper, in words: a line for each register. One that has none here is told by
/// its name and value.
struct HistoryWords {
  /// Where the person is.
  let zone: Timestamp.Zone
  /// What is known.
  let registers: Registers

  /// `2025-10-02 16:00  read  (desk)`; nil for what the card shows anyway.
  func line(_ line: LibraryReader.HistoryLine) -> String? {
    guard let words = words(line) else { return nil }
    let machine = line.machine.isEmpty ? "" : "  (\(line.machine))"
    return Timestamp.minute(line.time, in: zone) + "  " + words + machine
  }

  private func words(_ line: LibraryReader.HistoryLine) -> String? {
    let fact = line.fact
    guard line.isUnderstood, let (register, key) = registers.find(fact.name) else {
      return "\(fact.field) (of a newer shelf)"
    }
    if register.paperRegister?.bibliographyRegister != nil { return nil }
    switch register.field {
    case Content.field: return nil
    case Added.field:
      return Added.isUnsaid(fact.value) ? "taken off the list" : "came on the list"
    case Removed.field:
      return Removed.isUnsaid(fact.value) ? "put back on the list" : "removed"
    case Status.field: return Status.value(fact.value).map { "marked \($0.rawValue)" }
    case Starred.field: return Starred.isUnsaid(fact.value) ? "star taken off" : "starred"
    case GivenTitle.field:
      return GivenTitle.value(fact.value).map { $0.map { "titled “\($0)”" } ?? "title taken back" }
    case Tagged.field:
      return Tagged.isUnsaid(fact.value) ? "tag \(key) taken off" : "tagged +\(key)"
    case Sighting.field:
      let digest = Sighting.words(key)
      return Sighting.isUnsaid(fact.value) ? "no longer in \(digest)" : "seen in \(digest)"
    case Noted.field:
      return Noted.isUnsaid(fact.value) ? "note \(key) removed" : "note \(key) written"
    default: return "\(fact.field) is \(fact.value)"
    }
  }
}
