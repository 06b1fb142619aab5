/// Names from other machines that a person reads within a line: of views and machines.
enum ReadableLine {
  /// Whether a name can be one: not longer than that, with nothing in it that ends a line, drives a
  /// terminal, or turns the direction of what follows.
  static func isOne(_ name: String, longest: Int) -> Bool {
    name.utf8.count <= longest && !name.unicodeScalars.contains(where: isHidden)
  }

  /// A name without what others would refuse of it.
  static func made(of name: String, longest: Int) -> String {
    var line = String.UnicodeScalarView()
    var count = 0
    for scalar in name.unicodeScalars where !isHidden(scalar) {
      count += UTF8.width(scalar)
      guard count <= longest else { break }
      line.append(scalar)
    }
    return String(line)
  }

  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
