/// A kind of remote folder: how its addresses look, and how one is opened. The type that serves it
/// declares it, and one line of ``RemoteFolders/kinds`` names it.
package struct RemoteKind: Sendable {
  /// What it is called, also in front of a scheme: `s3+https:`.
  package let name: String
  /// How an address of it looks, and what for, within a sentence of help.
  package let explanation: String
  /// Whether requests are signed with the person's keys where nothing else is said of the login.
  package let isSigned: Bool
  /// Schemes of its own, and what an address has in place of them.
  private let schemes: KeyValuePairs<String, String>
  private let takesPaths: Bool
  private let opening: Opening

  /// Opens the folder at an address.
  package typealias Opening =
    @Sendable (RemoteProfile, String, Pace) throws(TransportError) -> any RemoteFolder

  /// A kind with everything said.
  /// - Parameter takesPaths: whether an address without a scheme is of this kind.
  package init(
    _ name: String, schemes: KeyValuePairs<String, String> = [:], takesPaths: Bool = false,
    isSigned: Bool = false, explanation: String, open: @escaping Opening
  ) {
    self.name = name
    self.explanation = explanation
    self.isSigned = isSigned
    self.schemes = schemes
    self.takesPaths = takesPaths
    opening = open
  }

  /// A kind that speaks HTTP.
  init(
    http name: String, schemes: KeyValuePairs<String, String> = [:], isSigned: Bool = false,
    explanation: String,
    open: @escaping @Sendable (HTTPClient, WebAddress) throws(TransportError) -> any RemoteFolder
  ) {
    self.init(name, schemes: schemes, isSigned: isSigned, explanation: explanation) {
      profile, address, pace throws(TransportError) in
      let client = try HTTPClient(profile: profile, pace: pace)
      guard let collection = WebAddress(address), collection.query == nil else {
        let shown = address.contains("@") ? "(hidden)" : address
        throw TransportError(
          kind: .refusedByUs, method: "open", url: shown,
          detail: "not an http(s) URL without user, password and query", reason: .address)
      }
      return try open(client, collection)
    }
  }

  /// Opens the folder of a profile.
  func open(
    _ profile: RemoteProfile, at address: String, _ pace: Pace
  ) throws(TransportError) -> any RemoteFolder {
    try opening(profile, address, pace)
  }

  /// What a URL of this kind is to who opens it: the kind's own schemes taken off; nil for a URL
  /// that does not say that it is of this kind.
  func address(of url: String) -> String? {
    guard let colon = url.firstRange(of: "://") else { return takesPaths ? url : nil }
    let scheme = url[..<colon.lowerBound].lowercased()
    let rest = url[colon.lowerBound...]
    if let prefix = schemes.first(where: { $0.key == scheme })?.value { return prefix + rest }
    guard scheme.hasPrefix(name + "+") else { return nil }
    return String(scheme.dropFirst(name.utf8.count + 1)) + rest
  }
}

extension RemoteKind: Hashable {
  /// By name.
  package static func == (a: RemoteKind, b: RemoteKind) -> Bool { a.name == b.name }
  /// By name.
  package func hash(into hasher: inout Hasher) { hasher.combine(name) }
}
