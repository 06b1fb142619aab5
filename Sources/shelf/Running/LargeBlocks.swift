import CAllocator

/// How memory is taken from the system.
enum LargeBlocks {
  /// Has blocks of a megabyte and more given back as soon as they are free. glibc raises that bound
  /// to the largest one freed, up to 32 MB, and the holes stay with the process (mallopt(3),
  /// `M_MMAP_THRESHOLD`): with a note of 15 MB a first sync took 96 MB and takes 69, `export html`
  /// 118 and 92.
  static func giveBack() { _ = mallopt(M_MMAP_THRESHOLD, 1 << 20) }
}
