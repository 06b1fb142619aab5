import Foundation

/// A server that runs a configuration of sample-config as it is, but for the places under /var and
/// /etc, which lie in a temporary folder.
package final class SampleServer {
  /// The configurations that a server reads.
  package enum Kind: String, Sendable, CaseIterable { case apache, nginx, rclone }

  /// What `remote add` is given.
  package let url: String
  /// The authority of its certificate.
  package let caFile: String
  /// Where its files are.
  package let folder: String
  private let root: TemporaryFolder
  private let process: ChildProcess

  /// Whether the server is here.
  package static func isInstalled(_ kind: Kind) -> Bool {
    let server: RealServerKind =
      switch kind {
      case .apache: .apacheTLS
      case .nginx: .nginxDav
      case .rclone: .rclone
      }
    return server.isInstalled
  }

  /// Starts it and waits until it accepts connections; ada's password is sesame.
  package init(_ kind: Kind) throws {
    root = try TemporaryFolder()
    guard let port = Loopback.freePort() else {
      throw RealServer.Trouble(description: "no free port")
    }
    let path = root.path
    (folder, caFile) = (path + "/data", path + "/tls/ca.pem")
    for name in ["data", "locks", "body", "tls"] {
      try FileManager.default.createDirectory(
        atPath: path + "/" + name, withIntermediateDirectories: true)
      chmod(path + "/" + name, 0o777)
    }
    chmod(path, 0o755)
    let servers = PackageRoot.url.appendingPathComponent("Tests/servers").path
    try FileManager.default.copyItem(
      atPath: servers + "/users.basic", toPath: path + "/papershelf.users")
    let end = kind == .rclone ? ".sh" : ".conf"
    let places = [
      ("/var/lib/papershelf", folder), ("/var/lock/apache2/papershelf", path + "/locks/lock"),
      ("/etc/apache2/papershelf.users", path + "/papershelf.users"),
      ("/etc/nginx/papershelf.users", path + "/papershelf.users"),
      ("127.0.0.1:8080", "127.0.0.1:\(port)"),
    ]
    try Self.fill(
      PackageRoot.url.appendingPathComponent("sample-config/\(kind)\(end)").path, path + "/sample",
      places)
    if kind != .rclone {
      try Self.fill(
        "\(servers)/sample-\(kind).conf", path + "/server.conf",
        [("@ROOT@", path), ("@PORT@", "\(port)")])
      let made = try ChildProcess(
        ["/bin/sh", servers + "/certificates.sh", path + "/tls"], log: path + "/output.log")
      guard made.wait() == 0 else { throw RealServer.Trouble(description: "no certificates") }
    }
    let command =
      switch kind {
      case .apache: ["/usr/sbin/apache2", "-DFOREGROUND", "-f", path + "/server.conf"]
      case .nginx: ["/usr/sbin/nginx", "-c", path + "/server.conf", "-e", path + "/error.log"]
      case .rclone: ["/bin/sh", path + "/sample", folder]
      }
    url =
      kind == .rclone ? "http://127.0.0.1:\(port)/" : "https://127.0.0.1:\(port)/papershelf/"
    process = try ChildProcess(command, log: path + "/output.log")
    for _ in 0..<2000 where process.isRunning && !Loopback.isOpen(port) { _ = poll(nil, 0, 10) }
    guard process.isRunning else {
      let log = ["output.log", "error.log"].compactMap {
        try? String(contentsOfFile: path + "/" + $0, encoding: .utf8)
      }
      throw RealServer.Trouble(description: "\(kind) did not start: \(log.joined(separator: "\n"))")
    }
  }

  /// Copies a text with its places filled in.
  private static func fill(_ from: String, _ to: String, _ places: [(String, String)]) throws {
    var text = try String(contentsOfFile: from, encoding: .utf8)
    for (place, here) in places { text = text.replacing(place, with: here) }
    try text.write(toFile: to, atomically: false, encoding: .utf8)
  }
}
