import Glibc

/// Texts by their bytes.
///
/// Swift calls two strings equal that Unicode calls canonically equivalent: `é` as one scalar, and
/// as an `e` with a mark. SQLite, the remote format and every other machine compare bytes. Where
/// both rules meet, one list has a paper twice and another once. So whatever names something, or is
/// the value of a register, is compared by these.
extension String {
  /// Whether both hold the same bytes of UTF-8.
  package func hasBytes(of other: String) -> Bool {
    // Most are of different lengths, which is known without touching either.
    guard utf8.count == other.utf8.count else { return false }
    var (a, b) = (self, other)
    return a.withUTF8 { a in
      b.withUTF8 { b in
        guard let first = a.baseAddress, let second = b.baseAddress else { return true }
        return memcmp(first, second, a.count) == 0
      }
    }
  }

  /// Whether its bytes come before the other's.
  package func precedesByBytes(_ other: String) -> Bool {
    var (a, b) = (self, other)
    return a.withUTF8 { a in
      b.withUTF8 { b in
        guard let first = a.baseAddress, let second = b.baseAddress else {
          return a.count < b.count
        }
        let order = memcmp(first, second, min(a.count, b.count))
        return order == 0 ? a.count < b.count : order < 0
      }
    }
  }

  /// Hashes its bytes, as ``hasBytes(of:)`` compares them.
  package func hashBytes(into hasher: inout Hasher) {
    var text = self
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    hasher.combine(utf8.count)
  }
}

extension Optional<String> {
  /// Whether both are nil, or hold the same bytes.
  package func hasBytes(of other: String?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let mine?, let theirs?): mine.hasBytes(of: theirs)
    default: false
    }
  }
}

extension [String] {
  /// Whether both hold texts of the same bytes in the same order.
  package func hasBytes(of other: [String]) -> Bool {
    count == other.count && zip(self, other).allSatisfy { $0.hasBytes(of: $1) }
  }
}

/// A text as a key: equal, hashed and ordered by its bytes.
package struct ByteText: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// The text.
  package let text: String

  /// A text as a key.
  package init(_ text: String) { self.text = text }

  /// The text.
  package var description: String { text }

  /// By bytes.
  package static func == (a: ByteText, b: ByteText) -> Bool { a.text.hasBytes(of: b.text) }

  /// By bytes.
  package static func < (a: ByteText, b: ByteText) -> Bool { a.text.precedesByBytes(b.text) }

  /// By bytes.
  package func hash(into hasher: inout Hasher) { text.hashBytes(into: &hasher) }
}
