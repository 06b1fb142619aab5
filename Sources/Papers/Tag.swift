/// A tag: a short name, `/` between levels (`ml/attention` is a child of `ml`).
///
/// Compared by its bytes; letters of any script, digits, and `- _ . /`, so that a tag needs no
/// quoting in a shell or a filter.
package struct Tag: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// At most this many UTF-8 bytes.
  package static let maximumLength = 100

  /// The name.
  package let name: String

  /// Nil when `name` is empty, too long, has an empty level (`a//b`, `/a`), one that begins with
  /// a combining mark, or a character that a tag cannot hold.
  package init?(_ name: String) {
    guard !name.isEmpty, name.utf8.count <= Self.maximumLength else { return nil }
    var isFirst = true
    for scalar in name.unicodeScalars {
      if scalar == "/" {
        guard !isFirst else { return nil }
        isFirst = true
        continue
      }
      // A mark that follows a slash would melt into one character with it.
      guard Self.allows(scalar), !isFirst || !scalar.properties.isGraphemeExtend else { return nil }
      isFirst = false
    }
    guard !isFirst else { return nil }
    self.name = name
  }

  /// A tag read from our own library, where only valid tags are written; not validated again.
  package init(trusted name: String) { self.name = name }

  /// The name.
  package var description: String { name }

  /// The tag a person means: as ``init(_:)``, but composed (NFC), however the keyboard or the file
  /// system wrote it.
  package init?(typed name: String) { self.init(name.composed) }

  /// The same tag composed (NFC): an old library may hold it decomposed.
  package var composed: Tag { Tag(trusted: name.composed) }

  /// By bytes.
  package static func == (a: Tag, b: Tag) -> Bool { a.name.hasBytes(of: b.name) }

  /// By bytes.
  package func hash(into hasher: inout Hasher) { name.hashBytes(into: &hasher) }

  /// Order of the names, byte by byte.
  package static func < (a: Tag, b: Tag) -> Bool {
    a.name.precedesByBytes(b.name)
  }

  /// True for the tag itself and for every tag below it.
  package func covers(_ other: Tag) -> Bool {
    other == self || other.name.utf8.starts(with: (name + "/").utf8)
  }

  private static func allows(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "-", "_", ".", "a"..."z", "A"..."Z", "0"..."9": true
    default:
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        || scalar.properties.generalCategory == .nonspacingMark
        || scalar.properties.isEmojiPresentation
    }
  }
}
