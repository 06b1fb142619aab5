import Foundation
import TestSupport

/// Readers of our exports that others wrote, in the Python environment that Tests/tools/install.sh
/// makes. Tests that need them are skipped, visibly, where they are not installed.
enum PythonReader {
  private static let python = PackageRoot.url.appendingPathComponent(".build/readers/bin/python")

  static let isInstalled = FileManager.default.isExecutableFile(atPath: python.path)

  /// Why a test was skipped.
  static let hint = "the independent readers are missing: run Tests/tools/install.sh"

  struct Failed: Error { var message: String }

  /// Runs `script` with `input` in the file `sys.argv[1]`; what it prints is JSON, returned parsed.
  static func json(_ script: String, input: [UInt8]) throws -> Any {
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("papershelf-output-\(UUID().uuidString)")
    try Data(input).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let process = Process()
    process.executableURL = python
    process.arguments = ["-I", "-X", "utf8", "-c", script, file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let printed = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failed(message: "python ended with \(process.terminationStatus)")
    }
    return try JSONSerialization.jsonObject(with: printed, options: .fragmentsAllowed)
  }
}
