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

  /// Its lines.
  static func text(of folder: String, passphraseFile: String? = nil) throws -> String {
    var words = [sealedPython ?? "python3", script, folder]
    if let passphraseFile { words += ["--passphrase-file", passphraseFile] }
    return try Shell.run(words)
  }
}

/// The list that a run of changes makes: an own, plain fold, for folders without concurrent edits.
/// The lines come in the order of their stamps, so the last write of a register holds.
struct PlainFold {
  /// What is compared with the export.
  struct Row: Equatable {
    var title = ""
    var status = "unread"
    var starred = false
    var tags: Set<String> = []
    var notes: [String: String] = [:]
    var isListed = false
  }

  /// Papers by id.
  private(set) var rows: [String: Row] = [:]

  init(_ lines: String) throws {
    for line in lines.split(separator: "\n") {
      guard let change = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any],
        let entity = change["entity"] as? String, let field = change["field"] as? String,
        let value = change["value"]
      else { throw Unexpected("no change: \(line)") }
      guard entity.hasPrefix("p:") else { continue }
      rows[String(entity.dropFirst(2)), default: Row()].take(field, value)
    }
    rows = rows.filter(\.value.isListed)
  }
}

extension PlainFold.Row {
  fileprivate mutating func take(_ field: String, _ value: Any) {
    let name = String(field.drop { $0 != ":" }.dropFirst())
    switch field.prefix(while: { $0 != ":" }) {
    case "content": title = (value as? [String: Any])?["title"] as? String ?? ""
    case "status": status = value as? String ?? ""
    case "starred": starred = value as? Bool ?? false
    case "tag": if value as? Bool == true { tags.insert(name) } else { tags.remove(name) }
    case "note": notes[name] = (value as? [String: Any])?["text"] as? String
    case "added": isListed = !(value is NSNull)
    default: break
    }
  }

  /// The row of a paper of the export.
  init(_ paper: ListedPaper) {
    self.init(
      title: paper.title, status: paper.status, starred: paper.starred, tags: Set(paper.tags),
      notes: Dictionary(uniqueKeysWithValues: paper.notes.map { ($0.id, $0.text) }), isListed: true)
  }
}
