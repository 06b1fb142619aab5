import Glibc
import Papers

/// When each remote was last synced with, so that the dashboard can say when that is long ago. What
/// may be forgotten: no failure to keep it fails a sync.
struct SyncTimes {
  private let folder: String

  init(_ paths: Paths) { folder = Paths.join(paths.state, "synced") }

  private func path(_ remote: String) -> String { Paths.join(folder, Draft.name(remote)) }

  /// Keeps that a remote was synced with now. In its place: a file that is put in the place of
  /// another is on its way to the disk before ext4 says that it is there, and a sync that found
  /// nothing new would wait for that longer than for the server.
  func keep(_ remote: String, _ now: Int64) {
    try? Files.makeFolder(folder)
    let path = path(remote)
    let descriptor = open(
      path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    let line = Array("\(now)\n".utf8)
    try? Files.write(line, to: descriptor, path)
    // Whatever stood there before may be longer.
    _ = ftruncate(descriptor, off_t(line.count))
  }

  /// When, in milliseconds since 1970; nil where nothing is known.
  func last(_ remote: String, _ now: Int64) -> Int64? {
    guard let text = try? Files.text(path(remote), limit: 64),
      let time = Int64(text.prefix { $0 != "\n" }), time <= now
    else { return nil }
    return time
  }

  /// The whole days since; nil where nothing is known.
  func daysAgo(_ remote: String, _ now: Int64) -> Int? {
    last(remote, now).map { Int((now - $0) / 86_400_000) }
  }
}
