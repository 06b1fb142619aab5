import Papers

/// A bibliography as it lies in a file: its elements with their places, so that some of them can be
/// replaced and every other byte stays.
package struct BibTeXFile: Sendable {
  /// One element that is no `@comment`, `@preamble` or `@string`.
  package struct Entry: Sendable {
    /// Where it stands, `@` and the closing bracket included.
    package var range: Range<Int>
    /// The type in lower case.
    package var type: String
    /// The key under which it is cited.
    package var key: String
    /// The fields as TeX, names in lower case.
    package var fields: [String: String]
    /// The paper it is of; nil where it does not tell.
    package var paper: PaperID?
  }

  /// Its bytes.
  package let bytes: [UInt8]
  /// The entries in order.
  package private(set) var entries: [Entry] = []
  /// The lines of elements that are not closed, or too large to be read.
  package private(set) var brokenLines: [Int] = []

  /// Cuts a file into its elements.
  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    var elements = BibTeXElements(limit: DigestReader.Limits().line, line: 1)
    bytes.withUnsafeBufferPointer { all in
      for place in all.indices {
        elements.feed(UnsafeBufferPointer(rebasing: all[place...place]).span) {
          take($0, endingAt: place + 1)
        }
      }
    }
    elements.finish { take($0, endingAt: bytes.count) }
  }

  private mutating func take(_ item: BibTeXElements.Item, endingAt end: Int) {
    switch item {
    case .element(let element, _):
      let entry = BibTeXEntry(element, isWhole: true, macros: [:])
      guard !["comment", "preamble", "string"].contains(entry.type) else { return }
      entries.append(
        Entry(
          range: (end - element.count)..<end, type: entry.type, key: entry.key,
          fields: entry.fields, paper: Reference(entry, line: 1).clues.paper))
    case .cutOff(_, let line), .tooLarge(let line): brokenLines.append(line)
    case .addresses: break
    }
  }
}
