import Papers

/// A kind of places that digests come from. One file of `Kinds` declares it, and one line of
/// ``SourceKinds/standard`` names it.
package protocol SourceKind: Sendable {
  /// How a person writes one: `arxiv:cs.CL+cs.LG`.
  var form: String { get }
  /// What that brings, in a few words.
  var explanation: String { get }
  /// The source of this kind that is written so; nil for what is of another kind.
  /// - Throws: ``SourceComplaint`` for what is of this kind and makes no sense.
  func source(_ what: String) throws(SourceComplaint) -> (any Source)?
}

/// Why what a person wrote is no source.
package struct SourceComplaint: Error, Hashable {
  /// What is wrong, in words for the person.
  package var message: String
  /// What to write instead.
  package var advice: String

  /// A complaint with everything said.
  package init(_ message: String, advice: String) {
    self.message = message
    self.advice = advice
  }
}

/// A place that digests come from. It says what to ask; who asks it tells what became of that to
/// ``SourceState``.
package protocol Source: Sendable {
  /// What is to be asked now.
  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan
  /// Days without anything new after which something is wrong, while it is not known how often it
  /// usually brings some; nil where that may be any number.
  var patience: Int? { get }
  /// What is asked next, where an answer is but a part of what there is; nil where it is all.
  func rest(after ask: Ask, _ answer: [UInt8]) -> Ask?
}

extension Source {
  /// It is all.
  package func rest(after ask: Ask, _ answer: [UInt8]) -> Ask? { nil }
  /// Nobody knows.
  package var patience: Int? { nil }
}

/// When a source is asked, and how.
package struct SourceMoment: Hashable, Sendable {
  /// Milliseconds since 1970.
  package var now: Int64
  /// The day where the person is.
  package var today: PaperDate
  /// The first day the person wants, where one is named.
  package var since: PaperDate?
  /// Whether the person named the source: it is then asked though it was asked a moment ago.
  package var isNamed: Bool

  /// A moment with everything said.
  package init(now: Int64, today: PaperDate, since: PaperDate? = nil, isNamed: Bool = false) {
    self.now = now
    self.today = today
    self.since = since
    self.isNamed = isNamed
  }
}

/// What a source is asked for in one run.
package struct AskPlan: Hashable, Sendable {
  /// One after the other, the oldest day first.
  package var asks: [Ask]
  /// How many days are left to the next run.
  package var later = 0
  /// How many days are so long ago that nobody asks for them but by name.
  package var forgotten = 0
  /// Whether nothing is asked because that was done a moment ago.
  package var isResting = false

  /// A plan of these.
  package init(_ asks: [Ask], later: Int = 0, forgotten: Int = 0) {
    self.asks = asks
    self.later = later
    self.forgotten = forgotten
  }

  /// Nothing is asked, for it was a moment ago.
  package static var resting: AskPlan {
    var plan = AskPlan([])
    plan.isResting = true
    return plan
  }
}

/// One thing to ask for.
package struct Ask: Hashable, Sendable {
  /// Where it is.
  package enum Place: Hashable, Sendable {
    /// An http(s) URL.
    case page(String)
    /// A file or folder of this machine.
    case path(String)
    /// A file of this machine that lists feeds, to ask each of them.
    case feedList(String)
    /// The same at an http(s) URL.
    case feedPage(String)
  }

  /// What comes there.
  package enum Form: Hashable, Sendable {
    /// A feed. A web page is none.
    case feed
    /// JSON. A web page is none.
    case json
    /// Whatever `shelf import` reads; a web page only where it links papers.
    case any
  }

  /// What one answer says of a day.
  package enum Settling: Hashable, Sendable {
    /// It has no days.
    case never
    /// What was found on it is all of it.
    case found
    /// More may come until it is over.
    case over
    /// It is of a day of its own, which it tells; what it holds of earlier ones is asked otherwise.
    case ownDay
  }

  /// Where it is.
  package var place: Place
  /// What comes there.
  package var form: Form
  /// The day of the digest, where that is asked for by its day.
  package var day: PaperDate?
  /// What an answer says of that day.
  package var settling = Settling.never
  /// Whether the whole of it is new each time, so that the same papers again are the batch that was
  /// there already.
  package var isBatch = false

  /// An ask with everything said.
  package init(
    _ place: Place, _ form: Form, day: PaperDate? = nil, settling: Settling = .never,
    isBatch: Bool = false
  ) {
    self.place = place
    self.form = form
    self.day = day
    self.settling = settling
    self.isBatch = isBatch
  }

  /// Its address or path.
  package var address: String {
    switch place {
    case .page(let address), .path(let address), .feedList(let address), .feedPage(let address):
      address
    }
  }
}
