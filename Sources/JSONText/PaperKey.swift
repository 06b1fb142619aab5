import Papers

/// A member of the paper object: how one key is written and read. Each register of a paper brings
/// its own.
package struct PaperKey: Sendable {
  /// What reading may tell of.
  package typealias Problems = [String]

  /// The key.
  package let name: String
  /// Its place in the object: keys are written in the order of these.
  package let rank: Int
  private let label: [UInt8]
  /// Writes the value.
  package let write: @Sendable (Paper, inout JSONTextWriter) -> Void
  /// Reads the value that comes next into a paper; what it cannot use it tells, and leaves the
  /// paper as it is.
  package let read: @Sendable (inout JSONTextReader, inout Paper, inout Problems) throws -> Void

  /// A key with everything said.
  package init(
    _ name: String, rank: Int,
    write: @escaping @Sendable (Paper, inout JSONTextWriter) -> Void,
    read: @escaping @Sendable (inout JSONTextReader, inout Paper, inout Problems) throws -> Void
  ) {
    self.name = name
    self.rank = rank
    label = JSONTextWriter.label(name)
    self.write = write
    self.read = read
  }
}

extension PaperKey {
  /// A key whose value is told by another one, and so is not read.
  package init(
    _ name: String, rank: Int,
    write: @escaping @Sendable (Paper, inout JSONTextWriter) -> Void
  ) {
    self.init(name, rank: rank, write: write) { reader, _, _ in try reader.skip() }
  }

  /// A moment, RFC 3339; a text that is none is told and leaves the paper as it is.
  package init(
    moment name: String, rank: Int, get: @escaping @Sendable (Paper) -> Int64,
    set: @escaping @Sendable (inout Paper, Int64) -> Void
  ) {
    self.init(
      name, rank: rank, write: { $1.value(milliseconds: get($0)) },
      read: { reader, paper, problems in
        if let time = try Self.moment(&reader, &problems) { set(&paper, time) }
      })
  }

  /// The moment that comes next; nil, and a problem, where it is none.
  package static func moment(
    _ reader: inout JSONTextReader, _ problems: inout Problems
  ) throws -> Int64? {
    let text = try reader.string()
    let time = Timestamp.milliseconds(text)
    if time == nil { problems.append("“\(text.prefix(40))” is no time") }
    return time
  }
}

/// The paper object: one and the same wherever `shelf` writes JSON, and what `import` reads back.
/// The keys and their order are a contract with people's scripts.
package struct PaperObject: Sendable {
  private let keys: [PaperKey]

  /// The object of these keys, in the order of their ranks.
  package init(keys: [PaperKey]) { self.keys = keys.sorted { $0.rank < $1.rank } }

  /// The object with what the order by taste says behind all else. Reading passes it over.
  package var judged: PaperObject {
    let taste = PaperKey("taste", rank: .max - 1) { paper, json in
      if let judgement = paper.judgement { json.raw(judgement.shareText) } else { json.null() }
    }
    let because = PaperKey("because", rank: .max) { paper, json in
      guard let judgement = paper.judgement else { return json.null() }
      json.object { json in
        json.key("for")
        json.array(judgement.words) { $0.string($1) }
        json.key("against")
        json.array(judgement.against) { $0.string($1) }
      }
    }
    return PaperObject(keys: keys + [taste, because])
  }

  /// Writes one paper as the next value.
  package func write(_ paper: Paper, to json: inout JSONTextWriter) {
    json.object { json in
      for key in keys {
        key.write(paper, labelled: &json)
      }
    }
  }

  /// Appends one paper object to bytes.
  package func append(
    _ paper: Paper, to out: inout [UInt8], style: JSONTextWriter.Style = .printed
  ) {
    var json = JSONTextWriter(bytes: out, style: style)
    out = []  // leaves the writer the only owner, so that the bytes are not copied
    write(paper, to: &json)
    out = json.take()
  }

  /// Reads the members of an object into a paper: keys may come in any order, be missing, or be of
  /// another type, without harm to the rest. What nobody knows is passed over.
  /// - Returns: what could not be used, in words.
  /// - Throws: ``JSONTextError`` where the text is no object.
  package func read(_ bytes: UnsafeBufferPointer<UInt8>, into paper: inout Paper) throws -> [String]
  {
    var problems: [String] = []
    try JSONTextReader.read(bytes) { reader in
      try reader.object { name, reader in
        guard let key = keys.first(where: { $0.name == name }) else { return try reader.skip() }
        let before = reader
        do {
          try key.read(&reader, &paper, &problems)
        } catch is JSONTextError {
          reader = before
          try reader.skip()
        }
      }
    }
    return problems
  }
}

extension PaperKey {
  fileprivate func write(_ paper: Paper, labelled json: inout JSONTextWriter) {
    json.key(label: label)
    write(paper, &json)
  }
}
