import Papers

/// What a key of triage does. The one table of them: configuration, foot line, help and the line
/// mode are made from it.
enum TriageVerb: String, CaseIterable, Sendable {
  case read, queue, skip, next, back, star, reading, tag, note, open, card, author, search, rest
  case undo, redo, help, leave

  /// The keys it has unless `[keys]` says others.
  var standardKeys: [Key] {
    switch self {
    case .read: [.character("r")]
    case .queue: [.character("q")]
    case .skip: [.character("s")]
    case .next: [.character(" ")]
    case .back: [.character("b")]
    case .star: [.character("*")]
    case .reading: [.character("g")]
    case .tag: [.character("t")]
    case .note: [.character("n")]
    case .open: [.character("o")]
    case .card: [.enter]
    case .author: [.character("a")]
    case .search: [.character("/")]
    case .rest: [.character("A")]
    case .undo: [.character("u")]
    case .redo: [.control("r")]
    case .help: [.character("?")]
    case .leave: [.character("Q"), .escape]
    }
  }

  /// `keys.read`
  var settingName: String { "keys." + rawValue }

  /// The word beside its key in the foot line.
  var label: String {
    switch self {
    case .rest: "skip the day"
    case .help: "all keys"
    default: rawValue
    }
  }

  /// One sentence, for help and configuration.
  var about: String {
    switch self {
    case .read: "mark the paper read and go on"
    case .queue: "put the paper on the queue and go on"
    case .skip: "skip the paper and go on"
    case .next: "go on without a verdict; the paper comes again later"
    case .back: "go back one paper"
    case .star: "star the paper, or take the star off"
    case .reading: "mark the paper reading and stay"
    case .tag: "tag the paper; Tab completes, commas separate"
    case .note: "write a note on the paper in your editor"
    case .open: "open the paper in the browser"
    case .card: "show the whole card, and the short one again"
    case .author: "only papers of this author, and all again"
    case .search: "only papers that fit a search; any filter will do"
    case .rest: "skip all that is left of this day, as one operation"
    case .undo: "take back what was done last, as often as you like"
    case .redo: "do again what was taken back"
    case .help: "all keys"
    case .leave: "leave; everything is stored already, and the next triage goes on here"
    }
  }

  /// The status of a verdict.
  var verdict: ReadingStatus? {
    switch self {
    case .read: .read
    case .queue: .queued
    case .skip: .skipped
    case .reading: .reading
    default: nil
    }
  }
}

/// Which key does what.
struct TriageKeys: Hashable, Sendable {
  /// The keys of verbs that have others than the standard ones.
  private var changes: [TriageVerb: [Key]] = [:]

  /// Two verbs of one key.
  struct Conflict: Error, Hashable {
    var key: Key
    var verbs: [TriageVerb]
  }

  /// The standard keys.
  static let standard = TriageKeys()

  private init() {}

  /// The standard keys, with others for some verbs.
  init(changing changes: [TriageVerb: [Key]]) throws(Conflict) {
    self.changes = changes
    var owners: [Key: TriageVerb] = [:]
    for verb in TriageVerb.allCases {
      for key in keys(of: verb) {
        if let other = owners[key], other != verb {
          throw Conflict(key: key, verbs: [other, verb])
        }
        owners[key] = verb
      }
    }
  }

  /// The keys of a verb.
  func keys(of verb: TriageVerb) -> [Key] { changes[verb] ?? verb.standardKeys }

  /// What a key does.
  func verb(of key: Key) -> TriageVerb? {
    TriageVerb.allCases.first { keys(of: $0).contains(key) }
  }

  /// The first key of a verb, by name.
  func name(of verb: TriageVerb) -> String { keys(of: verb).first?.name ?? "" }

  /// All keys of a verb, by name.
  func names(of verb: TriageVerb) -> String {
    keys(of: verb).map(\.name).joined(separator: ", ")
  }
}
