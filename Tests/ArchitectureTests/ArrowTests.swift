import Foundation
import TestSupport
import Testing

/// The arrows between our targets, as Sources/ARCHITECTURE.md tells them, against the `import` lines of the code.
/// SwiftPM does not check this: a transitive import compiles.
@Suite struct ArrowTests {
  /// Modules anybody may import.
  static let free: Set = ["Glibc", "Swift", "Synchronization"]

  @Test func importsFollowTheTable() throws {
    let allowed = try Self.table()
    #expect(allowed.count == 23, "the table of Sources/ARCHITECTURE.md names every target")
    for folder in try Self.targets() {
      let permitted = try #require(allowed[folder.lastPathComponent], "\(folder.path) is no target")
      for (file, module) in try Self.imports(in: folder) where !Self.free.contains(module) {
        #expect(permitted.contains(module), "\(file) imports \(module)")
      }
    }
  }

  /// Foundation proper brings 34 MB of locale data into the binary; FoundationEssentials does not.
  @Test func nothingImportsFoundation() throws {
    for folder in try Self.targets() {
      for (file, module) in try Self.imports(in: folder) {
        #expect(module != "Foundation", "\(file) imports Foundation")
      }
    }
  }

  /// Rule 5: only `shelf` prints or reads the clock, the environment or the terminal.
  @Test func onlyShelfTouchesTheOutside() throws {
    let outside =
      /\b(?:print|getenv|setenv|isatty|fputs|clock_gettime|gettimeofday)\(|\bDate\(\)|\bUUID\(\)|\bProcessInfo\b|FileHandle\.standard|SystemRandomNumberGenerator|\.random\(in:(?!.*using:)/
    for folder in try Self.targets() where folder.lastPathComponent != "shelf" {
      for file in try Self.swiftFiles(in: folder) {
        let code = try String(contentsOf: file, encoding: .utf8)
          .split(separator: "\n").filter {
            !$0.trimmingPrefix(while: \.isWhitespace).hasPrefix("//")
          }
        for line in code where line.contains(outside) {
          Issue.record("\(file.lastPathComponent): \(line)")
        }
      }
    }
  }

  /// Within `shelf`, one file reads the environment, the clock and the terminal.
  @Test func onlyTheWorldReadsTheEnvironment() throws {
    let outside =
      /\b(?:getenv|secure_getenv|setenv|isatty|clock_gettime|getsid)\(|\benviron\b|\bProcessInfo\b/
    let folder = PackageRoot.url.appendingPathComponent("Sources/shelf")
    let files = try Self.swiftFiles(in: folder)
    #expect(files.contains { $0.lastPathComponent == "World.swift" })
    for file in files where file.lastPathComponent != "World.swift" {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where line.contains(outside) && !line.trimmingPrefix(while: \.isWhitespace).hasPrefix("//") {
        Issue.record("\(file.lastPathComponent): \(line)")
      }
    }
  }

  /// SQLite stays inside Store, unsafe C pointers of libcurl inside Transport.
  @Test func dependenciesStayInTheirRoom() throws {
    let rooms = [
      "CSQLite": "Store", "CCrypto": "Sealing", "CCurl": "Transport", "CExpat": "XMLText",
      "CLzma": "Archives",
      "TOMLKit": "shelf",
      "ArgumentParser": "shelf",
    ]
    for folder in try Self.targets() {
      for (file, module) in try Self.imports(in: folder) {
        guard let room = rooms[module] else { continue }
        #expect(folder.lastPathComponent == room, "\(file) imports \(module)")
      }
    }
  }

  /// Rows `| `Target` | … | imports |` of Sources/ARCHITECTURE.md.
  private static func table() throws -> [String: Set<String>] {
    let page = try String(
      contentsOf: PackageRoot.url.appendingPathComponent("Sources/ARCHITECTURE.md"), encoding: .utf8
    )
    var table: [String: Set<String>] = [:]
    for line in page.split(separator: "\n") where line.hasPrefix("| `") {
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 3, cells[0].hasSuffix("`") else { continue }
      let name = cells[0].trimmingCharacters(in: ["`"])
      guard
        FileManager.default.fileExists(
          atPath: PackageRoot.url.appendingPathComponent("Sources/\(name)").path)
      else { continue }
      table[name] = Set(
        cells[2].split(separator: ",").map { $0.trimmingCharacters(in: ["`", " "]) })
    }
    return table
  }

  private static func targets() throws -> [URL] {
    try FileManager.default.contentsOfDirectory(
      at: PackageRoot.url.appendingPathComponent("Sources"), includingPropertiesForKeys: nil
    ).filter { $0.hasDirectoryPath && !["CZlib", "CSQLite"].contains($0.lastPathComponent) }
  }

  private static func swiftFiles(in folder: URL) throws -> [URL] {
    let names = FileManager.default.enumerator(atPath: folder.path)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".swift") }.sorted().map {
      folder.appendingPathComponent($0)
    }
  }

  private static func imports(in folder: URL) throws -> [(file: String, module: String)] {
    let pattern =
      /^\s*(?:@\w+(?:\(.*\))?\s+)*(?:public |internal |private |package )?import\s+(?:struct |class |enum |func |typealias )?(\w+)/
    var found: [(String, String)] = []
    for file in try swiftFiles(in: folder) {
      for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
        if let match = line.firstMatch(of: pattern) {
          found.append((file.lastPathComponent, String(match.1)))
        }
      }
    }
    return found
  }
}
