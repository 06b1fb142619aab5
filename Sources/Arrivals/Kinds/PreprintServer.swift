import JSONText
import Papers

/// What comes to bioRxiv and medRxiv (https://api.biorxiv.org): days in a range, in pages.
struct PreprintServerKind: SourceKind {
  let form = "biorxiv: or medrxiv:"
  let explanation = "what comes to these servers; biorxiv:neuroscience is one category"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    for server in ["biorxiv", "medrxiv"] {
      guard let category = Address.rest(of: what, after: server + ":") else { continue }
      guard category.allSatisfy({ $0.isLetter || $0 == " " || $0 == "_" || $0 == "-" }) else {
        throw SourceComplaint(
          "“\(category)” is no category of \(server)",
          advice: "for example \(server): or \(server):epidemiology")
      }
      return PreprintServer(server: server, category: category.lowercased())
    }
    return nil
  }
}

private struct PreprintServer: Source {
  let server: String
  let category: String
  let patience: Int? = 5
  /// Answers of one run are no more, be a server ever so willing.
  private static let mostPapers = 3000

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    let days = DayPlan(state, moment)
    guard let first = days.days.first, let last = days.days.last else { return AskPlan([]) }
    return AskPlan(
      [ask(first, last, from: 0)], later: days.later, forgotten: days.forgotten)
  }

  private func ask(_ first: PaperDate, _ last: PaperDate, from place: Int) -> Ask {
    let words = category.isEmpty ? "" : "?category=" + Address.value(category.spaced)
    return Ask(
      .page("https://api.biorxiv.org/details/\(server)/\(first)/\(last)/\(place)\(words)"),
      .json, day: last, settling: .over)
  }

  /// An answer holds a hundred of them: `{"messages":[{"count":100,"total":"213"}], …}`.
  func rest(after ask: Ask, _ answer: [UInt8]) -> Ask? {
    let parts = ask.address.prefix { $0 != "?" }.split(separator: "/")
    guard parts.count >= 3, let place = parts.last.flatMap({ Int($0) }),
      let first = PaperDate(String(parts[parts.count - 3])), let last = ask.day,
      let (count, total) = Self.counts(answer), count > 0,
      place + count < min(total, Self.mostPapers)
    else { return nil }
    return self.ask(first, last, from: place + count)
  }

  private static func counts(_ answer: [UInt8]) -> (count: Int, total: Int)? {
    var (count, total) = (Int?.none, Int?.none)
    func number(_ reader: inout JSONTextReader) throws -> Int? {
      guard reader.peek() == UInt8(ascii: "\"") else { return Int(clamping: try reader.integer()) }
      return Int(try reader.string())
    }
    try? answer.withUnsafeBufferPointer { bytes in
      try JSONTextReader.read(bytes) { reader in
        try reader.object { key, reader in
          guard key == "messages" else { return try reader.skip() }
          try reader.array { reader in
            try reader.object { key, reader in
              switch key {
              case "count": count = try number(&reader)
              case "total": total = try number(&reader)
              default: try reader.skip()
              }
            }
          }
        }
      }
    }
    return count.flatMap { count in total.map { (count, $0) } }
  }
}

extension String {
  /// With spaces as the server has them.
  fileprivate var spaced: String { String(map { $0 == "_" || $0 == "-" ? " " : $0 }) }
}
