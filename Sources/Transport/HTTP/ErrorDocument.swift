import XMLText

/// What the body of a refusal says in XML: an S3 error ("REST error responses": Code, Message,
/// Region), or a condition of WebDAV (RFC 4918 section 16).
struct ErrorDocument {
  /// The most bytes looked at.
  private static let mostBytes = 64 * 1024

  private var code = ""
  private var region: String?
  /// Words for the person; nil where the document has none.
  private(set) var message: String?
  private var isOfQuota = false

  /// Nil when the body is no such document.
  init?(_ body: [UInt8]) {
    guard body.count <= Self.mostBytes, body.first(where: { $0 > 0x20 }) == UInt8(ascii: "<") else {
      return nil
    }
    var root: String?
    var texts: [String: String] = [:]
    let trouble = XMLWalk.walk(body) { name in
      if root == nil { root = name }
    } leave: { name, text in
      texts[name] = text
    }
    guard trouble == nil, root == "error" else { return nil }
    code = texts["code"] ?? ""
    region = texts["region"].flatMap(Self.region)
    message = texts["message"].flatMap { $0.isEmpty ? nil : $0 }
    // RFC 4331 section 6, and what stores say that count what is paid for.
    isOfQuota =
      texts["quota-not-exceeded"] != nil || code.lowercased().contains("quota")
      || (message ?? "").lowercased().contains("storage cap")
  }

  /// The reason, where it is one that is known.
  var reason: TransportError.Reason? {
    if isOfQuota { return .quota }
    return switch code {
    case "AuthorizationHeaderMalformed" where region != nil: .otherRegion(region)
    case "PermanentRedirect", "TemporaryRedirect", "IllegalLocationConstraintException":
      .otherRegion(region)
    case "RequestTimeTooSkewed", "RequestExpired": .clockSkewed
    case "AccessDenied", "AllAccessDisabled", "UnauthorizedAccess": .noRight
    case "InvalidAccessKeyId": .unknownKey
    case "SignatureDoesNotMatch": .wrongSignature
    case "NoSuchBucket": .noBucket
    default: nil
    }
  }

  /// The name of a region as it may stand in config.toml; nil for anything else.
  static func region(_ text: String) -> String? {
    let isPlain = text.utf8.allSatisfy {
      (0x30...0x39) ~= $0 || (0x61...0x7A) ~= $0 || $0 == UInt8(ascii: "-")
    }
    return (1...40).contains(text.utf8.count) && isPlain ? text : nil
  }
}

extension HTTPResponse {
  /// Why it refuses, where it says so in a way that is known.
  var reason: TransportError.Reason? {
    guard !isSuccess else { return nil }
    if let reason = ErrorDocument(body)?.reason { return reason }
    // S3 tells it so where an answer has no body.
    guard [301, 307, 400].contains(status) else { return nil }
    return headers["x-amz-bucket-region"].flatMap(ErrorDocument.region).map { .otherRegion($0) }
  }
}
