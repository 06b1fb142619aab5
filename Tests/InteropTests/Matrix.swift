import Foundation
import Synchronization

/// Server × scenario, filled while the tests run and printed when the process ends.
enum Matrix {
  /// How a cell came out.
  enum Cell: String, Sendable { case good = "✓", bad = "✗", skipped = "–" }

  private static let cells = Mutex<[String: [String: Cell]]>([:])
  private static let printsAtEnd: Void = { _ = atexit { Matrix.print() } }()

  static func set(_ scenario: String, _ place: PlaceKind, _ cell: Cell) {
    printsAtEnd
    cells.withLock { $0[scenario, default: [:]][place.description] = cell }
  }

  /// The table.
  static func print() {
    let cells = cells.withLock { $0 }
    let places = PlaceKind.all.map(\.description)
    let width = 34
    var text =
      "\nMatrix: scenario × server (✓ held, ✗ did not, – not installed, blank not run here)\n"
    for (index, place) in places.enumerated() { text += "  \(index) \(place)" }
    text += "\n" + String(repeating: " ", count: width)
    for index in places.indices { text += index < 10 ? " \(index) " : "\(index) " }
    for (scenario, row) in cells.sorted(by: { $0.key < $1.key }) {
      text += "\n" + scenario.padding(toLength: width, withPad: " ", startingAt: 0)
      for place in places { text += " \(row[place]?.rawValue ?? " ") " }
    }
    Swift.print(text)
  }
}
