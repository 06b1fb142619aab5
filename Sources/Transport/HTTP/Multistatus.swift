import URLText
import XMLText

/// The 207 answer of WebDAV (RFC 4918 section 13), taken only as far as it tells names.
///
/// Invariants: an entry becomes a `ListedFile` only when its href is a direct child of the
/// collection and its last component is a `RemoteName`; nothing of an href is ever requested.
struct Multistatus {
  /// One `response` element.
  struct Entry {
    var href = ""
    /// The status of the response itself, where it has one.
    var status: Int?
    /// The statuses of its property groups.
    var propertyStatuses: [Int] = []
    var isCollection = false
    var size: Int?
    var etag: String?
    var modified: String?

    /// Whether the entry says that there is nothing.
    var isMissing: Bool {
      if let status { return [404, 410].contains(status) }
      return !propertyStatuses.isEmpty && propertyStatuses.allSatisfy { $0 == 404 || $0 == 410 }
        && size == nil && !isCollection
    }
  }

  /// The most entries kept of one answer.
  static let mostEntries = 200_000
  private(set) var entries: [Entry] = []

  /// Nil when the body is no whole `multistatus` document.
  init?(_ body: [UInt8]) {
    var root: String?
    var found: [Entry] = []
    var entry: Entry?
    var inPropstat = false
    let trouble = XMLWalk.walk(body) { name in
      if root == nil { root = name }
      if name == "response" { entry = Entry() }
      if name == "propstat" { inPropstat = true }
    } leave: { name, text in
      switch name {
      case "response":
        if let entry, found.count < Self.mostEntries { found.append(entry) }
        entry = nil
      case "propstat": inPropstat = false
      case "href" where entry?.href.isEmpty == true: entry?.href = text
      case "status" where inPropstat: Self.code(text).map { entry?.propertyStatuses.append($0) }
      case "status": entry?.status = Self.code(text)
      case "collection": entry?.isCollection = true
      case "getcontentlength": entry?.size = Int(text).flatMap { $0 >= 0 ? $0 : nil }
      case "getetag": entry?.etag = text
      case "getlastmodified": entry?.modified = text
      default: break
      }
    }
    guard trouble == nil, root == "multistatus" else { return nil }
    entries = found
  }

  /// The files directly in `collection`, each once, in byte order.
  func files(in collection: WebAddress) -> [ListedFile] {
    // A proxy may map paths, so the first entry, when it is a collection, also counts as the
    // folder.
    let asked = Self.decoded(collection.path)
    let first = entries.first.flatMap { $0.isCollection ? Self.path($0.href) : nil } ?? asked
    let folders = Set([asked, first].map { $0.split(separator: "/") })
    var sizes: [RemoteName: Int?] = [:]
    for entry in entries where !entry.isCollection && !entry.isMissing {
      let parts = Self.path(entry.href).split(separator: "/")
      guard let last = parts.last, let name = RemoteName(String(last)),
        folders.contains(Array(parts.dropLast())) || parts.count == 1 && !entry.href.contains("/")
      else { continue }
      sizes[name] = entry.size
    }
    return sizes.map { ListedFile(name: $0.key, size: $0.value) }.sorted { $0.name < $1.name }
  }

  /// Whether it holds only "not found".
  var tellsMissing: Bool { !entries.isEmpty && entries.allSatisfy(\.isMissing) }

  /// Whether an answer is a 207 that holds only "not found".
  static func tellsMissing(_ answer: HTTPResponse) -> Bool {
    answer.status == 207 && Multistatus(answer.body)?.tellsMissing == true
  }

  /// Whether an answer is a 207 with a failure inside.
  static func tellsFailure(_ answer: HTTPResponse) -> Bool {
    guard answer.status == 207, let parsed = Multistatus(answer.body) else { return false }
    return parsed.entries.contains { ($0.status ?? 200) >= 400 }
  }

  private static func code(_ line: String) -> Int? {
    line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  }

  /// The decoded path of an href in any form: absolute URL, absolute path, or relative.
  private static func path(_ href: String) -> String {
    var rest = href[...]
    if let scheme = rest.firstRange(of: "://") {
      let authority = rest[scheme.upperBound...]
      rest = authority.firstIndex(of: "/").map { authority[$0...] } ?? "/"
    }
    return decoded(String(rest.prefix { $0 != "?" && $0 != "#" }))
  }

  private static func decoded(_ path: String) -> String { PercentEncoding.decode(path) ?? path }
}
