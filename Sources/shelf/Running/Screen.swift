import Glibc

/// How to print on standard output: whether it is a terminal, how large, in colour or not.
struct Screen {
  /// Whether a person looks at it.
  let isTerminal: Bool
  /// The cells that lines are cut and text is filled to: the terminal's, or what `--width` or
  /// `COLUMNS` asks for; nil in a pipe that nobody asked anything of, where nothing is cut.
  let columns: Int?
  /// The same for what needs some width in any case.
  var width: Int { columns ?? 80 }
  /// Its height in lines, on a terminal.
  let height: Int
  /// Colours, or none.
  let palette: Palette
  /// How wide characters are.
  let cells: CellWidth

  /// From the terminal, the environment (`NO_COLOR`, `FORCE_COLOR`, `TERM`, `COLUMNS`, `LINES`) and
  /// the configuration.
  /// - Parameter wanted: `--width`, which comes first.
  init(_ world: World, _ configuration: Configuration, width wanted: Int? = nil) {
    isTerminal = world.isTerminal(STDOUT_FILENO)
    let size = isTerminal ? world.terminalSize() : nil
    func variable(_ name: String) -> Int? {
      world.variable(name).flatMap { Int($0) }.flatMap { (1...10_000).contains($0) ? $0 : nil }
    }
    columns = wanted ?? variable("COLUMNS") ?? (isTerminal ? size?.columns ?? 80 : nil)
    height = variable("LINES") ?? size.map(\.rows).flatMap { $0 > 0 ? $0 : nil } ?? 24
    palette = Palette(
      isOn: Self.usesColor(world, STDOUT_FILENO, configuration.color),
      chosen: configuration.colors)
    cells = CellWidth(ambiguous: configuration.ambiguousWidth)
  }

  /// A line, cut to the width where there is one.
  func cut(_ line: String) -> String { columns.map { cells.truncated(line, to: $0) } ?? line }

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
