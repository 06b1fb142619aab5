import Papers

/// Which days a source is asked for that has a digest a day.
///
/// Every day since the last run is asked for, the oldest first; what was not there yet is asked for
/// again in the next runs.
package struct DayPlan {
  /// The most days of one run.
  package static let most = 30
  /// So many days after its own a digest may still come, and so many where that of a later day is
  /// there. Longer ago there was none that day.
  static let mayBeLate = 7
  static let mayBeOvertaken = 3
  /// Days that the first run asks for, today the last of them.
  private static let first = 3
  /// Days before this are asked for only where the person names them.
  private static let longest = 366

  /// The days, the oldest first.
  private(set) var days: [PaperDate] = []
  /// How many are left to the next run, and how many to nobody.
  private(set) var later = 0
  private(set) var forgotten = 0

  /// The days of a moment.
  init(_ state: SourceState, _ moment: SourceMoment) {
    let today = CalendarDay(moment.today).number
    var missing = state.open.map { CalendarDay($0).number }.filter { $0 <= today }
    if let since = moment.since {
      missing = Array(CalendarDay(since).number..<max(CalendarDay(since).number, today + 1))
    } else {
      let next = state.through.map { CalendarDay($0).number + 1 } ?? today - Self.first + 1
      forgotten = max(0, today - Self.longest - next)
      missing += Array(min(next + forgotten, today + 1)..<(today + 1))
    }
    let sorted = Set(missing).sorted()
    days = sorted.prefix(Self.most).map { CalendarDay(number: $0).date }
    later = sorted.count - days.count
  }

  /// A plan that asks for each of them.
  func plan(_ ask: (PaperDate) -> Ask) -> AskPlan {
    AskPlan(days.map(ask), later: later, forgotten: forgotten)
  }
}
