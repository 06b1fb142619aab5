extension RemoteKind {
  /// GET and PUT, no listing.
  package static let plain = RemoteKind(
    http: "http-put",
    explanation: "http-put+https://… for a server that knows GET and PUT only"
  ) { PlainHTTPFolder(client: $0, collection: $1) }
}

/// An endpoint that only knows GET and PUT, perhaps DELETE: it cannot list, and the folder is there
/// or made by the server.
package final class PlainHTTPFolder: RemoteFolder, SpeakingHTTP {
  let files: FileVerbs

  init(client: HTTPClient, collection: WebAddress) {
    files = FileVerbs(client: client, collection: collection)
  }

  /// Requests made and bytes moved.
  package var traffic: Traffic { files.client.traffic }

  /// What stands between here and the server.
  package var cacheBetween: CacheBetween { files.cacheBetween }

  /// Always `.unsupported`, at no request.
  package func list() throws(TransportError) -> Listing { .unsupported }

  /// Parallel GETs. There is nothing else to ask that would prove the credentials, so a 403 (which
  /// some stores say of what is missing) is taken as missing, and the next PUT tells the truth;
  /// a 401 is not, before something has succeeded.
  package func read(_ names: [RemoteName], limit: Int) -> [Result<ReadOutcome, TransportError>] {
    files.read(names, limit: limit, proof: { false }).map { result in
      if case .failure(let error) = result, error.status == 403 { return .success(.missing) }
      return result
    }
  }

  /// PUT.
  package func write(_ name: RemoteName, _ bytes: [UInt8]) throws(TransportError) {
    try files.check(files.put(name, bytes), method: "PUT")
  }

  /// DELETE, where the endpoint has it.
  package func delete(_ name: RemoteName) throws(TransportError) {
    try files.delete(name, proof: { false })
  }
}
