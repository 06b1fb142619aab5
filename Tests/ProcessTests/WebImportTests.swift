import Foundation
import TestSupport
import Testing

/// Digests by URL, from a server of Python's on loopback.
@Suite struct WebImportTests {
  @Test func importsFromAServer() throws {
    let workspace = try Workspace()
    let digests = try SmallDigests(folder: workspace.url, days: 1, papersPerDay: 4)
    let server = try PlainServer(folder: workspace.url)
    let shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    let file = digests.files[0].lastPathComponent
    let good = try shelf.run("import", server.url + file)
    #expect(good.status == 0, "\(good.errors)")
    #expect(try shelf.run("count", "date:2025-07-01").output == "4\n")
    // The same digest from the disk is the same digest.
    let again = try shelf.run("import", digests.files[0].path)
    #expect(again.errors.hasPrefix("4 papers: 0 new, 0 updated, 4 seen"), "\(again.errors)")
    #expect(try shelf.run("count", "is:repeated").output == "0\n")
    let missing = try shelf.run("import", server.url + "none.md")
    #expect(missing.status == 69, "\(missing.errors)")
    #expect(missing.errors.contains("404"), "\(missing.errors)")
    server.stop()
    let dead = try shelf.run("import", server.url + file)
    #expect(dead.status == 69, "\(dead.errors)")
    let odd = try shelf.run("import", "http://user:secret@127.0.0.1/x.md")
    #expect(odd.status == 77, "\(odd.errors)")
    #expect(!odd.errors.contains("secret"), "\(odd.errors)")
    #expect(try shelf.run("count", "all").output == "4\n")
  }
}

/// `python3 -m http.server` on a free port, until it is stopped.
private final class PlainServer {
  let url: String
  private let process = Process()

  init(folder: URL) throws {
    let code = """
      import http.server, functools, sys
      handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=sys.argv[1])
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
      print(server.server_address[1], flush=True)
      server.serve_forever()
      """
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", code, folder.path]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The line comes when the server listens.
    let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    url = "http://127.0.0.1:\(line.trimmingCharacters(in: .whitespacesAndNewlines))/"
  }

  func stop() {
    // Not SIGTERM: a child of a test may have it blocked.
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()
  }

  deinit { if process.isRunning { stop() } }
}
