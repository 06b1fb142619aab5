/// One file of the web, fetched by the same rules as a remote folder: for digests given by URL.
package enum WebPage {
  /// The bytes at an http(s) URL, and the `Content-Type` that the server gives them.
  /// - Parameter limit: the most bytes accepted.
  /// - Throws: ``TransportError``; `.garbled` with the status where the answer is not 200.
  package static func fetch(
    _ profile: RemoteProfile, limit: Int, pace: Pace
  ) throws(TransportError) -> (bytes: [UInt8], type: String?) {
    // First of all: the client opens libcurl, which reads addresses too.
    let client = try HTTPClient(profile: profile, pace: pace)
    guard let address = WebAddress(profile.url) else {
      throw TransportError(
        kind: .refusedByUs, method: "GET",
        url: profile.url.contains("@") ? "(hidden)" : profile.url,
        detail: "not an http(s) URL without user and password")
    }
    let answer = try client.send(HTTPRequest(method: "GET", address: address, limit: limit))
    guard answer.status == 200 else {
      let isLocked = [401, 403, 407].contains(answer.status)
      throw TransportError(
        kind: isLocked
          ? .unauthorized : RetryPolicy.mayPass(status: answer.status) ? .busy : .garbled,
        method: "GET", url: answer.address.shown, status: answer.status,
        detail: "the server does not give this file", reason: client.reason(of: answer))
    }
    return (answer.body, answer.headers["content-type"])
  }
}
