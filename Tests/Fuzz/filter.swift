// fuzz: URLText Disk Papers JSONText Filters Changes Store
import Changes
import Filters
import Papers

@testable import Store

/// Any text is a filter or a ``FilterError`` that points into it. A filter makes SQL that SQLite
/// takes, and each paper either fits it or its opposite, never both and never neither.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzFilter(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var choices = Choices(start, count)
  let text = String(decoding: choices.remainder(), as: UTF8.self)
  let filter: Filter
  do {
    filter = try FilterParser.parse(text, today: PaperDate(trusted: "2025-10-09"))
  } catch {
    let range = error.range
    check(range.start >= 0 && range.length >= 0, "a range below nothing: \(range)")
    check(
      range.start + range.length <= error.text.count + 1, "\(range) points out of “\(error.text)”")
    return 0
  }
  do {
    try FilterLibrary.shared.ask(filter)
  } catch let error as LibraryError {
    switch error {
    case .filter, .notFound, .ambiguous: break
    default: check(false, "“\(text)” made \(error)")
    }
  } catch {
    check(false, "“\(text)” made \(error)")
  }
  return 0
}

/// A few papers of every sort.
final class FilterLibrary {
  nonisolated(unsafe) static let shared = FilterLibrary()

  private let library: Library
  private let context = FilterContext(
    today: PaperDate(trusted: "2025-10-09"),
    startOfDay: { Int64(CalendarDay($0).number) * 86_400_000 },
    listing: { $0 == 1 ? PaperID(trusted: "2509.00001") : nil },
    views: ["week": "added:7d", "loop": "@loop"])

  private init() {
    let surroundings = Surroundings(
      now: { 1_760_000_000_000 }, random: { 7 }, machineName: "desk")
    do {
      library = try Library(inMemory: surroundings)
      try library.record("papers") { recorder in
        for number in 1...9 { try recorder.write(Self.facts(number), seeing: .thisTransaction) }
        try recorder.write([.view("mine", "+ml or is:starred")], seeing: .thisTransaction)
      }
    } catch {
      fatalError("\(error)")
    }
  }

  private static func facts(_ number: Int) throws -> [Fact] {
    let id = PaperID(trusted: "2509.0000\(number)")
    let date = number.isMultiple(of: 3) ? nil : PaperDate("2025-10-0\(number)")
    let content = PaperContent(
      title: "Lantern \(number) 100%_'\"", summary: "缓存 cache \(number)",
      keywords: number.isMultiple(of: 2) ? ["KV 缓存"] : [], tldr: number == 5 ? "亮" : nil)
    var facts: [Fact] = [
      .content(id, DigestContent(content, date: date, source: "lanterns")),
      .added(id, 1_759_000_000_000),
      .appearance(id, date, source: "lanterns", index: number),
      .status(id, ReadingStatus.allCases[number % ReadingStatus.allCases.count]),
      .starred(id, number > 6),
    ]
    if let tag = Tag("ml"), number < 4 { facts.append(.tag(id, tag, true)) }
    if number == 8 { facts.append(.note(id, id: "abcd", NoteVersion(text: "a note\nof 缓"))) }
    return facts
  }

  func ask(_ filter: Filter) throws {
    try library.read { reader in
      let with = try reader.ids(filter, in: context)
      let without = try reader.ids(.not(filter), in: context)
      check(with.count + without.count == 9, "\(with.count) fit and \(without.count) do not")
      check(Set(with).isDisjoint(with: without), "a paper fits both \(filter) and its opposite")
      check(try reader.count(filter, in: context) == with.count, "another count than list")
    }
  }
}
