import Foundation
import TestSupport

/// The independent reader of a remote folder, in Python.
enum RemoteReader {
  private static let script = PackageRoot.url
    .appendingPathComponent("Tests/remote-reader/read_remote.py").path

  /// A Python that has `cryptography`, for sealed folders: that of the servers, else the system's.
  private static let sealedPython: String? = {
    let own = PackageRoot.url.appendingPathComponent(".build/servers-venv/bin/python").path
    return [own, "python3"].first { (try? Shell.run([$0, "-c", "import cryptography"])) != nil }
  }()

  /// Whether sealed folders can be read here.
  static var opensSeals: Bool { sealedPython != nil }

  /// The changes of a folder as it prints them.
  static func changes(of folder: String) throws -> String { try run([folder]) }

  /// The papers of a folder as it prints them, a line each, sorted.
  static func papers(of folder: String, passphraseFile: String? = nil) throws -> [String] {
    let options = passphraseFile.map { ["--passphrase-file", $0] } ?? []
    return try run([folder, "--papers"] + options).split(separator: "\n").map(String.init).sorted()
  }

  private static func run(_ words: [String]) throws -> String {
    try Shell.run([sealedPython ?? "python3", script] + words)
  }
}

extension Machine {
  /// What `export jsonl` says, a line a paper, sorted.
  func exportedLines() throws -> [String] {
    try does("export", "jsonl").split(separator: "\n").map(String.init).sorted()
  }
}
