import Glibc
import Transport

/// Which remotes are behind a cache that answers in the server's place, so that the first question
/// of the next command goes past it, too. What may be forgotten: it is noticed again.
struct KnownCaches {
  private let folder: String

  init(_ paths: Paths) { folder = Paths.join(paths.state, "caches") }

  private func path(_ remote: String) -> String { Paths.join(folder, Draft.name(remote)) }

  /// Whether one was noticed before this remote.
  func holds(_ remote: String) -> Bool { access(path(remote), F_OK) == 0 }

  /// Keeps what was noticed now.
  /// - Returns: whether that is news.
  @discardableResult
  func keep(_ remote: String, _ between: CacheBetween) -> Bool {
    guard between == .passed else {
      forget(remote)
      return false
    }
    let isNews = !holds(remote)
    guard isNews else { return false }
    try? Files.makeFolder(folder)
    try? Files.replace(path(remote), mode: 0o600, isFlushed: false) { _ in }
    return true
  }

  /// Forgets it.
  func forget(_ remote: String) { unlink(path(remote)) }
}

/// What is said of a cache on the way.
enum CacheWords {
  static let passed =
    "a cache stands between here and the server, and gives old answers; each question goes past it"
  static let inTheWay = """
    a cache stands between here and the server, and gives old answers: what other machines sent may \
    be missing; switch it off for this folder (nginx: proxy_cache off), or give an address behind it
    """
}
