// fuzz: URLText Disk XMLText Transport
@testable import Transport

/// Addresses, redirects and header lines from outside: no trap; an address read again is the same;
/// a redirect never leads to another host, back to http, or to where credentials are part of the
/// address; no more of an answer is kept than its bounds.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzWire(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard (try? CurlLibrary.open()) != nil else { fatalError("no libcurl") }
  var choices = Choices(start, count)
  let method = ["GET", "PUT", "MKCOL", "PROPFIND"][choices.choose(4)]
  let status = [301, 302, 307, 308, 200][choices.choose(5)]
  let base = choices.text()
  let location = choices.text()
  if let address = WebAddress(base) {
    checkAddress(address)
    checkRedirect(from: address, to: location, method, status)
  }
  if let address = WebAddress("https://dav.example.org:8443/a/b/0123456789abcdef.7") {
    checkRedirect(from: address, to: location, method, status)
  }
  checkPause(location)
  checkAnswer(choices)
  return 0
}

private func checkAddress(_ address: WebAddress) {
  check(["http", "https"].contains(address.scheme), address.scheme)
  check(address.path.utf8.first == 0x2F, "the path \(address.path)")
  check(address.path.utf8.allSatisfy { 0x20 < $0 && $0 < 0x7F }, "the path \(address.path)")
  check(isValid(address.text), "text that is no UTF-8")
  let again = WebAddress(address.text)
  check(again == address, "\(address) reads \(again.map { "\($0)" } ?? "nothing")")
  let shown = address.shown.utf8
  check(shown.allSatisfy { $0 > 0x20 && $0 != 0x7F }, "a control character in \(address.shown)")
  check(WebAddress(address.asCollection.text) == address.asCollection, "the collection differs")
  var above = address.parent
  var steps = 0
  while let parent = above {
    check(parent.host == address.host && parent.path.hasSuffix("/"), "above: \(parent)")
    above = parent.parent
    steps += 1
    check(steps <= address.path.utf8.count, "no end of parents")
  }
}

private func checkRedirect(
  from: WebAddress, to location: String, _ method: String, _ status: Int
) {
  let answer = HTTPResponse(
    status: status, headers: ["location": location], body: [], address: from)
  guard let to = try? Redirect.target(of: answer, method: method) else { return }
  checkAddress(to)
  check(to.host == from.host, "to another host: \(to)")
  check(from.scheme == "http" || to.scheme == "https", "back to http: \(to)")
  check(to.port == from.port || (from.scheme == "http" && to.scheme == "https"), "to \(to.port)")
  check(method == "GET" || to.lastComponent == from.lastComponent, "to another name: \(to)")
}

private func checkPause(_ header: String) {
  let now = 1_767_225_600.0
  guard let pause = RetryPolicy.pause(asked: header, now: now) else { return }
  check(pause >= 0 && pause.isFinite, "a pause of \(pause) seconds")
}

private func checkAnswer(_ choices: Choices) {
  var choices = choices
  let sink = ResponseSink()
  let limit = choices.choose(256)
  sink.reset(limit: limit)
  while !choices.isEmpty {
    let isHeader = choices.choose(3) > 0
    let line = choices.line()
    let goesOn = line.withUnsafeBytes { isHeader ? sink.takeHeader($0) : sink.takeBody($0) }
    check(sink.body.count <= limit, "\(sink.body.count) bytes of at most \(limit)")
    if !goesOn {
      check(sink.overflowed, "stopped without a reason")
      break
    }
  }
  for (name, value) in sink.headers {
    check(isValid(name) && isValid(value) && name == name.lowercased(), "the header \(name)")
    check(value.utf8.first.map { $0 != 0x20 } ?? true, "a value that is not trimmed")
  }
}
