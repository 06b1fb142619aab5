import Glibc

/// What a crash would leave on the disk. A process that holds a password, a passphrase or a key
/// must leave none of its memory anywhere.
enum CoreDump {
  /// Forbids core files of this process and of those it starts, and, for a system that hands them
  /// to a program instead of writing a file and then does not ask for the limit, takes all memory
  /// out of them. To be called before the first secret is read.
  static func forbid() {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    let filter = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC)
    guard filter >= 0 else { return }
    write(filter, "0", 1)
    close(filter)
  }
}
