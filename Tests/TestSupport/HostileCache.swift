/// A cache before the hostile server, which keeps for ever what a GET brought, missing files
/// included, whatever the request says of that.
struct HostileCache {
  /// Whether it says so, by `Age`.
  var tellsAge: Bool
  private var kept: [String: HostileReply] = [:]

  init(tellsAge: Bool) { self.tellsAge = tellsAge }

  func answer(_ request: RecordedRequest) -> HostileReply? {
    guard request.method == "GET", var reply = kept[name(request)] else { return nil }
    if tellsAge { reply.headers.append("Age: 9") }
    return reply
  }

  mutating func keep(_ reply: HostileReply, for request: RecordedRequest) {
    if request.method == "GET" { kept[name(request)] = reply }
  }

  private func name(_ request: RecordedRequest) -> String { request.path + "?" + request.query }
}
