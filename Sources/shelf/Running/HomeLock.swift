import Disk
import Glibc

/// That only one shelf does something for a home: held until it is let go or the process ends,
/// however it does.
final class HomeLock {
  private let descriptor: Int32

  /// - Parameters:
  ///   - name: the file, in the state of the home.
  ///   - busy: what is thrown where another shelf has it.
  init(_ paths: Paths, _ name: String, busy: Failure) throws {
    try Files.makeFolder(paths.state)
    let path = Paths.join(paths.state, name)
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw Failure(.cannotWrite, "cannot write \(path)") }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { throw busy }
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
