/// Text from outside as HTML that shows it: no markup, no control character, no link but to the
/// web.
enum HTMLText {
  /// `text` for an element's content or a quoted attribute.
  static func escaped(_ text: String) -> String {
    var out: [UInt8] = []
    out.reserveCapacity(text.utf8.count + 16)
    for byte in Printable.block(text).utf8 {
      switch Unicode.Scalar(byte) {
      case "&": out.append(contentsOf: "&amp;".utf8)
      case "<": out.append(contentsOf: "&lt;".utf8)
      case ">": out.append(contentsOf: "&gt;".utf8)
      case "\"": out.append(contentsOf: "&quot;".utf8)
      case "'": out.append(contentsOf: "&#39;".utf8)
      default: out.append(byte)
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// `text` as paragraphs: a blank line separates two.
  /// - Parameter hasBold: see ``element(_:_:attributes:hasBold:)``.
  static func paragraphs(_ text: String, hasBold: Bool = false) -> String {
    var out = ""
    var lines: [String] = []
    func close() {
      guard !lines.isEmpty else { return }
      let paragraph = lines.joined(separator: "\n")
      // Before it is escaped: of a long text they take more memory than all of it.
      lines = []
      out += element("p", paragraph, hasBold: hasBold)
    }
    for line in text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let isBlank = line.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
      if isBlank { close() } else { lines.append(String(Substring(line))) }
    }
    close()
    return out
  }

  /// `<name …>text</name>` with the text escaped, its direction its own, and its language told
  /// where it is Chinese, which decides between the Chinese and the Japanese form of a character.
  /// - Parameter hasBold: whether `**words**` are Markdown, as in digests, and to be bold.
  static func element(
    _ name: StaticString, _ text: String, attributes: String = "", hasBold: Bool = false
  ) -> String {
    let language = isChinese(text) ? " lang=\"zh-Hans\"" : ""
    let content = hasBold ? bold(text) : escaped(text)
    return "<\(name) dir=\"auto\"\(language)\(attributes)>\(content)</\(name)>"
  }

  /// Escaped, and `**words**` as `<strong>`; marks without a partner stay what they are.
  private static func bold(_ text: String) -> String {
    let html = escaped(text)
    guard html.utf8.contains(UInt8(ascii: "*")) else { return html }
    var parts = html.split(separator: "**", omittingEmptySubsequences: false)
    let rest = parts.count.isMultiple(of: 2) ? parts.popLast().map { "**" + $0 } ?? "" : ""
    return parts.enumerated().map { index, part in
      index.isMultiple(of: 2) ? String(part) : part.isEmpty ? "****" : "<strong>\(part)</strong>"
    }.joined() + rest
  }

  /// `url` where a page may link to it: http or https, and one word.
  static func link(_ url: String) -> String? {
    let start = url.prefix(8).lowercased()
    guard start.hasPrefix("http://") || start.hasPrefix("https://"),
      !url.unicodeScalars.contains(where: { $0.value <= 0x20 || (0x7F...0x9F).contains($0.value) })
    else { return nil }
    return url
  }

  private static func isChinese(_ text: String) -> Bool {
    var hasHan = false
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0x3041...0x30FF: return false
      case 0x3400...0x9FFF, 0x20000...0x3FFFF: hasHan = true
      default: break
      }
    }
    return hasHan
  }
}
