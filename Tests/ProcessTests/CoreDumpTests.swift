import Foundation
import TestSupport
import Testing

/// A process that holds a secret leaves no memory of it behind when it crashes.
@Suite struct CoreDumpTests {
  /// Shelf that waits for a server which never ends its answer: what it may dump, and what it
  /// leaves when it crashes.
  private func crash(
    _ options: [String]
  ) throws -> (limit: String, filter: String, files: [String], status: Int32) {
    let folder = try TemporaryFolder()
    let server = try #require(HostileServer())
    defer { server.stop() }
    let shelf = ShelfProcess(home: URL(fileURLWithPath: folder.path + "/home"))
    #expect(try shelf.run("add", "2501.00001").status == 0)
    let word = folder.path + "/word"
    try Data("sesame-in-memory\n".utf8).write(to: URL(fileURLWithPath: word))
    chmod(word, 0o600)
    let words = options.map { $0.replacing("WORD", with: word) }
    let url = server.url()
    #expect(try shelf.run(["remote", "add", "home", url, "--no-test"] + words).status == 0)
    server.store("/dav/papershelf", [UInt8](repeating: 65, count: 100))
    server.set([.tornHangs])
    let place = folder.path + "/place"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c", "ulimit -c unlimited && exec \"$0\" sync", ShelfProcess.binary.path,
    ]
    process.environment = ["SHELF_HOME": shelf.home.path, "SWIFT_BACKTRACE": "enable=no"]
    process.currentDirectoryURL = URL(fileURLWithPath: place)
    process.standardError = FileHandle.nullDevice
    let before = server.requests.count
    try process.run()
    // It has read its secret before it asks for the first time.
    while process.isRunning, !server.requests[before...].contains(where: { $0.method == "GET" }) {
      _ = poll(nil, 0, 5)
    }
    let number = process.processIdentifier
    let limits = try String(contentsOfFile: "/proc/\(number)/limits", encoding: .utf8)
    let filter = try String(contentsOfFile: "/proc/\(number)/coredump_filter", encoding: .utf8)
    kill(number, SIGSEGV)
    process.waitUntilExit()
    let line = limits.split(separator: "\n").first { $0.hasPrefix("Max core file size") } ?? ""
    let files = try FileManager.default.contentsOfDirectory(atPath: place)
    return (
      line.split(separator: " ").dropFirst(4).first.map(String.init) ?? "", filter, files,
      process.terminationStatus
    )
  }

  @Test(arguments: [
    ["--user", "ada", "--password-file", "WORD"],
    ["--user", "ada", "--password-command", "cat WORD"],
    ["--encrypt", "--passphrase-file", "WORD"],
  ])
  func aCrashLeavesNoMemory(_ options: [String]) throws {
    let crash = try crash(options)
    #expect(crash.status == SIGSEGV)
    #expect(crash.limit == "0")
    #expect(UInt64(crash.filter.trimmingCharacters(in: .newlines), radix: 16) == 0)
    #expect(crash.files == [])
  }

  /// Without a secret nothing is forbidden: so the test above sees something.
  @Test func whoHoldsNoSecretMayDump() throws {
    let crash = try crash([])
    #expect(crash.status == SIGSEGV)
    #expect(crash.limit == "unlimited")
    #expect(UInt64(crash.filter.trimmingCharacters(in: .newlines), radix: 16) != 0)
  }
}
