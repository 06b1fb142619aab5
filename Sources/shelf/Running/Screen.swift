import Glibc

/// How to print on standard output: whether it is a terminal, how large, in colour or not.
struct Screen {
  /// Whether a person looks at it.
  let isTerminal: Bool
  /// Its width in cells, on a terminal.
  let width: Int
  /// What lines are cut and text is filled to: the terminal's width, or the one that was asked for;
  /// nil in a pipe that nobody asked one for.
  var columns: Int? { isTerminal ? width : nil }
  /// Its height in lines, on a terminal.
  let height: Int
  /// Colours, or none.
  let palette: Palette
  /// How wide characters are.
  let cells: CellWidth

  /// From the terminal, the environment (`NO_COLOR`, `FORCE_COLOR`, `TERM`, `COLUMNS`, `LINES`) and
  /// the configuration.
  init(_ world: World, _ configuration: Configuration) {
    isTerminal = world.isTerminal(STDOUT_FILENO)
    let size = isTerminal ? world.terminalSize() : nil
    func variable(_ name: String) -> Int? {
      world.variable(name).flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
    width = variable("COLUMNS") ?? size?.columns ?? 80
    height = variable("LINES") ?? size.map(\.rows).flatMap { $0 > 0 ? $0 : nil } ?? 24
    palette = Palette(isOn: Self.usesColor(world, STDOUT_FILENO, configuration.color))
    cells = CellWidth(ambiguous: configuration.ambiguousWidth)
  }

  /// The environment speaks for this run and is asked first, then the configuration, then whether
  /// it is a terminal (https://no-color.org, https://force-color.org).
  static func usesColor(
    _ world: World, _ descriptor: Int32, _ configured: Configuration.Color?
  ) -> Bool {
    if world.variable("NO_COLOR") != nil { return false }
    if let forced = world.variable("FORCE_COLOR") { return forced != "0" }
    switch configured ?? .auto {
    case .always: return true
    case .never: return false
    case .auto: return world.isTerminal(descriptor) && world.variable("TERM") != "dumb"
    }
  }
}
