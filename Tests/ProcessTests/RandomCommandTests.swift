import Foundation
import Papers
import TestSupport
import Testing

/// Two hundred random sequences of commands, each a process, against a plain list in memory: equal
/// after each command, undo included. Half are from PAPERSHELF_SEED where that is set:
///
///     PAPERSHELF_SEED=7 swift test --filter RandomCommandTests
@Suite struct RandomCommandTests {
  @Test(arguments: 0..<8)
  func equalsThePlainList(_ batch: Int) throws {
    let first = batch % 2 == 0 ? 40_000 : SeededGenerator.wanted ?? 40_000
    for number in 0..<25 {
      let seed = first &+ UInt64(batch * 25 + number)
      var sequence = try CommandSequence(seed: seed)
      for _ in 0..<12 {
        let words = try sequence.step()
        let difference = try sequence.difference()
        #expect(difference == nil, "seed \(seed), after \(words): \(sequence.trace)")
        if difference != nil { return }
      }
    }
  }
}

struct CommandSequence {
  let workspace: Workspace
  let shelf: ShelfProcess
  let digests: SmallDigests
  var reference = ReferenceList()
  var generator: SeededGenerator
  var trace: [String] = []

  init(seed: UInt64) throws {
    workspace = try Workspace(seed: seed)
    shelf = ShelfProcess(home: workspace.url.appendingPathComponent("home"))
    digests = try SmallDigests(folder: workspace.url, days: 3, papersPerDay: 3)
    generator = SeededGenerator(seed: seed)
  }

  /// Gives one command and does the same to the plain list.
  mutating func step() throws -> [String] {
    let words = try next()
    trace.append(words.joined(separator: " "))
    return words
  }

  private mutating func next() throws -> [String] {
    switch Int.random(in: 0..<12, using: &generator) {
    case 0, 1: try importDay()
    case 2: try mark()
    case 3: try short()
    case 4: try star()
    case 5, 6: try tag()
    case 7: try rename()
    case 8: try note()
    case 9: try dryRun()
    case 10: try reverse("redo", reference.redo())
    default: try reverse("undo", reference.undo())
    }
  }

  private mutating func give(
    _ words: [String], allowing allowed: Set<Int32> = [0]
  ) throws -> [String] {
    let outcome = try shelf.run(words)
    #expect(allowed.contains(outcome.status), "\(words): \(outcome.status) \(outcome.errors)")
    return words
  }

  private mutating func importDay() throws -> [String] {
    let day = Int.random(in: 0..<digests.files.count, using: &generator)
    let file = digests.files[day]
    let words = try give(["import", file.path])
    let date = String(file.lastPathComponent.dropLast(3))
    reference.act { state in
      for index in 0..<digests.papersPerDay {
        let id = PaperID(trusted: digests.ids[day * digests.papersPerDay + index])
        var entry = state[id] ?? .init()
        if !entry.isListed { entry.isOnList = true }
        entry.appearances[ByteText(date)] = index
        state[id] = entry
      }
    }
    return words
  }

  /// A filter and the ids it selects among the papers on the list.
  private mutating func filter() -> (words: [String], ids: [PaperID]) {
    let listed = reference.state.filter(\.value.isListed)
    func ids(_ test: (ReferenceList.Entry) -> Bool) -> [PaperID] {
      listed.filter { test($0.value) }.map(\.key)
    }
    let (kv, cafe) = (Tag(trusted: "kv"), Tag(trusted: "caf\u{E9}"))
    switch Int.random(in: 0..<7, using: &generator) {
    case 0: return (["all"], ids { _ in true })
    case 1: return (["is:unread"], ids { $0.status == .unread })
    case 2: return (["+kv", "or", "is:starred"], ids { $0.tags.contains(kv) || $0.starred })
    case 3: return (["not", "has:note"], ids { $0.notes.isEmpty })
    case 4: return (["date:2025-07-01"], ids { $0.appearances[ByteText("2025-07-01")] != nil })
    case 5: return (["+cafe\u{301}"], ids { $0.tags.contains(cafe) })
    default:
      let sorted = listed.keys.sorted()
      guard let id = sorted.randomElement(using: &generator) else { return (["all"], []) }
      return ([id.rawValue], [id])
    }
  }

  private mutating func act(
    _ verb: [String], allowing allowed: Set<Int32> = [0],
    _ model: (inout ReferenceList.Entry) -> Void
  ) throws -> [String] {
    let (words, ids) = filter()
    let given = try give(verb + words, allowing: allowed)
    reference.act { state in for id in ids { model(&state[id, default: .init()]) } }
    return given
  }

  private mutating func mark() throws -> [String] {
    let status = ReadingStatus.allCases.randomElement(using: &generator) ?? .read
    return try act(["mark", status.rawValue]) { $0.status = status }
  }

  private mutating func short() throws -> [String] {
    let verbs: [(String, ReadingStatus)] = [
      ("read", .read), ("unread", .unread), ("queue", .queued), ("reading", .reading),
      ("skip", .skipped),
    ]
    let (verb, status) = verbs[Int.random(in: 0..<verbs.count, using: &generator)]
    return try act([verb]) { $0.status = status }
  }

  private mutating func star() throws -> [String] {
    let on = Bool.random(using: &generator)
    return try act([on ? "star" : "unstar"]) { $0.starred = on }
  }

  private mutating func tag() throws -> [String] {
    let on = Int.random(in: 0..<3, using: &generator) > 0
    let names =
      [["kv"], ["kv", "ml/缓存"], ["cafe\u{301}"], ["caf\u{E9}"]]
      .randomElement(using: &generator) ?? []
    // What is typed either way is one tag.
    let tags = names.compactMap { Tag(typed: $0) }
    // Taking off a tag that no paper bears is a mistake the person is told of.
    let isUsed = tags.allSatisfy { tag in
      reference.state.values.contains { $0.isListed && $0.tags.contains(tag) }
    }
    let verb = ["tag", on ? "add" : "remove", names.joined(separator: ",")]
    return try act(verb, allowing: on || isUsed ? [0] : [1]) {
      if on { $0.tags.formUnion(tags) } else if isUsed { $0.tags.subtract(tags) }
    }
  }

  private mutating func rename() throws -> [String] {
    let (kv, cache) = (Tag(trusted: "kv"), Tag(trusted: "cache"))
    let isUsed = reference.state.values.contains { $0.isListed && $0.tags.contains(kv) }
    let words = try give(["tag", "rename", "kv", "cache"], allowing: isUsed ? [0] : [0, 1])
    reference.act { state in
      for (id, entry) in state where entry.isListed && entry.tags.contains(kv) {
        state[id]?.tags.remove(kv)
        state[id]?.tags.insert(cache)
      }
    }
    return words
  }

  private mutating func note() throws -> [String] {
    let listed = reference.state.filter(\.value.isListed).keys.sorted()
    guard let id = listed.randomElement(using: &generator) else { return ["nothing"] }
    let text = "想法 \(trace.count)\n第二行"
    let words = try give(["note", "add", id.rawValue, "-m", text])
    reference.act { $0[id]?.notes[ByteText(text)] = ByteText(text) }
    return words
  }

  private mutating func dryRun() throws -> [String] {
    try give(["mark", "read", "all", "--dry-run"])
  }

  private mutating func reverse(_ verb: String, _ isDone: Bool) throws -> [String] {
    let outcome = try shelf.run(verb)
    #expect((outcome.status == 0) == isDone, "\(verb): \(outcome.status) \(outcome.errors)")
    return [verb]
  }

  /// The first difference between what `export` says and the plain list.
  func difference() throws -> String? {
    let outcome = try shelf.run("export", "jsonl", "all")
    var found: ReferenceList.State = [:]
    for line in outcome.output.split(separator: "\n") {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      guard let id = object["id"] as? String else { return "a line without id: \(line)" }
      let paper = PaperID(trusted: id)
      found[paper] = Self.entry(object, reference.state[paper]?.isOnList ?? false)
    }
    let wanted = reference.state.filter(\.value.isListed)
    for id in Set(found.keys).union(wanted.keys).sorted() where found[id] != wanted[id] {
      return "\(id): \(String(describing: found[id])) instead of \(String(describing: wanted[id]))"
    }
    return nil
  }

  private static func entry(_ object: [String: Any], _ isOnList: Bool) -> ReferenceList.Entry {
    var entry = ReferenceList.Entry()
    entry.status = ReadingStatus(rawValue: object["status"] as? String ?? "") ?? .unread
    entry.starred = object["starred"] as? Bool ?? false
    entry.tags = Set((object["tags"] as? [String] ?? []).map { Tag(trusted: $0) })
    for note in object["notes"] as? [[String: Any]] ?? [] {
      let text = note["text"] as? String ?? ""
      entry.notes[ByteText(text)] = ByteText(text)
    }
    for digest in object["digests"] as? [[String: Any]] ?? [] {
      let date = digest["date"] as? String ?? ""
      entry.appearances[ByteText(date)] = digest["index"] as? Int ?? -1
    }
    entry.isOnList = isOnList
    return entry
  }
}
