/// Lives that are known to fail, and why as far as their shortest stories tell: bugs not mended yet. A run
/// passes over them, and fails when one of them no longer does, so that the list says what is so.
enum Known {
  static let seeds: [UInt64: String] = [:]
}
