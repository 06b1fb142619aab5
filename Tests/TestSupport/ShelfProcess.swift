import Foundation

/// The built `shelf`, run as a person runs it: a process of its own, with a home of its own.
package struct ShelfProcess: Sendable {
  /// What came of one command.
  package struct Outcome: Sendable {
    /// The exit code; 128 and the signal's number when a signal ended it.
    package var status: Int32
    /// Standard output.
    package var output: String
    /// Standard error.
    package var errors: String
  }

  /// The folder given as SHELF_HOME.
  package var home: URL
  /// Variables besides those every run has.
  package var variables: [String: String] = [:]

  /// A `shelf` that lives in `home`.
  package init(home: URL) { self.home = home }

  /// The one that PAPERSHELF_BINARY names, or the binary beside the test bundle.
  package static let binary: URL = {
    if let named = ProcessInfo.processInfo.environment["PAPERSHELF_BINARY"] {
      return URL(fileURLWithPath: named)
    }
    let beside = Bundle.main.bundleURL.appendingPathComponent("shelf")
    if FileManager.default.fileExists(atPath: beside.path) { return beside }
    return PackageRoot.url.appendingPathComponent(".build/debug/shelf")
  }()

  /// Runs a command to its end.
  package func run(_ words: String..., input: String? = nil) throws -> Outcome {
    try run(words, input: input)
  }

  /// Runs a command to its end.
  package func run(_ words: [String], input: String? = nil) throws -> Outcome {
    let files = try ["out", "err"].map { name in
      let url = home.deletingLastPathComponent()
        .appendingPathComponent("\(home.lastPathComponent).\(name)-\(UUID().uuidString)")
      _ = FileManager.default.createFile(atPath: url.path, contents: nil)
      return (url: url, handle: try FileHandle(forWritingTo: url))
    }
    defer { for file in files { try? FileManager.default.removeItem(at: file.url) } }
    let process = process(words)
    process.standardOutput = files[0].handle
    process.standardError = files[1].handle
    let pipe = input.map { _ in Pipe() }
    process.standardInput = pipe ?? FileHandle.nullDevice as Any
    try process.run()
    if let input, let pipe {
      try pipe.fileHandleForWriting.write(contentsOf: Data(input.utf8))
      try pipe.fileHandleForWriting.close()
    }
    process.waitUntilExit()
    let texts = try files.map { String(decoding: try Data(contentsOf: $0.url), as: UTF8.self) }
    return Outcome(status: Self.status(process), output: texts[0], errors: texts[1])
  }

  /// Starts a command, kills it (SIGKILL) after so many microseconds, and waits for its end.
  /// - Parameter program: another program than `shelf`, with the same surroundings.
  /// - Returns: whether it had ended by itself before, and with what code.
  package func kill(
    _ words: [String], afterMicroseconds delay: UInt32, program: URL = Self.binary
  ) throws -> Int32 {
    let process = process(words)
    process.executableURL = program
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    usleep(delay)
    _ = Glibc.kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
    return Self.status(process)
  }

  private func process(_ words: [String]) -> Process {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = words
    process.environment = [
      "SHELF_HOME": home.path, "TZ": "UTC", "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8",
      "SHELF_LOOPBACK": "1",
      "HOME": home.path, "EDITOR": "true",
    ].merging(variables) { $1 }
    process.currentDirectoryURL = home.deletingLastPathComponent()
    return process
  }

  private static func status(_ process: Process) -> Int32 {
    process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
  }
}
