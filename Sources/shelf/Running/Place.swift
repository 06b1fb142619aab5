import Glibc
import Transport

/// Where a remote is, as a person wrote it: a URL, or a folder of this machine.
///
/// Invariants: an address without its scheme is never taken for a folder, which would be made, and
/// "sync" with nobody; no password of an address is in an error. What is a folder says so by its
/// beginning (`/`, `./`, `../`, `~/`), by being there, or by being a plain name.
struct Place {
  /// The URL, or the path from the root.
  let url: String
  /// Whether it is a folder of this machine.
  let isFolder: Bool

  /// A folder that was named and is not there yet.
  var isNewFolder: Bool {
    isFolder && access(DirectoryFolder.path(url), F_OK) != 0
  }

  /// The folder, as the system knows it; nil for an address.
  var path: String? { isFolder ? DirectoryFolder.path(url) : nil }

  /// The folder that it is in.
  var folderAbove: String? { path.map(Paths.folder) }

  /// An address without user and password, and those; nil where there are none.
  static func login(in url: String) -> (address: String, login: String)? {
    guard let scheme = url.firstRange(of: "://") else { return nil }
    let rest = url[scheme.upperBound...]
    let host = rest.prefix { !"/?#".contains($0) }
    guard let at = host.lastIndex(of: "@") else { return nil }
    return (
      String(url[..<scheme.upperBound] + rest[rest.index(after: at)...]), String(host[..<at])
    )
  }

  /// What was typed after `remote add`, or stands in config.toml.
  /// - Parameter remote: the remote of config.toml; nil for typed words.
  /// - Throws: ``Failure`` with what to write instead.
  init(_ text: String, _ session: Session, of remote: String? = nil) throws {
    let kinds = session.features.remoteKinds
    func refused(
      _ what: String, _ advice: String, _ status: ExitStatus = .usage
    ) -> Failure {
      let name = Self.withoutLogin(text)
      return remote.map {
        Failure(
          .configuration, "sync.\($0).url is “\(name)”, and \(what)",
          advice: advice + "; mend it with `shelf config edit`")
      } ?? Failure(status, "“\(name)” is \(what)", advice: advice)
    }
    if text.contains("://") {
      guard let kind = Self.kind(of: text, among: kinds) else {
        let forms = Words.any(of: kinds.map(\.explanation))
        throw refused("no address of a kind that shelf speaks", "write \(forms)")
      }
      (url, isFolder) = (text, kind == .directory)
    } else if text.lowercased().hasPrefix("file:") {
      (url, isFolder) = (text, true)
    } else {
      guard !Self.isAddress(text) else {
        let (server, user) = Self.server(text)
        let login = user.isEmpty ? "" : " --user \(Programs.line([user]))"
        throw refused(
          "neither a URL nor a folder that is there",
          "for a server write https://\(server)\(login), for a folder \(Self.folder(text))",
          .noInput)
      }
      guard remote == nil || Self.isPath(text) || access(text, F_OK) == 0 else {
        throw refused(
          "neither a URL nor a folder that is there", "write https://… or a path from the root")
      }
      (url, isFolder) = (session.world.absolutePath(text), true)
    }
  }

  /// The kind of a URL; nil for a scheme that nobody opens.
  private static func kind(of url: String, among kinds: [RemoteKind]) -> RemoteKind? {
    let (kind, address) = RemoteProfile(url: url).resolved(among: kinds)
    guard kind == .webdav else { return kind }
    let scheme = address.prefix { $0 != ":" }.lowercased()
    return ["http", "https"].contains(scheme) ? kind : nil
  }

  private static func isPath(_ text: String) -> Bool {
    if ["~", ".", ".."].contains(text) { return true }
    if text.hasPrefix("//") { return false }
    return ["/", "./", "../", "~/"].contains { text.utf8.starts(with: $0.utf8) }
  }

  /// Whether it looks like what follows `https://`: a name with a dot, port or user at its
  /// beginning, and no folder of this name.
  private static func isAddress(_ text: String) -> Bool {
    guard !text.isEmpty else { return true }
    guard !isPath(text), access(text, F_OK) != 0 || text.hasPrefix("//") else { return false }
    let first = text.utf8.prefix { $0 != UInt8(ascii: "/") }
    return first.isEmpty || first.contains { ".@:[".utf8.contains($0) }
      || String(Substring(first)).lowercased() == "localhost"
  }

  /// What stands behind `https://`, and the user that stood before it.
  private static func server(_ text: String) -> (address: String, user: String) {
    guard !text.isEmpty else { return ("…", "") }
    var rest = text[...]
    for scheme in ["https:", "http:", "dav:", "davs:"] where rest.lowercased().hasPrefix(scheme) {
      rest = rest.dropFirst(scheme.count)
    }
    rest = rest.drop { $0 == "/" }
    let host = rest.prefix { $0 != "/" }
    guard let at = host.lastIndex(of: "@") else { return (String(rest), "") }
    return (
      String(rest[rest.index(after: at)...]), String(host[..<at].prefix { $0 != ":" })
    )
  }

  private static func folder(_ text: String) -> String {
    guard !text.isEmpty, !text.contains("@") else { return "./… or /…" }
    return text.hasPrefix("/") ? "/" + text.drop { $0 == "/" } : "./" + text
  }

  /// An address as it may be shown: who logs in, and with what, is left out.
  private static func withoutLogin(_ text: String) -> String {
    guard let at = text.lastIndex(of: "@") else { return text }
    let scheme = text.firstRange(of: "://").map { String(text[..<$0.upperBound]) } ?? ""
    return scheme + "…" + text[at...]
  }
}
