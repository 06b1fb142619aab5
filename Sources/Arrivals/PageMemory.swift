import JSONText
import Papers

/// What a server said of a page and wants to hear again (RFC 9110 section 8.8), byte for byte as it
/// came: arXiv's ETags stand without the quotes that they should have.
package struct Validators: Hashable, Sendable {
  /// `ETag`
  package var etag: String?
  /// `Last-Modified`
  package var modified: String?

  /// None.
  package init(etag: String? = nil, modified: String? = nil) {
    self.etag = etag
    self.modified = modified
  }

  /// Whether there is none.
  package var isEmpty: Bool { etag == nil && modified == nil }

  /// The headers of a request that wants to know only whether there is something else by now; what
  /// could end a line is never sent.
  package var headers: [String] {
    func line(_ name: String, _ value: String?) -> [String] {
      guard let value, !value.isEmpty, value.utf8.count <= 1024,
        value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F && $0 != "\u{FFFD}" }
        )
      else { return [] }
      return [name + ": " + value]
    }
    return line("If-None-Match", etag) + line("If-Modified-Since", modified)
  }
}

/// The papers that came last, so that the same again can be told.
package struct Batch: Hashable, Sendable {
  /// A number made of their ids.
  package var mark: String
  /// The day of them.
  package var day: PaperDate

  /// The batch of some papers.
  package init(_ ids: some Sequence<PaperID>, day: PaperDate) {
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    for id in ids.map(\.rawValue).sorted(by: { $0.precedesByBytes($1) }) {
      for byte in id.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
      sum = (sum ^ 0x0A) &* 0x100_0000_01B3
    }
    mark = String(sum, radix: 16)
    self.day = day
  }

  fileprivate init(mark: String, day: PaperDate) {
    self.mark = mark
    self.day = day
  }
}

/// What is remembered of the pages of one source.
package struct PageMemory: Hashable, Sendable {
  /// One page.
  package struct Page: Hashable, Sendable {
    /// What its server wants to hear again.
    package var validators = Validators()
    /// Where it moved to for good.
    package var moved: String?
    /// The papers that it had last.
    package var batch: Batch?
    /// Of a folder: until when its files were read, nanoseconds since 1970.
    package var readUntil: Int64?

    /// Nothing yet.
    package init() {}
  }

  /// By what is asked for, the address as the source has it.
  package var pages: [String: Page] = [:]
  /// What came last, of a source whose addresses bear the day.
  package var batch: Batch?

  /// Nothing yet.
  package init() {}

  /// Forgets pages that are not asked for any more.
  package mutating func keep(only addresses: Set<String>) {
    pages = pages.filter { addresses.contains($0.key) }
  }

  private static let most = 2000
}

extension PageMemory {
  /// As it is kept.
  package var json: String {
    var json = JSONTextWriter()
    json.object { json in
      if let batch { Self.write(batch, to: &json) }
      json.key("pages")
      json.object { json in
        for (address, page) in pages.sorted(by: { $0.key < $1.key }).prefix(Self.most) {
          json.key(text: address)
          json.object { json in
            if let etag = page.validators.etag { json.member("etag", etag) }
            if let modified = page.validators.modified { json.member("modified", modified) }
            if let moved = page.moved { json.member("moved", moved) }
            if let batch = page.batch { Self.write(batch, to: &json) }
            if let time = page.readUntil {
              json.key("readUntil")
              json.number(time)
            }
          }
        }
      }
    }
    return json.text
  }

  private static func write(_ batch: Batch, to json: inout JSONTextWriter) {
    json.member("batch", [batch.mark, batch.day.text])
  }

  /// What was kept; nothing where that cannot be read.
  package init(kept text: String?) {
    guard let text, let memory = try? Self.read(text) else { return }
    self = memory
  }

  private static func read(_ text: String) throws -> PageMemory {
    var memory = PageMemory()
    try JSONTextReader.read(text) { reader in
      try reader.object { key, reader in
        switch key {
        case "batch": memory.batch = batch(try reader.strings())
        case "pages":
          try reader.object { address, reader in memory.pages[address] = try page(&reader) }
        default: try reader.skip()
        }
      }
    }
    return memory
  }

  private static func page(_ reader: inout JSONTextReader) throws -> Page {
    var page = Page()
    try reader.object { key, reader in
      switch key {
      case "etag": page.validators.etag = try reader.string()
      case "modified": page.validators.modified = try reader.string()
      case "moved": page.moved = try reader.string()
      case "batch": page.batch = batch(try reader.strings())
      case "readUntil": page.readUntil = try reader.integer()
      default: try reader.skip()
      }
    }
    return page
  }

  private static func batch(_ words: [String]) -> Batch? {
    guard words.count == 2, let day = PaperDate(words[1]) else { return nil }
    return Batch(mark: words[0], day: day)
  }
}
