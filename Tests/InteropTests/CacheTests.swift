import TestSupport
import Testing
import Transport

/// Two machines with a real cache between them and the server.
@Suite struct RealCacheTests {
  private static let caches = CacheServer.Kind.allCases.filter(CacheServer.isInstalled)

  /// Both by way of the cache, or the first on the server's side of it.
  @Test("Two machines agree", arguments: caches, [true, false])
  func agree(_ kind: CacheServer.Kind, areBothBehind: Bool) throws {
    for origin in [RealServerKind.nginxDav, .nginxPut] where origin.isInstalled {
      let server = try RealServer(origin)
      let cache = try CacheServer(kind, before: server.profile.url)
      let (desk, laptop) = (try Machine("desk"), try Machine("laptop"))
      let direct = server.profile.url
      for (machine, url) in [
        (desk, areBothBehind ? cache.url(direct) : direct), (laptop, cache.url(direct)),
      ] {
        try machine.does("remote", "add", "home", url)
      }
      try desk.does("add", "2510.00001", "--title", "A lantern")
      try laptop.does("add", "2510.00002", "--title", "A lake")
      for edits in [[], ["star", "all"], ["tag", "add", "kv", "all"]] as [[String]] {
        for machine in [desk, laptop] {
          if !edits.isEmpty { try machine.does(edits) }
          try machine.syncs()
        }
      }
      for machine in [desk, laptop] {
        let result = try machine.syncs()
        #expect(result.problems == [], "\(kind) \(origin)")
      }
      #expect(try desk.dump() == laptop.dump(), "\(kind) \(origin)")
      #expect(try desk.papers().count == 2)
    }
  }

  @Test("Without a try before: the first sync notices it", arguments: caches)
  func noticesByItself(_ kind: CacheServer.Kind) throws {
    guard RealServerKind.nginxDav.isInstalled else { return }
    let server = try RealServer(.nginxDav)
    let cache = try CacheServer(kind, before: server.profile.url)
    let machines = [try Machine("desk"), try Machine("laptop")]
    for machine in machines {
      try machine.does("remote", "add", "home", cache.url(server.profile.url), "--no-test")
      try machine.does("add", "2510.0000\(machine.name.count)", "--title", "A lantern")
    }
    for _ in 0..<3 { for machine in machines { try machine.syncs() } }
    #expect(try machines[0].dump() == machines[1].dump())
    #expect(try machines[0].papers().count == 2)
  }

  @Test(
    "Before a server that takes no queries the person reads what stands between",
    arguments: caches.filter { [.nginx, .varnish].contains($0) })
  func isTold(_ kind: CacheServer.Kind) throws {
    let server = try RealServer(.barePython)
    let cache = try CacheServer(kind, before: server.profile.url)
    let desk = try Machine("desk")
    let words = try desk.fails(69, "remote", "add", "home", cache.url(server.profile.url))
    #expect(words.contains("cache") && words.contains("switch it off"), "\(words)")
    try desk.does("add", "2510.00001", "--title", "A lantern")
    try desk.does("remote", "add", "home", cache.url(server.profile.url), "--no-test")
    let outcome = try desk.shelf.run(["sync"])
    #expect(outcome.status != 0 && outcome.errors.contains("cache"), "\(outcome.errors)")
  }
}
