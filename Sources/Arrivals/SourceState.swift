import JSONText
import Papers

/// How far a machine came with a source, and how it went: what ``SourceMemory`` keeps of it.
///
/// Invariants: whatever stands in a text, a state can be read from it; a time that is later than
/// now, of a clock that was wrong once, is as if it had never been, so that no source falls silent
/// by it.
package struct SourceState: Hashable, Sendable {
  /// What was asked: where something else is asked under the same name, all begins anew.
  package var what: String
  /// When it was asked first, was asked last, answered last, and last brought something new;
  /// milliseconds since 1970.
  package var began: Int64?
  package var asked: Int64?
  package var answered: Int64?
  package var brought: Int64?
  /// The days of the last digests that were new, the newest last.
  package var days: [PaperDate] = []
  /// The day up to which all days were asked for.
  package var through: PaperDate?
  /// Those of them that are to be asked for again.
  package var open: [PaperDate] = []
  /// How often in a row it failed.
  package var failures = 0
  /// How it failed last, in words for the person.
  package var trouble: String?

  /// Days that are kept.
  static let mostDays = 16
  /// After so many failures in a row the person is told of it.
  package static let manyFailures = 3

  /// Nothing yet.
  package init(what: String) { self.what = what }

  /// Forgets what a clock that was wrong told.
  /// - Parameter now: milliseconds since 1970.
  package func believed(at now: Int64, _ today: PaperDate) -> SourceState {
    var state = self
    func past(_ time: Int64?) -> Int64? { time.flatMap { $0 <= now + Self.leeway ? $0 : nil } }
    (state.began, state.asked) = (past(began), past(asked))
    (state.answered, state.brought) = (past(answered), past(brought))
    // A digest may bear the day of another zone.
    let tomorrow = CalendarDay(today).adding(days: 1).date
    state.days = days.filter { $0 <= tomorrow }
    state.open = open.filter { $0 <= tomorrow }
    if let through, through > tomorrow {
      // How far it truly came nobody knows: as far back as anybody asks.
      state.through = CalendarDay(today).adding(days: -DayPlan.most).date
    }
    return state
  }

  /// A clock may be set back a little.
  private static let leeway: Int64 = 300_000

  // MARK: What became of an ask

  /// It was answered.
  package mutating func succeed(at now: Int64) {
    answered = now
    failures = 0
    trouble = nil
  }

  /// It was asked and not answered as it should be.
  package mutating func fail(_ words: String) {
    failures = min(failures + 1, 1_000_000)
    trouble = String(words.prefix(300))
  }

  /// It brought a digest that is new.
  /// - Parameter day: that of its newest papers.
  package mutating func bring(_ day: PaperDate, at now: Int64) {
    brought = now
    if let last = days.last, last >= day { return }
    days = (days + [day]).suffix(Self.mostDays)
  }

  /// Days are asked for: whatever ends this run, the next asks for those that are not settled.
  package mutating func expect(_ asks: [Ask]) {
    let days = asks.filter { $0.settling != .never }.compactMap(\.day)
    guard let last = days.max() else { return }
    open = Set(open).union(days).sorted()
    through = max(through ?? last, last)
  }

  /// A day was asked for.
  /// - Parameters:
  ///   - isFound: whether there was a digest of it.
  ///   - day: the day of what came.
  package mutating func settle(
    _ ask: Ask, isFound: Bool, today: PaperDate, of day: PaperDate? = nil
  ) {
    guard ask.settling != .never, let day = ask.settling == .ownDay ? day : ask.day else {
      return
    }
    if ask.settling != .ownDay { open.removeAll { $0 == day } }
    let age = CalendarDay(today).number - CalendarDay(day).number
    let isOvertaken = days.last.map { $0 > day } ?? false
    let isSettled =
      switch ask.settling {
      case .found: isFound || age > (isOvertaken ? DayPlan.mayBeOvertaken : DayPlan.mayBeLate)
      case .over: age > 0
      case .ownDay, .never: true
      }
    if !isSettled { open = (open + [day]).sorted() }
    through = max(through ?? day, day)
  }
}

extension SourceState {
  /// As it is kept.
  package var json: String {
    var json = JSONTextWriter()
    json.object { json in
      json.member("what", what)
      func member(_ name: StaticString, _ time: Int64?) {
        guard let time else { return }
        json.key(name)
        json.number(time)
      }
      member("began", began)
      member("asked", asked)
      member("answered", answered)
      member("brought", brought)
      if !days.isEmpty { json.member("days", days.map(\.text)) }
      if let through { json.member("through", through.text) }
      if !open.isEmpty { json.member("open", open.map(\.text)) }
      if failures > 0 { json.member("failures", failures) }
      if let trouble { json.member("trouble", trouble) }
    }
    return json.text
  }

  /// What was kept of a source; nothing where something else is asked now.
  package init(what: String, kept text: String?) {
    self.init(what: what)
    guard let text, var state = try? Self.read(text), state.what == what else { return }
    state.days = Array(state.days.suffix(Self.mostDays))
    state.open = Array(state.open.suffix(DayPlan.most))
    self = state
  }

  private static func read(_ text: String) throws -> SourceState {
    var state = SourceState(what: "")
    try JSONTextReader.read(text) { reader in
      try reader.object { key, reader in
        switch key {
        case "what": state.what = try reader.string()
        case "began": state.began = try reader.integer()
        case "asked": state.asked = try reader.integer()
        case "answered": state.answered = try reader.integer()
        case "brought": state.brought = try reader.integer()
        case "days": state.days = try reader.strings().compactMap { PaperDate($0) }
        case "through": state.through = PaperDate(try reader.string())
        case "open": state.open = try reader.strings().compactMap { PaperDate($0) }
        case "failures": state.failures = Int(clamping: max(0, try reader.integer()))
        case "trouble": state.trouble = try reader.string()
        default: try reader.skip()
        }
      }
    }
    return state
  }
}
