import Disk
import Glibc

/// How the commands of a home and the one worker in its background find one another.
///
///     STATE/background/lock     held by the worker; whoever starts it hands it over locked
///     STATE/background/told     a line for each command that changed the list: when it did
///
/// Invariants: one worker a home, for the lock is taken once and goes with its process, however
/// that ends; no change is passed over, for a command tells of it before it looks for a worker, and
/// a worker looks for news again after it gave the lock back.
struct BackgroundDoor {
  /// What was told so far.
  struct News: Equatable {
    /// How much: another number whenever something was told.
    var count = 0
    /// When the last change was, milliseconds since 1970 UTC.
    var time: Int64 = 0
  }

  /// Where all that is kept.
  let folder: String
  private let lock: String
  private let told: String
  private static let longest = 64 << 10
  private static let digits = 20

  init(_ paths: Paths) {
    folder = Paths.join(paths.state, "background")
    lock = Paths.join(folder, "lock")
    told = Paths.join(folder, "told")
  }

  /// Tells that the list was changed.
  /// - Returns: false where the home cannot be written.
  func tell(_ now: Int64) -> Bool {
    let flags = O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW
    var file = open(told, flags, 0o600)
    if file < 0, errno == ENOENT, (try? Files.makeFolder(folder)) != nil {
      file = open(told, flags, 0o600)
    }
    guard file >= 0 else { return false }
    defer { close(file) }
    let text = String(max(0, now))
    let line = String(repeating: "0", count: max(0, Self.digits - text.utf8.count)) + text + "\n"
    return (try? Files.write(Array(line.utf8), to: file, told)) != nil
  }

  /// What was told.
  var news: News {
    let file = open(told, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return News() }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { return News() }
    var line = [UInt8](repeating: 0, count: Self.digits)
    let start = Int(status.st_size) - Self.digits - 1
    guard start >= 0, pread(file, &line, Self.digits, start) == Self.digits else {
      return News(count: Int(status.st_size))
    }
    return News(
      count: Int(status.st_size), time: Int64(String(decoding: line, as: UTF8.self)) ?? 0)
  }

  /// Forgets what was told long ago; for the worker, before it looks.
  func shorten() { if news.count > Self.longest { truncate(told, 0) } }

  /// The lock; nil where a worker has it, or the home cannot be written.
  func enter() -> BackgroundLock? {
    let file = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    return file >= 0 ? BackgroundLock(file, lock) : nil
  }

  /// The lock that whoever started this process handed over; nil where none was.
  func adopt() -> BackgroundLock? {
    let file = BackgroundLock.handedOver
    guard fcntl(file, F_SETFD, FD_CLOEXEC) == 0, BackgroundLock.isFile(file, lock) else {
      return nil
    }
    return BackgroundLock(file, lock)
  }
}

/// The lock of a worker.
final class BackgroundLock {
  /// Under this number a worker finds the lock it was started with.
  static let handedOver: Int32 = 3

  /// The open file.
  let descriptor: Int32
  private let path: String
  private var isOurs = true

  /// Nil, and the file closed, where somebody else has it.
  init?(_ descriptor: Int32, _ path: String) {
    (self.descriptor, self.path) = (descriptor, path)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
  }

  /// Whether the file is still the one by which others look for a worker: a home that was taken
  /// away has none.
  var isThere: Bool { Self.isFile(descriptor, path) }

  /// It is another process's from now on, and stays locked when this one closes it.
  func handOn() { isOurs = false }

  /// It is anybody's from now on.
  func giveBack() {
    guard isOurs else { return }
    flock(descriptor, LOCK_UN)
    isOurs = false
  }

  fileprivate static func isFile(_ descriptor: Int32, _ path: String) -> Bool {
    var (open, named) = (stat(), stat())
    return fstat(descriptor, &open) == 0 && stat(path, &named) == 0 && open.st_ino == named.st_ino
      && open.st_dev == named.st_dev
  }

  // A lock of flock(2) is that of the open file, which a process that was started shares.
  deinit {
    giveBack()
    close(descriptor)
  }
}
