import CExpat

/// Reads one XML document from outside as a run of events, within bounds: no document type, so no
/// entities; at most `deepest` levels; element names without their namespace prefix.
enum XMLWalk {
  /// The most bytes of a document.
  static let mostBytes = 16 << 20
  private static let deepest = 64

  /// Calls `leave` at the end of every element with its local name in lower case, its own text
  /// (trimmed, at most 4 KiB), and `enter` at its start.
  ///
  /// - Returns: nil when the document was whole and well-formed, else why not.
  static func walk(
    _ bytes: [UInt8], enter: (String) -> Void, leave: (String, String) -> Void
  ) -> String? {
    if let trouble = cexpat_open() {
      return String(cString: trouble) + " (Debian package libexpat1)"
    }
    guard bytes.count <= mostBytes else { return "larger than \(mostBytes) bytes" }
    return withoutActuallyEscaping(enter) { enter in
      withoutActuallyEscaping(leave) { leave in
        let walker = Walker(enter: enter, leave: leave, deepest: deepest)
        let words = parse(bytes, walker)
        return walker.isTooDeep ? "deeper than \(deepest) levels" : words
      }
    }
  }

  private static func parse(_ bytes: [UInt8], _ walker: Walker) -> String? {
    bytes.withUnsafeBytes { raw in
      let start = raw.bindMemory(to: CChar.self).baseAddress
      let words = cexpat_parse(
        start, Int32(raw.count), Unmanaged.passUnretained(walker).toOpaque(),
        { context, name, _ in Walker.of(context)?.start(name) },
        { context, name in Walker.of(context)?.end(name) },
        { context, text, count in Walker.of(context)?.take(text, count) })
      return words.map { String(cString: $0) }
    }
  }

  private final class Walker {
    private let enter: (String) -> Void
    private let leave: (String, String) -> Void
    private let deepest: Int
    private var texts: [[UInt8]] = []
    private(set) var isTooDeep = false

    init(
      enter: @escaping (String) -> Void, leave: @escaping (String, String) -> Void, deepest: Int
    ) {
      self.enter = enter
      self.leave = leave
      self.deepest = deepest
    }

    static func of(_ context: UnsafeMutableRawPointer?) -> Walker? {
      context.map { Unmanaged<Walker>.fromOpaque($0).takeUnretainedValue() }
    }

    func start(_ name: UnsafePointer<CChar>?) {
      guard !isTooDeep else { return }
      isTooDeep = texts.count >= deepest
      texts.append([])
      enter(local(name))
    }

    func end(_ name: UnsafePointer<CChar>?) {
      guard !isTooDeep, let text = texts.popLast() else { return }
      leave(local(name), String(decoding: text, as: UTF8.self).trimmed)
    }

    func take(_ text: UnsafePointer<CChar>?, _ count: Int32) {
      guard !isTooDeep, let text, let last = texts.indices.last else { return }
      let room = 4096 - texts[last].count
      let bytes = UnsafeRawBufferPointer(start: text, count: min(max(0, room), Int(count)))
      texts[last].append(contentsOf: bytes)
    }

    private func local(_ name: UnsafePointer<CChar>?) -> String {
      guard let name else { return "" }
      let whole = String(cString: name)
      return (whole.split(separator: ":").last.map(String.init) ?? whole).lowercased()
    }
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
