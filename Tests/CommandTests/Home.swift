import Foundation
import TestSupport

/// The built `shelf`, run as a person would, in a home of its own that goes with the test.
final class Home: Sendable {
  /// What one run left behind.
  struct Run {
    var code: Int32
    var out: String
    var notes: String
    var json: Any? { try? JSONSerialization.jsonObject(with: Data(out.utf8)) }
    var object: [String: Any] { json as? [String: Any] ?? [:] }
    var array: [[String: Any]] { json as? [[String: Any]] ?? [] }
    var lines: [String] { out.split(separator: "\n").map(String.init) }
  }

  /// The folder.
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-home-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// Runs `shelf` with words, standard input, and variables besides HOME, PATH and TZ.
  func shelf(
    _ words: String..., input: String? = nil, variables: [String: String] = [:]
  ) throws -> Run {
    try run(words, input: input, variables: variables)
  }

  func run(
    _ words: [String], input: String? = nil, variables: [String: String] = [:]
  ) throws -> Run {
    let process = try start(words, input: input, variables: variables)
    return try process.end()
  }

  /// A process that runs.
  struct Running {
    let process: Process
    let out: FileHandle
    let notes: URL

    func end() throws -> Run {
      let data = out.readDataToEndOfFile()
      process.waitUntilExit()
      let notes = try String(contentsOf: self.notes, encoding: .utf8)
      try? FileManager.default.removeItem(at: self.notes)
      return Run(
        code: process.terminationStatus, out: String(decoding: data, as: UTF8.self), notes: notes)
    }
  }

  func start(
    _ words: [String], input: String? = nil, variables: [String: String] = [:]
  ) throws -> Running {
    let process = Process()
    process.executableURL = ShelfProcess.binary
    process.arguments = words
    process.environment = [
      "SHELF_HOME": url.path, "TZ": "UTC", "HOME": url.path, "PATH": "/usr/bin:/bin",
      "SHELF_LOOPBACK": "1",
    ].merging(variables) { $1 }
    let out = Pipe()
    let notes = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-notes-\(UUID().uuidString)")
    _ = FileManager.default.createFile(atPath: notes.path, contents: nil)
    process.standardOutput = out
    process.standardError = try FileHandle(forWritingTo: notes)
    process.standardInput = try input.map(Self.inputFile) ?? FileHandle.nullDevice
    try process.run()
    return Running(process: process, out: out.fileHandleForReading, notes: notes)
  }

  private static func inputFile(_ text: String) throws -> FileHandle {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("shelf-input-\(UUID().uuidString)")
    try Data(text.utf8).write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    return try FileHandle(forReadingFrom: url)
  }

  /// A file in the home.
  func file(_ name: String, _ text: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
    return file.path
  }

  /// The library as its lossless export has it.
  func export() throws -> String { try shelf("export", "json", "--sort", "id").out }
}

/// Digests of our own writing.
enum Sample {
  /// One day with three papers.
  static let day = """
    # Papers for 2025-10-02

    ## 0.[Caches That Remember](https://arxiv.org/pdf/2509.00001)

    summary:**核心关键词**: KV 缓存, 长上下文  **一句话核心总结**: 缓存可以更小。  **主要成果**: 节省一半内存。

    ## 1.[A Survey of Small Things](https://arxiv.org/pdf/2509.00002)

    summary:**核心关键词**: 综述  **一句话核心总结**: 一篇综述。  **主要成果**: 列出了一切。

    ## 2.[Robots Fold Paper](https://arxiv.org/pdf/2509.00003)

    summary:**核心关键词**: 机器人  **一句话核心总结**: 机器人折纸。  **主要成果**: 折得很好。

    """

  /// A later day: one paper again, one new.
  static let nextDay = """
    # Papers for 2025-10-03

    ## 0.[A Survey of Small Things](https://arxiv.org/pdf/2509.00002)

    summary:**核心关键词**: 综述, 小  **一句话核心总结**: 更好的综述。  **主要成果**: 列出了更多。

    ## 1.[Tiny Lamps](https://arxiv.org/pdf/2510.00004)

    summary:**核心关键词**: 灯  **一句话核心总结**: 小灯很亮。  **主要成果**: 亮了。

    """

  /// A home that has read ``day``.
  static func home() throws -> Home {
    let home = try Home()
    _ = try home.run(["import", try home.file("series/2025-10-02.md", day)])
    return home
  }
}
