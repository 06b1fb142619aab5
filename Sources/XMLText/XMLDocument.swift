import CExpat

/// One step through an XML document.
package enum XMLEvent: Hashable, Sendable {
  /// An element begins: its name as written, prefix included, in lower case; its attributes, and
  /// the line on which it stands.
  case start(name: String, attributes: [String: String], line: Int)
  /// Text, in pieces of any size, entities decoded.
  case text(String)
  /// An element ends.
  case end(name: String)
}

/// Reads one XML document (XML 1.0) from outside, in pieces of any size, within bounds.
///
/// Invariants: a document type that declares anything is refused, so there are no entities to
/// expand; at most ``deepest`` levels; one tag or comment holds at most ``longestToken`` bytes of
/// memory. Where the events of a text are cut depends on the pieces, nothing else does.
package final class XMLDocument {
  /// Levels of elements inside each other.
  package static let deepest = 64
  /// Bytes of one tag, comment or instruction.
  package static let longestToken = 4 << 20

  private var document: OpaquePointer?
  private var events: [XMLEvent] = []
  private var depth = 0
  private var fed = 0
  private(set) var trouble: String?

  /// A document about to be read.
  /// - Parameters:
  ///   - encoding: that of the bytes, where it is known better than the document tells it:
  ///     `UTF-8` of what was converted.
  ///   - allowsNamedType: whether a document type without declarations of its own is passed over,
  ///     as old feeds and XBEL have one. That of a name is never fetched.
  package init(encoding: String? = nil, allowsNamedType: Bool = false) {
    if let words = cexpat_open() {
      trouble = String(cString: words) + " (Debian package libexpat1)"
      return
    }
    let context = Unmanaged.passUnretained(self).toOpaque()
    let start: cexpat_start = { context, name, attributes in
      XMLDocument.of(context)?.start(name, attributes)
    }
    let end: cexpat_end = { context, name in XMLDocument.of(context)?.end(name) }
    let text: cexpat_text = { context, text, count in XMLDocument.of(context)?.take(text, count) }
    let allows: Int32 = allowsNamedType ? 1 : 0
    document =
      encoding.map { $0.withCString { cexpat_begin($0, context, start, end, text, allows) } }
      ?? cexpat_begin(nil, context, start, end, text, allows)
    if document == nil { trouble = "out of memory" }
  }

  deinit { document.map(cexpat_end_document) }

  /// The line that is being read, from 1.
  package var line: Int { document.map { Int(cexpat_line($0)) } ?? 1 }

  /// Reads the next bytes; after trouble nothing more comes.
  /// - Parameter isLast: whether the document ends with them.
  /// - Returns: what they brought, and in words why reading ended, where it did.
  package func feed(
    _ bytes: borrowing Span<UInt8>, isLast: Bool
  ) -> (events: [XMLEvent], trouble: String?) {
    guard trouble == nil, let document else { return ([], trouble) }
    let words = bytes.withUnsafeBytes { raw in
      cexpat_feed(
        document, raw.bindMemory(to: CChar.self).baseAddress, Int32(raw.count), isLast ? 1 : 0)
    }
    fed += bytes.count
    if depth > Self.deepest {
      trouble = "deeper than \(Self.deepest) levels"
    } else if let words {
      trouble = String(cString: words)
    } else if !isLast, fed - Int(cexpat_offset(document)) > Self.longestToken {
      trouble = "a tag or comment is larger than \(Self.longestToken) bytes"
    }
    defer { events = [] }
    return (events, trouble)
  }

  private static func of(_ context: UnsafeMutableRawPointer?) -> XMLDocument? {
    context.map { Unmanaged<XMLDocument>.fromOpaque($0).takeUnretainedValue() }
  }

  private func start(
    _ name: UnsafePointer<CChar>?,
    _ attributes: UnsafeMutablePointer<UnsafePointer<CChar>?>?
  ) {
    depth += 1
    guard depth <= Self.deepest, let name else { return }
    var found: [String: String] = [:]
    var index = 0
    // Names and values in turns, ended by NULL.
    while let attributes, let key = attributes[index], let value = attributes[index + 1] {
      found[String(cString: key).lowercased()] = String(cString: value)
      index += 2
    }
    events.append(
      .start(name: String(cString: name).lowercased(), attributes: found, line: line))
  }

  private func end(_ name: UnsafePointer<CChar>?) {
    guard depth <= Self.deepest, let name else { return }
    depth -= 1
    events.append(.end(name: String(cString: name).lowercased()))
  }

  private func take(_ text: UnsafePointer<CChar>?, _ count: Int32) {
    guard depth <= Self.deepest, let text else { return }
    let bytes = UnsafeRawBufferPointer(start: text, count: max(0, Int(count)))
    events.append(.text(String(decoding: bytes, as: UTF8.self)))
  }
}
