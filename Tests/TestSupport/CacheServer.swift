import Foundation

/// A real cache before a server on loopback, set up to keep what it must not: files that change, and
/// that files are missing, for an hour.
package final class CacheServer {
  /// The caches, all in Debian.
  package enum Kind: String, Sendable, CaseIterable { case nginx, varnish, squid, haproxy }

  /// Its port on 127.0.0.1.
  package let port: UInt16
  private let root: TemporaryFolder
  private let process: ChildProcess

  /// Whether Tests/servers/install.sh has put it here.
  package static func isInstalled(_ kind: Kind) -> Bool {
    FileManager.default.isExecutableFile(atPath: program(kind))
  }

  private static func program(_ kind: Kind) -> String {
    "/usr/sbin/" + (kind == .varnish ? "varnishd" : kind.rawValue)
  }

  /// Starts it before the server at `url`, and waits until it accepts connections.
  package init(_ kind: Kind, before url: String) throws {
    root = try TemporaryFolder()
    guard let port = Loopback.freePort(), let behind = URL(string: url)?.port else {
      throw RealServer.Trouble(description: "no port")
    }
    self.port = port
    let (path, program) = (root.path, Self.program(kind))
    // It may go on as another user.
    chmod(path, 0o777)
    let settings = path + "/cache.conf"
    if kind != .varnish {
      let servers = PackageRoot.url.appendingPathComponent("Tests/servers").path
      try String(contentsOfFile: "\(servers)/cache-\(kind).conf", encoding: .utf8)
        .replacing("@ROOT@", with: path).replacing("@PORT@", with: "\(port)")
        .replacing("@BEHIND@", with: "\(behind)")
        .write(toFile: settings, atomically: false, encoding: .utf8)
      chmod(settings, 0o644)
    }
    let command =
      switch kind {
      case .nginx: [program, "-c", settings, "-e", path + "/error.log"]
      case .squid: [program, "-N", "-f", settings]
      case .haproxy: [program, "-db", "-f", settings]
      case .varnish:
        [
          program, "-F", "-a", "127.0.0.1:\(port)", "-b", "127.0.0.1:\(behind)", "-n",
          path + "/varnish", "-s", "malloc,16m", "-t", "3600",
        ]
      }
    process = try ChildProcess(command, log: path + "/output.log")
    for _ in 0..<2000 where process.isRunning && !Loopback.isOpen(port) { _ = poll(nil, 0, 10) }
    guard process.isRunning else {
      let log = try? String(contentsOfFile: path + "/output.log", encoding: .utf8)
      throw RealServer.Trouble(description: "\(kind) did not start: \(log ?? "")")
    }
  }

  /// An address of the server, by way of the cache.
  package func url(_ direct: String) -> String {
    guard let old = URL(string: direct)?.port else { return direct }
    return direct.replacing(":\(old)/", with: ":\(port)/")
  }
}
