import Papers

/// What the reader of a format found and not yet handed out: counted, each paper of a day once.
package struct Findings {
  private(set) var events: [DigestReader.Event] = []
  private let file: String
  private let limit: Int
  private var problems = 0
  /// How many entries were handed out.
  private var entries = 0
  private var isSilent = false
  /// The papers of this day with a hash of what was said of them. A day has some dozens; an endless
  /// one forgets, so that memory stays bounded.
  private var seen: [PaperID: UInt64] = [:]
  private static let seenLimit = 1 << 18
  /// Whether any entry or day, or an empty list, was recognised.
  package var isRecognised = false
  /// What ends reading.
  private(set) var end: DigestReader.ReadError?
  /// Whether any problem was reported.
  var hasProblems: Bool { problems > 0 }
  /// About how many bytes of text are held.
  private(set) var size = 0

  init(file: String, limit: Int) {
    self.file = file
    self.limit = max(limit, 1)
  }

  /// A new day begins: a paper may come again.
  package mutating func beginDay() {
    isRecognised = true
    seen.removeAll(keepingCapacity: true)
  }

  /// Hands out an entry unless this day has had the paper.
  /// - Parameter tellsRepeats: whether a paper that comes again with another text is a problem; a
  ///   list of links names a paper as often as it likes.
  /// - Returns: whether it was handed out.
  @discardableResult
  package mutating func add(_ entry: DigestEntry, tellsRepeats: Bool = true) -> Bool {
    isRecognised = true
    if seen.count >= Self.seenLimit { seen.removeAll() }
    let content = Self.hash(entry.content)
    if let known = seen.updateValue(content, forKey: entry.id) {
      seen[entry.id] = known
      if tellsRepeats, known != content {
        report("\(entry.id) comes twice with different text; kept the first", line: entry.line)
      }
      return false
    }
    entries += 1
    size += entry.content.title.utf8.count + entry.content.summary.utf8.count + 200
    events.append(.entry(entry))
    return true
  }

  /// Whether this day has had a paper.
  func hasSeen(_ id: PaperID) -> Bool { seen[id] != nil }

  /// Changes the lines of what was found since.
  mutating func renumber(from start: Int, _ line: (Int) -> Int) {
    for index in events.indices.dropFirst(start) {
      switch events[index] {
      case .entry(var entry):
        entry.line = line(entry.line)
        events[index] = .entry(entry)
      case .problem(var problem):
        problem.line = line(problem.line)
        events[index] = .problem(problem)
      }
    }
  }

  /// Takes over what another reader found, and goes on where it is.
  mutating func append(contentsOf other: Findings) {
    for event in other.events {
      if case .problem(let problem) = event {
        report(problem.message, line: problem.line, problem.kind)
      } else {
        events.append(event)
      }
    }
    problems += max(0, other.problems - other.limit)
    seen = other.seen
    entries += other.entries
    isRecognised = isRecognised || other.isRecognised
  }

  /// A hash of the bytes of title and summary: it only decides whether a repeat is worth a word.
  /// Sixteen at a time, in two chains that need not wait for each other. (`String` hashes its
  /// normal form, which took twice as long as all the reading.)
  private static func hash(_ content: PaperContent) -> UInt64 {
    var even: UInt64 = 0xCBF2_9CE4_8422_2325
    var odd: UInt64 = 0x8422_2325_CBF2_9CE4
    for text in [content.title, content.summary] {
      var text = text
      text.withUTF8 { bytes in
        let bytes = UnsafeRawBufferPointer(bytes)
        even = mixed(even, UInt64(bytes.count))
        var index = 0
        while index + 16 <= bytes.count {
          even = mixed(even, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
          odd = mixed(odd, bytes.loadUnaligned(fromByteOffset: index + 8, as: UInt64.self))
          index += 16
        }
        for byte in bytes[index...] { even = mixed(even, UInt64(byte)) }
      }
    }
    return mixed(even, odd)
  }

  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }

  /// Reports a problem; beyond the limit they are only counted.
  package mutating func report(_ message: String, line: Int, _ kind: Problem.Kind = .odd) {
    problems += 1
    guard problems <= limit || kind != .odd else { return }
    events.append(.problem(Problem(file: file, line: line, message: message, kind)))
  }

  /// Ends reading with an error.
  mutating func stop(_ error: DigestReader.ReadError) { end = end ?? error }

  /// Reports that the whole file is nothing to read.
  mutating func refuse(_ message: String) {
    problems += 1
    events.append(.problem(Problem(file: file, line: 0, message: message, .refusal)))
  }

  /// An empty day is a few lines; so much text without a paper was not understood.
  private static let largestEmpty = 20_000

  /// Reports that a large text held no paper, whatever days it names.
  mutating func reportEmptiness(of size: Int) {
    guard size > Self.largestEmpty, isRecognised, entries == 0, problems == 0 else { return }
    report("no papers found in \(size / 1000) KB, though it names a day", line: 0)
  }

  /// Tells how many problems were not reported.
  mutating func reportRest() {
    guard problems > limit, !isSilent else { return }
    isSilent = true
    let message = "\(problems - limit) more problems in this file are not listed"
    events.append(.problem(Problem(file: file, line: 0, message: message)))
  }

  /// Hands everything to `emit`, and holds nothing then.
  mutating func handOut(_ emit: (DigestReader.Event) throws -> Void) rethrows {
    guard !events.isEmpty else { return }
    defer {
      events.removeAll(keepingCapacity: true)
      size = 0
    }
    for event in events { try emit(event) }
  }
}
