import Disk

/// Changes config.toml as text, so that the person's comments and order stay: a section is added at
/// the end, or taken out.
///
/// Invariant: the result is parsed before it is written; the file changes as a whole or not at all.
struct ConfigurationEdit {
  private let path: String
  private var lines: [Substring]

  /// The file as it stands; empty when it is not there.
  init(_ path: String) throws {
    self.path = path
    let text: String
    do {
      text = try Files.text(path, limit: 1 << 20)
    } catch let error as FileError where error.code == 2 {  // ENOENT
      text = ""
    }
    lines = text.split(separator: "\n", omittingEmptySubsequences: false)
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

  /// Writes the file, for the owner only.
  func save() throws {
    let text = lines.joined(separator: "\n")
    _ = try Configuration(text, path: path)
    try Files.makeFolder(Paths.folder(of: path))
    try Files.replace(path, mode: 0o600) { try Files.write(Array(text.utf8), to: $0, path) }
  }

  private static func heading(_ line: Substring) -> String? {
    let bare = line.filter { !$0.isWhitespace && $0 != "\"" }
    guard bare.hasPrefix("["), let end = bare.firstIndex(of: "]") else { return nil }
    return String(bare[bare.index(after: bare.startIndex)..<end])
  }
}
