import Foundation
import TestSupport

/// One machine of a story: a home of its own and the built `shelf` in it.
///
/// Invariant: a command that returns without throwing is an edit acknowledged to the person.
final class Machine: Sendable {
  /// What the story calls it.
  let name: String
  /// Runs commands in the home.
  let shelf: ShelfProcess
  private let folder: TemporaryFolder

  init(_ name: String, variables: [String: String] = [:]) throws {
    self.name = name
    folder = try TemporaryFolder()
    var shelf = ShelfProcess(home: URL(fileURLWithPath: folder.path + "/" + name))
    shelf.variables = variables
    self.shelf = shelf
    try FileManager.default.createDirectory(
      at: shelf.home, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
  }

  /// The whole home of `original` on a second machine, byte for byte.
  init(_ name: String, copyOf original: Machine) throws {
    self.name = name
    folder = try TemporaryFolder()
    shelf = ShelfProcess(home: URL(fileURLWithPath: folder.path + "/" + name))
    try Shell.run(["cp", "-a", original.shelf.home.path, shelf.home.path])
  }

  /// Where its home is.
  var home: URL { shelf.home }

  /// Standard output of a command that must end well.
  @discardableResult
  func does(_ words: String...) throws -> String { try does(words) }

  /// Standard output of a command that must end well.
  @discardableResult
  func does(_ words: [String]) throws -> String {
    let outcome = try shelf.run(words)
    try check(outcome.status == 0, told(words, outcome))
    return outcome.output
  }

  /// The error text of a command that must end with a code.
  @discardableResult
  func fails(_ status: Int32, _ words: String...) throws -> String { try fails(status, words) }

  /// The same, of words that are a list.
  @discardableResult
  func fails(_ status: Int32, _ words: [String]) throws -> String {
    let outcome = try shelf.run(words)
    try check(outcome.status == status, "wanted \(status): " + told(words, outcome))
    return outcome.errors
  }

  private func told(_ words: [String], _ outcome: ShelfProcess.Outcome) -> String {
    "\(name): shelf \(words.prefix(6).joined(separator: " ")) ended with \(outcome.status): "
      + String(outcome.errors.prefix(600))
  }

  // MARK: Files

  /// Writes a file beside the home's library.
  func file(_ name: String, _ text: String, mode: Int = 0o644) throws -> String {
    let path = folder.path + "/" + name
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    return path
  }

  /// Imports a digest of our own writing.
  func imports(_ digest: OwnDigest) throws {
    // The folder names the series: the same on every machine, or they are two sightings.
    let series = folder.path + "/lanterns"
    try FileManager.default.createDirectory(atPath: series, withIntermediateDirectories: true)
    try does("import", file("lanterns/" + digest.date + ".md", digest.text))
  }

  // MARK: Sync

  /// What `sync --json` says.
  struct SyncResult: Decodable, Sendable {
    var pulled = 0
    var pushed = 0
    var conflicts = 0
    var requests = 0
    var bytesSent = 0
    var bytesReceived = 0
    var problems: [String] = []

    /// Whether nothing came, went or went wrong.
    var isQuiet: Bool { pulled == 0 && pushed == 0 && problems.isEmpty }
  }

  /// Keeps a spot as a remote.
  func adds(_ remote: String = "home", _ spot: Spot) throws {
    try does(["remote", "add", remote, spot.address] + spot.arguments(for: self))
  }

  /// Syncs; also with problems (2) or conflicts (3) to look at.
  @discardableResult
  func syncs(_ remote: String = "home") throws -> SyncResult {
    let words = ["sync", remote, "--json"]
    let outcome = try shelf.run(words)
    try check([0, 2, 3].contains(outcome.status), told(words, outcome))
    return try JSONDecoder().decode(SyncResult.self, from: Data(outcome.output.utf8))
  }

  // MARK: What it shows

  /// All that must be equal on every machine: papers and the conflict journal.
  func dump() throws -> String {
    try does("export", "jsonl") + does("conflicts", "list", "--json")
  }

  /// Papers by id.
  func papers() throws -> [String: ListedPaper] {
    let lines = try does("export", "jsonl").split(separator: "\n")
    let papers = try lines.map {
      try JSONDecoder().decode(ListedPaper.self, from: Data($0.utf8))
    }
    return Dictionary(uniqueKeysWithValues: papers.map { ($0.id, $0) })
  }

  /// One paper.
  func paper(_ id: String) throws -> ListedPaper {
    guard let paper = try papers()[id] else { throw Unexpected("\(name) has no \(id)") }
    return paper
  }

  /// The id of the only note of a paper.
  func note(of id: String) throws -> String {
    let notes = try paper(id).notes
    try equal(notes.count, 1, "\(name): notes of \(id)")
    return notes.first?.id ?? ""
  }
}

/// What a story looks at in a line of `export jsonl`.
struct ListedPaper: Decodable {
  struct Note: Decodable {
    var id: String
    var text: String
  }
  struct Appearance: Decodable { var date: String? }

  var id: String
  var title: String
  var status: String
  var starred: Bool
  var tags: [String]
  var notes: [Note]
  var digests: [Appearance]
}

/// A digest of papers that do not exist, in the main format.
struct OwnDigest {
  /// The day, as in the name of the file.
  let date: String
  /// The papers' ids.
  let ids: [String]
  /// The Markdown.
  let text: String

  /// - Parameter first: the number of the first paper; papers of different numbers differ.
  init(_ date: String = "2025-09-01", first: Int = 1, count: Int = 12) {
    self.date = date
    ids = (first..<(first + count)).map { "2509." + String(format: "%05d", $0) }
    text =
      "# Papers for \(date)\n\n"
      + ids.enumerated().map { index, id in
        """
        ## \(index).[Lantern study \(first + index)](https://arxiv.org/pdf/\(id))

        summary:**核心关键词**: 灯笼缓存, lantern \(index)  **一句话核心总结**: 第 \(first + index) 盏灯更亮。  \
        **主要成果**: 省电一半。


        """
      }.joined()
  }
}
