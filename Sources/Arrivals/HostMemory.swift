import JSONText

/// What servers asked for: when each was asked last, and until when it wants to be left alone.
///
/// Invariants: a server is left alone for ``longest`` at most, whatever it asks for; a ban that was
/// noted later than now, by a clock that was wrong once, is none.
package struct HostMemory: Hashable, Sendable {
  /// Milliseconds between two requests to one host.
  package static let pause: Int64 = 3000
  /// The longest ban, milliseconds: a week.
  static let longest: Int64 = 7 * 86_400_000
  /// What a server that says no time is left alone for at first, milliseconds.
  private static let unsaid: Int64 = 15 * 60_000

  private struct Host: Hashable {
    var asked: Int64 = 0
    var until: Int64 = 0
  }

  private var hosts: [String: Host] = [:]
  private static let most = 1000

  /// Nothing yet.
  package init() {}

  /// Milliseconds to wait before a host is asked again.
  package func wait(_ host: String, at now: Int64) -> Int64 {
    guard let asked = hosts[host]?.asked, asked <= now else { return 0 }
    return max(0, Self.pause - (now - asked))
  }

  /// Until when a host wants to be left alone, milliseconds since 1970; nil where it does not.
  package func ban(_ host: String, at now: Int64) -> Int64? {
    guard let known = hosts[host], known.asked <= now, now < known.until,
      known.until - known.asked <= Self.longest
    else { return nil }
    return known.until
  }

  /// A host was asked.
  package mutating func ask(_ host: String, at now: Int64) {
    hosts[host, default: Host()].asked = now
  }

  /// A host wants to be left alone.
  /// - Parameters:
  ///   - seconds: for how long, where it says so.
  ///   - failures: how often it said so before.
  /// - Returns: until when it is left alone, milliseconds since 1970.
  @discardableResult
  package mutating func ban(
    _ host: String, seconds: Double?, failures: Int, at now: Int64
  ) -> Int64 {
    let unsaid = Self.unsaid << Int64(min(max(0, failures), 6))
    let length = seconds.map { Int64(min(max(0, $0), 1e9) * 1000) } ?? unsaid
    let until = now + min(max(length, Self.pause), Self.longest)
    hosts[host] = Host(asked: now, until: until)
    return until
  }
}

extension HostMemory {
  /// This and what another shelf noted meanwhile: of each server what is longest.
  package func merged(with other: HostMemory, at now: Int64) -> HostMemory {
    var merged = self
    merged.hosts.merge(other.hosts.filter { $0.value.asked <= now }) { mine, theirs in
      guard mine.asked <= now else { return theirs }
      return Host(asked: max(mine.asked, theirs.asked), until: max(mine.until, theirs.until))
    }
    return merged
  }

  /// As it is kept: nothing of hosts that may be asked.
  package func json(at now: Int64) -> String {
    let kept = hosts.filter { ban($0.key, at: now) != nil || wait($0.key, at: now) > 0 }
    var json = JSONTextWriter()
    json.object { json in
      for (name, host) in kept.sorted(by: { $0.key < $1.key }).prefix(Self.most) {
        json.key(text: name)
        json.array([host.asked, host.until]) { $0.number($1) }
      }
    }
    return json.text
  }

  /// What was kept; nothing where that cannot be read.
  package init(kept text: String?) {
    guard let text else { return }
    var hosts: [String: Host] = [:]
    let isRead: Void? = try? JSONTextReader.read(text) { reader in
      try reader.object { name, reader in
        var times: [Int64] = []
        try reader.array { times.append(try $0.integer()) }
        if times.count == 2 { hosts[name] = Host(asked: times[0], until: times[1]) }
      }
    }
    if isRead != nil { self.hosts = hosts }
  }
}
