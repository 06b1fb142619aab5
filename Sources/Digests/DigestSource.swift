import Papers

/// What the path of a digest tells: the series it belongs to and its day.
package enum DigestSource {
  /// Folder names that say nothing of the series below them.
  private static let generic: Set<String> = [
    "archive", "archives", "digests", "papers", "daily", "data", "main", "master", "docs", "blob",
    "raw", "refs", "heads", "src", "content", "posts", "readme", "index", "stdin", ".", "..", "",
  ]
  /// File names that say nothing of the series.
  private static let genericFiles: Set<String> = ["readme", "index", "stdin"]

  /// The series a path or URL path names: the file's name without a date; if it begins with one or
  /// nothing but numbers is left, or `README`, the nearest folder whose name says something. `-` is
  /// `stdin`.
  ///
  /// `archive/2025-10-02.md` under `daily_huggingface_paper` is of the series
  /// `daily_huggingface_paper`; `arxiv-2025-10-02.md` of `arxiv`.
  package static func series(path: String) -> String {
    if path == "-" { return "stdin" }
    var parts = parts(of: path)
    // The library of papis has a folder a paper.
    if parts.last == "info.yaml" { return "papis" }
    let stem = parts.popLast().map(stem) ?? ""
    let bytes = Array(stem.utf8)
    let spot = DayHeading.spot(in: bytes.span, 0..<bytes.count)
    if spot?.range.lowerBound != 0 {
      let rest = spot.map { bytes.span.text(0..<$0.range.lowerBound) } ?? stem
      let name = clean(rest)
      if !name.isEmpty, !isDate(name), !genericFiles.contains(name.lowercased()) { return name }
    }
    while let folder = parts.popLast() {
      let name = clean(folder)
      if !generic.contains(name.lowercased()), !isDate(name) { return name }
    }
    return "digest"
  }

  /// The day a path names: the date in the file's name, or that of `2025/10/02.md` and
  /// `2025-10/02.md`; else nil.
  package static func date(path: String) -> PaperDate? {
    var parts = parts(of: path)
    guard let name = parts.popLast() else { return nil }
    let bytes = Array(name.utf8.prefix(1000))
    if let date = DayHeading.date(in: bytes.span, 0..<bytes.count) { return date }
    let day = stem(name)
    guard isNumber(day, 1...2), let folder = parts.popLast() else { return nil }
    let month = isNumber(folder, 1...2) ? parts.popLast().map { $0 + "-" + folder } : folder
    let whole = Array("\(month ?? "")-\(day)".utf8)
    let spot = DayHeading.spot(in: whole.span, 0..<whole.count)
    return spot?.range == 0..<whole.count ? spot?.date : nil
  }

  private static func isNumber(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && text.utf8.allSatisfy(Byte.isDigit)
  }

  /// The path cut at its slashes, without the scheme, host and query of a URL.
  private static func parts(of path: String) -> [String] {
    var path = Substring(path)
    if path.hasPrefix("https://") || path.hasPrefix("http://") {
      path = path.drop { $0 != ":" }.dropFirst(3).drop { $0 != "/" }
      path = path.prefix { $0 != "?" && $0 != "#" }
    }
    // A packed list is called after the list.
    for ending in [".gz", ".xz"] where path.utf8.suffix(3).elementsEqual(ending.utf8) {
      path = path.dropLast(3)
    }
    return path.split(separator: "/").map(String.init)
  }

  private static func stem(_ name: String) -> String {
    guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
    return String(name[..<dot])
  }

  /// Part of a date, `2025` or `10`.
  private static func isDate(_ name: String) -> Bool {
    name.utf8.allSatisfy { Byte.isDigit($0) || $0 == UInt8(ascii: "-") }
  }

  /// A name without the separators at its ends and without control characters, at most 100 long.
  private static func clean(_ name: String) -> String {
    let kept = name.unicodeScalars.filter { !$0.properties.generalCategory.isControl }
    let marks: Set<Character> = ["-", "_", ".", " ", "—", "–"]
    var name = Substring(String(String.UnicodeScalarView(kept)).prefix(100))
    while let last = name.last, marks.contains(last) { name.removeLast() }
    while let first = name.first, marks.contains(first) { name.removeFirst() }
    return String(name)
  }
}

extension Unicode.GeneralCategory {
  fileprivate var isControl: Bool { self == .control || self == .format }
}
