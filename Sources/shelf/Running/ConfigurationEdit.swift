import Changes
import Disk

/// Changes config.toml as text, so that the person's comments and order stay: a section is added at
/// the end, or taken out.
///
/// Invariant: the result is parsed before it is written; the file changes as a whole or not at all.
struct ConfigurationEdit {
  private let paths: Paths
  private let registers: Registers
  private let path: String
  private let before: [UInt8]?
  private var lines: [Substring]

  /// The file as it stands; empty when it is not there.
  init(_ session: Session) throws {
    paths = session.paths
    registers = session.features.registers
    path = ConfigurationFile.place(paths.configuration)
    before = try ConfigurationFile.bytes(path)
    lines = String(decoding: before ?? [], as: UTF8.self)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// Adds `[sync.NAME]` with its keys.
  mutating func add(section: String, _ settings: [(String, ConfigurationKey.Value)]) {
    while lines.last?.isEmpty == true { lines.removeLast() }
    if !lines.isEmpty { lines.append("") }
    lines.append("[\(section)]")
    lines += settings.map { Substring("\($0.0) = \($0.1.toml)") }
    lines.append("")
  }

  /// Takes out `[sync.NAME]` up to the next section; false when there is no such heading.
  mutating func remove(section: String) -> Bool {
    guard let start = lines.firstIndex(where: { Self.heading($0) == section }) else { return false }
    let rest = lines[(start + 1)...]
    let end = rest.firstIndex { Self.heading($0) != nil } ?? lines.endIndex
    lines.removeSubrange(start..<end)
    return true
  }

  /// Writes the file, for the owner only, unless somebody changed it meanwhile.
  func save() throws {
    let text = lines.joined(separator: "\n")
    _ = try Configuration(text, path: path, registers)
    try ConfigurationFile.replace(path, with: Array(text.utf8), expecting: before, in: paths)
  }

  private static func heading(_ line: Substring) -> String? {
    let bare = line.filter { !$0.isWhitespace && $0 != "\"" }
    guard bare.hasPrefix("["), let end = bare.firstIndex(of: "]") else { return nil }
    return String(bare[bare.index(after: bare.startIndex)..<end])
  }
}
