import Foundation

/// Runs other programs for a test.
package enum Shell {
  /// A program that did not end well.
  package struct Failure: Error {
    /// The exit code.
    package let status: Int32
    /// What it printed.
    package let output: String
  }

  /// What the `sqlite3` shell answers to a statement.
  @discardableResult
  package static func sqlite(_ file: String, _ sql: String) throws -> String {
    try run(["sqlite3", "-batch", file, sql])
  }

  /// Runs a program found in PATH; its standard output.
  /// - Throws: ``Failure`` when it ends with anything but 0.
  @discardableResult
  package static func run(_ words: [String]) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let text = String(decoding: data, as: UTF8.self)
    guard process.terminationStatus == 0 else {
      throw Failure(status: process.terminationStatus, output: text)
    }
    return text
  }
}
