import Disk
import Glibc

/// Where the files of one person on one machine are.
///
/// `--home` or `SHELF_HOME` puts everything under one folder; otherwise the XDG base directories.
/// All of it is for the owner only: folders 0700, files 0600.
struct Paths: Hashable, Sendable {
  /// config.toml
  var configuration: String
  /// The library.
  var library: String
  /// The folder of what belongs to this machine alone: the last listings, and texts that were typed
  /// and not stored.
  var state: String
  /// The folder of texts that are being typed, or were typed and not stored.
  var drafts: String { Self.join(state, "drafts") }

  /// - Parameter home: `--home`, before `SHELF_HOME`.
  init(home: String?, variable: (String) -> String?) {
    if let home = home ?? variable("SHELF_HOME") {
      configuration = Self.join(home, "config.toml")
      library = Self.join(home, "library.sqlite")
      state = Self.join(home, "state")
      return
    }
    let user = variable("HOME") ?? "/"
    func base(_ name: String, _ fallback: String) -> String {
      // Relative paths in these variables are to be ignored (XDG Base Directory 0.8).
      let set = variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil }
      return Self.join(set ?? Self.join(user, fallback), "papershelf")
    }
    configuration = Self.join(base("XDG_CONFIG_HOME", ".config"), "config.toml")
    library = Self.join(base("XDG_DATA_HOME", ".local/share"), "library.sqlite")
    state = base("XDG_STATE_HOME", ".local/state")
  }

  /// `folder/name` with one slash between.
  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }

  /// A path from the root without `.`, `..`, and slashes that say nothing. Links are not looked at.
  static func plain(_ path: String) -> String {
    var parts: [Substring.UTF8View] = []
    // By byte: a slash with an accent behind it is a slash for the system, and another character
    // here.
    for part in path.utf8.split(separator: UInt8(ascii: "/")) where !part.elementsEqual(".".utf8) {
      if part.elementsEqual("..".utf8) { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// The folder a path is in; `.` for a bare name.
  static func folder(of path: String) -> String { AtomicFile.folder(of: path) }

  /// The last part of a path.
  static func name(of path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }
}
