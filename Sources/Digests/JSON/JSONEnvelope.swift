import JSONText
import Papers

/// Finds the papers in one JSON value of another maker: the value itself, the elements of the lists
/// in it, or the values of a map whose keys are ids, days or names of groups.
///
/// Every level is read once for its own keys and skipped over as often as it is deep, and it is at
/// most ``deepest`` deep.
struct JSONEnvelope {
  private static let deepest = 12

  private let opening: DigestOpening
  private var references: References
  /// A place of the text that is being read, and the line on which it is.
  private var place = 0
  private var line = 0
  /// Whether the text ends before its end.
  private var isSalvaging = false

  init(_ opening: DigestOpening) {
    self.opening = opening
    references = References(opening)
  }

  /// What is known of a value from around it.
  private struct Context {
    /// The key under which it stands.
    var key: String?
    /// The day that its envelope tells.
    var day: PaperDate?
    /// The collection that it belongs to.
    var folder: String?
    var depth = 0
  }

  /// Reads one whole object.
  mutating func take(
    _ utf8: UnsafeBufferPointer<UInt8>, line: Int, _ findings: inout Findings
  ) throws {
    (place, self.line) = (0, line)
    try JSONTextReader.read(utf8) { try take(&$0, utf8, Context(), &findings) }
  }

  /// Reads the papers of an object that was cut off, as far as they are whole. An object that is a
  /// paper itself is not.
  mutating func salvage(
    _ utf8: UnsafeBufferPointer<UInt8>, line: Int, _ findings: inout Findings
  ) {
    (place, self.line) = (0, line)
    isSalvaging = true
    defer { isSalvaging = false }
    var reader = JSONTextReader(utf8)
    try? take(&reader, utf8, Context(), &findings)
  }

  /// Tells what was left out.
  func finish(_ findings: inout Findings) { references.finish(&findings) }

  private mutating func take(
    _ reader: inout JSONTextReader, _ utf8: UnsafeBufferPointer<UInt8>, _ context: Context,
    _ findings: inout Findings
  ) throws {
    _ = reader.peek()
    var record = JSONRecord(line: lineNumber(at: reader.position, utf8))
    do {
      try record.read(&reader)
    } catch  where isSalvaging && record.reference.clues.paper == nil {
      try descend(record, utf8, context, &findings)
      throw error
    }
    record.end(key: context.key, day: context.day, folder: context.folder)
    if record.reference.clues.paper != nil {
      return references.take(record.reference, &findings)
    }
    let found = try descend(record, utf8, context, &findings)
    if found { return }
    if record.isEntry {
      references.take(record.reference, &findings)
    } else if !record.reference.clues.isEmpty || context.depth == 0 {
      // What names nothing is no entry: counts and states of an answer.
      findings.report("an object without the id of a paper; left out", line: record.reference.line)
    }
  }

  /// Looks for papers in what a record holds.
  /// - Returns: whether it holds lists or maps, be they empty.
  @discardableResult
  private mutating func descend(
    _ record: JSONRecord, _ utf8: UnsafeBufferPointer<UInt8>, _ context: Context,
    _ findings: inout Findings
  ) throws -> Bool {
    guard context.depth < Self.deepest else { return false }
    var found = false
    for (key, start) in record.nested {
      var reader = start
      // Of linkwarden: `{"collections": [{"name": …, "links": [{…}]}]}`.
      let folder = key == "links" && !record.name.isEmpty ? record.name : nil
      let inner = Context(
        key: key, day: LooseDate(key)?.day ?? record.reference.day ?? context.day,
        folder: folder, depth: context.depth + 1)
      switch reader.peek() {
      case UInt8(ascii: "{"):
        try take(&reader, utf8, inner, &findings)
        found = true
      case Byte.openBracket:
        if try takeList(&reader, utf8, inner, &findings) { found = true }
      default:
        if let text = try? reader.string(), let id = PaperID(link: key), id.kind != .url {
          let line = lineNumber(at: start.position, utf8)
          let row = JSONRow(text, of: id, line: line)
          references.take(row.reference(day: inner.day ?? opening.date), &findings)
          found = true
        }
      }
    }
    return found
  }

  /// Reads the elements of a list: objects, or ids and addresses.
  /// - Returns: whether it is such a list; an empty one is.
  private mutating func takeList(
    _ reader: inout JSONTextReader, _ utf8: UnsafeBufferPointer<UInt8>, _ context: Context,
    _ findings: inout Findings
  ) throws -> Bool {
    var isList = true
    var isEmpty = true
    try reader.array { reader in
      isEmpty = false
      switch reader.peek() {
      case UInt8(ascii: "{"):
        var inner = context
        inner.key = nil
        try take(&reader, utf8, inner, &findings)
      case UInt8(ascii: "\""):
        var reference = Reference(line: lineNumber(at: reader.position, utf8))
        reference.clues.add(link: try reader.string())
        reference.day = context.day
        if reference.clues.paper != nil {
          references.take(reference, &findings)
        } else {
          isList = false
        }
      default:
        isList = false
        try reader.skip()
      }
    }
    // A day without papers; a list of something else says itself that it is none.
    if isEmpty { findings.isRecognised = true }
    return isList
  }

  /// The line of a place. Places are asked for in their order, so all calls together are one walk.
  private mutating func lineNumber(at position: Int, _ utf8: UnsafeBufferPointer<UInt8>) -> Int {
    let end = min(position, utf8.count)
    guard place < end else { return line }
    for byte in utf8[place..<end] where byte == Byte.lineFeed { line += 1 }
    place = end
    return line
  }
}
