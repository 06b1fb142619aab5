import Foundation
import Synchronization

/// Server × scenario, filled while the tests run and printed when the process ends.
enum Matrix {
  /// How a cell came out.
  enum Cell: String, Sendable { case good = "✓", bad = "✗", skipped = "–" }

  private static let cells = Mutex<[String: [String: Cell]]>([:])
  private static let seconds = Mutex<[String: [String: Double]]>([:])
  private static let quiet = Mutex<[String: Int]>([:])
  private static let printsAtEnd: Void = { _ = atexit { Matrix.print() } }()

  static func set(_ scenario: String, _ place: PlaceKind, _ cell: Cell) {
    printsAtEnd
    cells.withLock { $0[scenario, default: [:]][place.description] = cell }
  }

  /// How long a story took.
  static func add(_ scenario: String, _ place: PlaceKind, _ time: Duration) {
    let (whole, rest) = time.components
    seconds.withLock {
      $0[scenario, default: [:]][place.description] = Double(whole) + Double(rest) / 1e18
    }
  }

  /// How many requests a sync of one of two machines made where nothing was new; the greatest is
  /// kept.
  static func addQuiet(_ place: PlaceKind, _ requests: Int) {
    quiet.withLock { $0[place.description] = max($0[place.description] ?? 0, requests) }
  }

  /// The table.
  static func print() {
    let cells = cells.withLock { $0 }
    let places = PlaceKind.all.map(\.description)
    let width = 34
    var text =
      "\nMatrix: scenario × server (✓ held, ✗ did not, – not installed, blank not run here)\n"
    let seconds = seconds.withLock { $0 }
    for (index, place) in places.enumerated() { text += "  \(index) \(place)" }
    text += "\n" + String(repeating: " ", count: width)
    for index in places.indices { text += index < 10 ? " \(index) " : "\(index) " }
    for (scenario, row) in cells.sorted(by: { $0.key < $1.key }) {
      text += "\n" + scenario.padding(toLength: width, withPad: " ", startingAt: 0)
      for place in places { text += " \(row[place]?.rawValue ?? " ") " }
      text += " \(Int((seconds[scenario] ?? [:]).values.reduce(0, +))) s"
    }
    let quiet = quiet.withLock { $0 }
    text += "\n" + "requests of a quiet sync".padding(toLength: width, withPad: " ", startingAt: 0)
    for place in places { text += " \(quiet[place].map { "\($0)" } ?? " ") " }
    text += "\n" + "seconds".padding(toLength: width - 1, withPad: " ", startingAt: 0)
    for place in places {
      let sum = Int(seconds.values.compactMap { $0[place] }.reduce(0, +))
      text += String(repeating: " ", count: max(0, 3 - "\(sum)".count)) + "\(sum)"
    }
    Swift.print(text)
  }
}
