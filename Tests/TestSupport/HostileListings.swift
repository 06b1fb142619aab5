/// The listings of the hostile server: PROPFIND and ListObjectsV2, honest or bent.
extension HostileState {
  func propfind(_ request: RecordedRequest) -> HostileReply {
    if quirks.contains(.listingRefused405) { return HostileReply(405) }
    if quirks.contains(.listingRefused403) { return HostileReply(403) }
    let folder = request.path.hasSuffix("/") ? request.path : request.path + "/"
    guard collections.contains(folder) else { return HostileReply(404) }
    let isDeep = quirks.contains(.depthIgnored)
    var paths = files.keys.filter {
      isDeep ? $0.hasPrefix(folder) : parent($0) == folder
    }.sorted()
    if request.headers["depth"] == "0" { paths = [] }
    if quirks.contains(.listingShort) { paths.removeLast(min(1, paths.count)) }
    if quirks.contains(.listingDuplicated) { paths += paths }
    var text = head(folder)
    for path in paths { text += entry(path, folder: folder) }
    text += "</\(prefix)multistatus>"
    if quirks.contains(.listingCut) { text = String(text.dropLast(text.count / 3)) }
    return .xml(207, text)
  }

  private var prefix: String { quirks.contains(.hrefOtherPrefix) ? "lp9:" : "D:" }

  private func head(_ folder: String) -> String {
    let p = prefix
    let entities = quirks.contains(.listingWithEntities)
    let doctype = "<!DOCTYPE a [<!ENTITY b \"bbbb\"><!ENTITY c \"&b;&b;&b;&b;\">]>"
    let deep = quirks.contains(.listingDeep) ? String(repeating: "<x>", count: 5000) : ""
    return """
      <?xml version="1.0" encoding="utf-8"?>\(entities ? doctype : "")
      <\(p)multistatus xmlns:\(p.dropLast())="DAV:">\(deep)
      <\(p)response><\(p)href>\(href(folder, folder: folder))</\(p)href><\(p)propstat><\(p)prop>\
      <\(p)resourcetype><\(p)collection/></\(p)resourcetype></\(p)prop>\
      <\(p)status>HTTP/1.1 200 OK</\(p)status></\(p)propstat></\(p)response>
      """
  }

  private func entry(_ path: String, folder: String) -> String {
    let p = prefix
    let size = files[path]?.bytes.count ?? 0
    let tag = files[path].flatMap(etag).map { "<\(p)getetag>\($0)</\(p)getetag>" } ?? ""
    return """
      <\(p)response><\(p)href>\(href(path, folder: folder))</\(p)href><\(p)propstat><\(p)prop>\
      <\(p)resourcetype/><\(p)getcontentlength>\(size)</\(p)getcontentlength>\(tag)</\(p)prop>\
      <\(p)status>HTTP/1.1 200 OK</\(p)status></\(p)propstat>\
      <\(p)propstat><\(p)prop><\(p)quota/></\(p)prop>\
      <\(p)status>HTTP/1.1 404 Not Found</\(p)status></\(p)propstat></\(p)response>
      """
  }

  private func href(_ path: String, folder: String) -> String {
    switch true {
    case quirks.contains(.hrefAbsolute): return "http://127.0.0.1:\(port)\(path)"
    case quirks.contains(.hrefRelative):
      return path == folder ? "./" : String(path.dropFirst(folder.count))
    case quirks.contains(.hrefReencoded):
      return path.utf8.reduce("") { text, byte in
        byte == 0x2F ? text + "/" : text + "%" + String(byte, radix: 16)
      }
    case quirks.contains(.hrefWithoutSlash): return path == folder ? String(path.dropLast()) : path
    case quirks.contains(.hrefOtherRoot): return "/backend" + path
    case quirks.contains(.hrefOutside) && path != folder:
      return "../../etc/" + path.dropFirst(folder.count)
    default: return path
    }
  }

  func s3Listing(_ request: RecordedRequest) -> HostileReply {
    var parameters: [String: String] = [:]
    for pair in request.query.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
      parameters[parts[0]] = (parts.count > 1 ? parts[1] : "").replacing("%2F", with: "/")
    }
    let root = request.path + (parameters["prefix"] ?? "")
    let keys = files.keys.filter { $0.hasPrefix(root) }.sorted()
      .map { String($0.dropFirst(request.path.count)) }
    let after = parameters["continuation-token"]
    let rest = keys.filter { key in after.map { key > $0 } ?? true }
    let page = rest.prefix(pageSize)
    let isCut = page.count < rest.count
    var text = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>\(isCut)</IsTruncated>"
    for key in page {
      let size = files[request.path + key]?.bytes.count ?? 0
      text += "<Contents><Key>\(key)</Key><Size>\(size)</Size></Contents>"
    }
    if isCut, let last = page.last {
      text += "<NextContinuationToken>\(last)</NextContinuationToken>"
    }
    return .xml(200, text + "</ListBucketResult>")
  }
}
