import Arrivals
import Changes
import Digests
import Papers

/// A look at what a source answered, before anything of it is recorded: whether it is a digest at
/// all, and which one.
struct BatchLook {
  /// The papers, in their order.
  private(set) var papers: [PaperID] = []
  /// Titles of the first of them.
  private(set) var added = ChangedPapers()
  /// The newest day that they bear.
  private(set) var day: PaperDate?
  /// What is odd in it.
  private(set) var problems: [Problem] = []
  private var isMarkedUp = false

  /// Reads answers to their end.
  init(_ inputs: [DigestInput], _ session: Session) throws {
    for input in inputs {
      var reader = DigestReader(
        name: input.name, source: input.origin?.series ?? "",
        object: session.registers.paperObject, formats: session.features.digestFormats,
        date: input.origin?.day, contentType: input.contentType)
      var isFirst = true
      try input.forEachChunk { chunk in
        if isFirst { isMarkedUp = Self.isWebPage(chunk) }
        isFirst = false
        try reader.feed(chunk) { take($0) }
      }
      try reader.finish { take($0) }
    }
  }

  private mutating func take(_ event: DigestReader.Event) {
    switch event {
    case .problem(let problem): problems.append(problem)
    case .entry(let entry):
      papers.append(entry.id)
      added.add(entry.id, entry.content.title)
      if let date = entry.appearance.date { day = max(day ?? date, date) }
    }
  }

  /// Why it is no digest; nil where it is one, if an empty one.
  func refusal(_ form: Ask.Form) -> Failure? {
    func refuse(_ words: String, advice: String? = nil) -> Failure {
      Failure(.unreachable, words, advice: advice)
    }
    if let error = problems.first(where: { $0.kind == .error }) { return refuse(error.message) }
    if isMarkedUp, form != .any || papers.isEmpty {
      return refuse(
        "a web page came in place of a digest",
        advice: "does the network want you to log in? open any page in a browser")
    }
    if problems.contains(where: { $0.kind == .endsEarly }) {
      return refuse("the answer ends early; nothing of it was taken")
    }
    let odd = problems.first { $0.kind != .strangers }
    guard papers.isEmpty, let odd else { return nil }
    return refuse("what came is no list of papers: \(odd.message)")
  }

  /// What the person is told of a digest that is read.
  var oddities: [Problem] { problems.filter { $0.kind != .strangers } }

  /// Whether text begins as a web page does.
  private static func isWebPage(_ chunk: UnsafeRawBufferPointer) -> Bool {
    let start = chunk.prefix(1024).drop { $0 <= 0x20 || $0 >= 0x80 }.prefix(14)
    let text = String(decoding: start, as: UTF8.self).lowercased()
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}
