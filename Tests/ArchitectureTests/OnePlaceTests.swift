import Changes
import Filters
import Foundation
import JSONText
import Papers
import TestSupport
import Testing

@testable import Store

/// What the registers say stands in one place: the code is read for names that stand elsewhere.
@Suite struct OnePlaceTests {
  /// Where the name of a register may stand besides its own file, and why. A place that needs it no
  /// more fails, too.
  private static let allowed: [String: [String: String]] = [
    "status": [
      "Filters/FilterField.swift": "a field of the filter language with names in an order",
      "shelf/Output/PaperField.swift": "a column of csv and tsv",
      "shelf/Output/HTMLExporter.swift": "a class of the page",
      "shelf/Output/HTMLPage.swift": "ids of the page",
      "shelf/Output/ListColumn.swift": "a column of list",
      "shelf/Output/HTMLScript.swift": "what the page's own marks are called",
      "shelf/Commands/SyncStatus.swift": "a verb",
      "shelf/Commands/StatsCommand.swift": "a key of `stats --json`",
      "shelf/Commands/MarkCommand.swift": "what the argument is called in help",
      "shelf/Guides/Habits.swift": "a word that people type",
      "Transport/HTTP/Multistatus.swift": "an element of WebDAV",
    ],
    "starred": [
      "shelf/Output/PaperField.swift": "a column of csv and tsv",
      "shelf/Output/HTMLExporter.swift": "words for people",
      "shelf/Output/HTMLPage.swift": "ids of the page",
      "shelf/Output/HTMLScript.swift": "what the page's own marks are called",
      "shelf/Running/HistoryWords.swift": "words for people",
      "shelf/Commands/StatsCommand.swift": "a key of `stats --json`",
      "shelf/Commands/StarCommand.swift": "words for people",
      "shelf/Guides/Habits.swift": "a word that people type",
    ],
    "added": [
      "Filters/FilterField.swift": "a field of the filter language that is a moment",
      "shelf/Output/PaperField.swift": "a column of csv and tsv",
      "shelf/Guides/Habits.swift": "a field of the filter language",
    ],
    "tag:": ["shelf/Output/HTMLScript.swift": "how the page writes a condition"],
    "retired": ["shelf/Commands/SyncUpkeep.swift": "a key of `sync devices --json`"],
    "code": [
      "Transport/HTTP/ErrorDocument.swift": "an element of an S3 error",
      "Filters/FilterField.swift": "a word of `has:`, which a text tells too",
    ],
    "abstract": [
      "shelf/Output/CSLExporter.swift": "a member of CSL-JSON",
      "shelf/Guides/Habits.swift": "a word that people type",
      "shelf/Guides/CommandOutline.swift": "what the parser calls a line of help",
    ],
    "published": [
      "Filters/FilterField.swift": "a field of the filter language that is a day",
      "shelf/Output/AtomExporter.swift": "an element of Atom",
    ],
    "content": [
      "Store/Understanding.swift": "the column that points to the change that holds",
      "Papers/PaperPage.swift": "a folder of a site",
    ],
  ]

  /// Names that are words of every day, which say nothing where they stand.
  private static let plainWords: Set<String> = ["name", "filter", "removed"]

  @Test func everyRegisterIsNamedInItsOwnFile() throws {
    // What Digests names are the words of other programs' files.
    let files = try Sources.code().filter { !$0.path.hasPrefix("Digests/") }
      .map { (path: $0.path, words: $0.text.literals) }
    for register in Registers.standard.all where !Self.plainWords.contains(register.field) {
      let field = register.field
      let naming = files.filter { $0.words.contains(field) }.map(\.path)
      let own = naming.filter { $0.hasPrefix("Changes/Registers/") }
      #expect(own.count == 1, "“\(field)” has a file of its own, and not \(own)")
      let others = Set(naming).subtracting(own)
      let allowed = Set((Self.allowed[field] ?? [:]).keys)
      #expect(others.subtracting(allowed) == [], "these name “\(field)”")
      #expect(allowed.subtracting(others) == [], "these need “\(field)” no more")
    }
  }

  /// `Registers.standard` is a default of what a caller may hand in, and nothing works by it.
  @Test func registersAreHandedIn() throws {
    for (path, text) in try Sources.code() {
      #expect(!text.contains("Registers.standard"), "\(path) works by the standard registers")
    }
  }

  @Test func theTablesHaveWhatTheRegistersFill() throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    let layout = library.understanding.layout
    func columns(_ table: String) throws -> Set<String> {
      Set(
        try library.database.all("SELECT name FROM pragma_table_info(?)", [SQLValue(table)]) {
          try $0.text(0)
        })
    }
    let rows = (layout.person + layout.digest).map(\.name) + PaperLayout.textColumns
    #expect(try columns("paper") == Set(rows + ["number", "id", "content"]))
    #expect(rows.count == Set(rows).count, "two registers fill one column")
    for part in layout.parts {
      #expect(try columns(part.part.table) == Set(part.part.columns + ["paper"]), "\(part.field)")
    }
  }

  /// Filters compare columns that are there.
  @Test func filtersAskColumnsThatAreThere() throws {
    let library = try Library(inMemory: try Workspace().surroundings)
    let vocabulary = Registers.standard.vocabulary
    let asked =
      vocabulary.fields.compactMap(\.column)
      + (vocabulary.traits + vocabulary.possessions).map(\.column)
    for column in asked { _ = try library.database.exists("SELECT \(column) FROM paper") }
  }

  @Test func noKeyOfThePaperObjectStandsTwice() {
    var json: [UInt8] = []
    Registers.standard.paperObject.append(Paper(id: PaperID(trusted: "2510.00001")), to: &json)
    let keys = try? JSONSerialization.jsonObject(with: Data(json)) as? [String: Any]
    #expect(keys?.count == String(decoding: json, as: UTF8.self).matches(of: /[{,]"\w+":/).count)
  }

  /// The formatter breaks code, and lets comments run on.
  @Test func noCommentIsWiderThanTheCode() throws {
    for (path, text) in try Sources.files() {
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      for (number, line) in lines.enumerated()
      where line.count > 100 && line.contains("//") && !line.contains("://") {
        Issue.record("\(path):\(number + 1) is \(line.count) wide")
      }
    }
  }
}

/// The Swift files below Sources.
private enum Sources {
  /// Their paths and texts.
  static func files() throws -> [(path: String, text: String)] {
    let root = PackageRoot.url.appendingPathComponent("Sources")
    let names = FileManager.default.enumerator(atPath: root.path)?.allObjects as? [String] ?? []
    return try names.filter { $0.hasSuffix(".swift") }.sorted().map { name in
      (name, try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8))
    }
  }

  /// Without lines of comment.
  static func code() throws -> [(path: String, text: String)] {
    try files().map { path, text in
      let lines = text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }
      return (path, lines.joined(separator: "\n"))
    }
  }
}

extension String {
  /// The words that are literals, whole or up to what is put in: `"tag:\\(`, `'added'` of SQL.
  fileprivate var literals: Set<String> {
    let bytes = Array(utf8)
    let quotes = bytes.indices.filter { [0x22, 0x27].contains(bytes[$0]) }
    var found: Set<String> = []
    for start in quotes {
      let word = bytes[(start + 1)...].prefix { (0x61...0x7A).contains($0) || $0 == 0x3A }
      guard !word.isEmpty, word.endIndex < bytes.count else { continue }
      if bytes[word.endIndex] == bytes[start] || bytes[word.endIndex] == 0x5C {
        found.insert(String(decoding: word, as: UTF8.self))
      }
    }
    return found
  }
}
