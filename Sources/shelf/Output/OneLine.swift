/// Text as one line, for formats whose values end with the line.
enum OneLine {
  /// `text` with every run of spaces, line ends (Unicode's too) and control characters as one
  /// space, and none at either end.
  static func flat(_ text: String) -> String {
    var out = String.UnicodeScalarView()
    var owesSpace = false
    for scalar in text.unicodeScalars {
      if isGap(scalar) {
        owesSpace = !out.isEmpty
      } else {
        if owesSpace { out.append(" ") }
        owesSpace = false
        out.append(scalar)
      }
    }
    return String(out)
  }

  private static func isGap(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0...0x20, 0x7F...0x9F, 0x2028, 0x2029: true
    default: false
    }
  }
}
