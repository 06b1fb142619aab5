/// Reads one whole XML document from outside as a run of events, within the bounds of
/// ``XMLDocument``; element names without their namespace prefix.
package enum XMLWalk {
  /// The most bytes of a document.
  package static let mostBytes = 16 << 20
  /// The most bytes of an element's own text; the rest is left out.
  private static let longestText = 4096

  /// Calls `leave` at the end of every element with its local name in lower case, its own text
  /// (trimmed, at most 4 KiB), and `enter` at its start.
  ///
  /// - Returns: nil when the document was whole and well-formed, else why not.
  package static func walk(
    _ bytes: [UInt8], enter: (String) -> Void, leave: (String, String) -> Void
  ) -> String? {
    guard bytes.count <= mostBytes else { return "larger than \(mostBytes) bytes" }
    let document = XMLDocument()
    var texts: [[UInt8]] = []
    var start = 0
    // In pieces, so that the events of a large document are not all held.
    repeat {
      let end = min(start + (1 << 16), bytes.count)
      let found = document.feed(bytes.span.extracting(start..<end), isLast: end == bytes.count)
      for event in found.events {
        switch event {
        case .start(let name, _, _):
          texts.append([])
          enter(local(name))
        case .text(let text):
          guard let last = texts.indices.last else { continue }
          texts[last].append(contentsOf: text.utf8.prefix(longestText - texts[last].count))
        case .end(let name):
          let text = texts.popLast() ?? []
          leave(local(name), String(decoding: text, as: UTF8.self).trimmed)
        }
      }
      if let trouble = found.trouble { return trouble }
      start = end
    } while start < bytes.count
    return nil
  }

  private static func local(_ name: String) -> String {
    // By byte: character by character it took as long as expat does for the document.
    guard let colon = name.utf8.lastIndex(of: UInt8(ascii: ":")) else { return name }
    return String(name[name.utf8.index(after: colon)...])
  }
}

extension String {
  /// Without white space at both ends.
  fileprivate var trimmed: String {
    guard let first = firstIndex(where: { !$0.isWhitespace }),
      let last = lastIndex(where: { !$0.isWhitespace })
    else { return "" }
    return String(self[first...last])
  }
}
