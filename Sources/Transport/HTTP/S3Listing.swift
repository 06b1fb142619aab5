import XMLText

/// One page of ListObjectsV2.
struct S3Listing {
  private(set) var entries: [(key: String, size: Int?)] = []
  /// What to ask the next page with; nil on the last.
  private(set) var nextToken: String?

  /// Nil when the body is no whole `ListBucketResult` document.
  init?(_ body: [UInt8]) {
    var root: String?
    var found: [(key: String, size: Int?)] = []
    var token: String?
    var isCut = false
    var key: String?
    var size: Int?
    let trouble = XMLWalk.walk(body) { name in
      if root == nil { root = name }
      if name == "contents" { (key, size) = (nil, nil) }
    } leave: { name, text in
      switch name {
      case "contents": if let key, !key.isEmpty { found.append((key, size)) }
      case "key": key = text
      case "size": size = Int(text).flatMap { $0 >= 0 ? $0 : nil }
      case "istruncated": isCut = text == "true"
      case "nextcontinuationtoken": token = text
      default: break
      }
    }
    guard trouble == nil, root == "listbucketresult" else { return nil }
    entries = found
    nextToken = isCut ? token : nil
  }
}
