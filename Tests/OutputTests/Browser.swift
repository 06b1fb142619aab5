import Foundation
import TestSupport

/// Chromium, driven by Tests/tools/page.py. Tests that need it are skipped, visibly, where it is
/// not installed.
enum Browser {
  static let isInstalled = ["/usr/bin/chromium", "/usr/bin/chromium-browser"].contains {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Why a test was skipped.
  static let hint = "there is no chromium: run Tests/tools/install.sh"

  struct Failed: Error { var message: String }

  /// What is done with a page, and what it answers by.
  enum Step {
    case key(String), type(String), eval(String), until(String), load(String), print, requests
    case scripts(Bool)
    case phone(Int, Int)

    var json: [String: Any] {
      switch self {
      case .key(let key): ["key": key]
      case .type(let text): ["type": text]
      case .eval(let script): ["eval": script]
      case .until(let script): ["until": script]
      case .load(let hash): ["load": hash]
      case .print: ["print": true]
      case .requests: ["requests": true]
      case .scripts(let are): ["scripts": are]
      case .phone(let width, let height): ["phone": [width, height]]
      }
    }
  }

  /// Opens a page, takes the steps, and returns what each saw; `NSNull` of those that see nothing.
  static func see(_ page: [UInt8], _ steps: [Step]) throws -> [Any] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("papershelf-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("page.html")
    try Data(page).write(to: file)
    let wanted = folder.appendingPathComponent("steps.json")
    try JSONSerialization.data(withJSONObject: steps.map(\.json)).write(to: wanted)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    let tool = PackageRoot.url.appendingPathComponent("Tests/tools/page.py").path
    process.arguments = ["python3", "-X", "utf8", tool, "steps", file.path]
    process.standardInput = try FileHandle(forReadingFrom: wanted)
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let printed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0,
      let seen = try JSONSerialization.jsonObject(with: printed) as? [Any]
    else { throw Failed(message: "page.py ended with \(process.terminationStatus)") }
    return seen
  }
}
