import CCurl

/// The door to libcurl: nothing of it is loaded before the first ``open()``.
enum CurlLibrary {
  private static let trouble: String? = ccurl_open().map { String(cString: $0) }

  /// Loads libcurl once. `.local` with the Debian package's name where it is not there.
  static func open() throws(TransportError) {
    guard let trouble else { return }
    throw TransportError(
      kind: .local, method: "open", url: "libcurl.so.4",
      detail: "\(trouble) (Debian package libcurl4)")
  }

  /// libcurl's sentence for a code.
  static func words(_ code: CURLcode) -> String {
    ccurl_easy_words(code).map { String(cString: $0) } ?? "code \(code.rawValue)"
  }
}
