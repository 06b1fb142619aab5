import Glibc
import Papers
import Store

/// Where triage stopped on each day: the paper that was last seen there. So papers that were passed
/// over do not come first again, neither in the next run nor after `kill -9`. What may be
/// forgotten: no failure to keep it fails anything.
struct TriagePlaces {
  /// Days and stacks of which it is known, at most.
  private static let days = 200
  private static let stacks = 32

  private let folder: String
  private let path: String
  private var places: [(day: String, paper: String)]

  /// The places of one stack.
  /// - Parameter name: the filter and the order of it.
  init(_ name: String, _ paths: Paths) {
    folder = Paths.join(paths.state, "triage")
    path = Paths.join(folder, Draft.name(name.isEmpty ? "unread" : name))
    places = Self.read(path)
  }

  private static func read(_ path: String) -> [(day: String, paper: String)] {
    let text = (try? Files.text(path, limit: 1 << 20)) ?? ""
    return text.split(separator: "\n").prefix(days).compactMap { line in
      guard let tab = line.firstIndex(of: "\t") else { return nil }
      return (String(line[..<tab]), String(line[line.index(after: tab)...]))
    }
  }

  /// The paper that was last seen of a day.
  func place(of day: LibraryReader.ShelfDay) -> PaperID? {
    places.first { $0.day == day.words }.flatMap { PaperID(link: $0.paper) }
  }

  /// Whether anything is known.
  var hasAny: Bool { !places.isEmpty }

  /// Keeps a place. What another terminal kept meanwhile of other days stays.
  mutating func keep(_ paper: PaperID, of day: LibraryReader.ShelfDay) {
    if let first = places.first, first.day == day.words, first.paper.hasBytes(of: paper.rawValue) {
      return
    }
    let others = Self.read(path).filter { $0.day != day.words }
    places = [(day.words, paper.rawValue)] + others.prefix(Self.days - 1)
    write()
  }

  /// Forgets all places: the round begins again.
  mutating func forget() {
    places = []
    unlink(path)
  }

  private func write() {
    SmallFiles(folder: folder, count: Self.stacks)
      .keep(places.map { "\($0.day)\t\($0.paper)" }, in: path)
  }
}
