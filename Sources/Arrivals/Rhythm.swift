import Papers

/// How often a source usually brings something, from the days of its last digests.
package struct Rhythm: Hashable, Sendable {
  /// Days between two digests: those of the middle one of all pauses.
  package let usual: Int
  /// The longest pause that is usual: but for the longest of all, which may have been a holiday.
  let longest: Int
  private let last: PaperDate

  /// Nil while too little is known: fewer than four pauses.
  package init?(_ days: [PaperDate]) {
    let numbers = days.map { CalendarDay($0).number }.sorted()
    let pauses = zip(numbers, numbers.dropFirst()).map { $1 - $0 }.filter { $0 > 0 }.sorted()
    guard pauses.count >= 4, let last = days.last else { return nil }
    usual = pauses[pauses.count / 2]
    longest = pauses[pauses.count - 2]
    self.last = last
  }

  /// Whether more days went by than usually do: one pause more than the longest that is usual.
  func isLate(on today: PaperDate) -> Bool {
    CalendarDay(today).number - CalendarDay(last).number > longest + usual
  }
}

extension SourceState {
  /// The day since which nothing new came, where that is longer ago than it usually is.
  /// - Parameter patience: how many days that may be while nobody knows.
  package func staleSince(_ today: PaperDate, patience: Int?) -> PaperDate? {
    guard let last = days.last else { return nil }
    if let rhythm = Rhythm(days) { return rhythm.isLate(on: today) ? last : nil }
    guard let patience else { return nil }
    return CalendarDay(today).number - CalendarDay(last).number > patience ? last : nil
  }
}
