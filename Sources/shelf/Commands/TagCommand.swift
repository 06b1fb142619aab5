import ArgumentParser
import Changes
import Filters
import JSONText
import Papers
import Store

/// `shelf tag add|remove|rename|list`
struct TagCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "tag", abstract: "Tags of papers; ml/attention is a child of ml.",
    subcommands: [TagAdd.self, TagRemove.self, TagRename.self, TagList.self])
}

/// `shelf tag add T[,T] FILTER…`
struct TagAdd: Verb {
  static let configuration = CommandConfiguration(
    commandName: "add", abstract: "Tag papers.")
  @Argument(help: ArgumentHelp("Tags with commas between.", valueName: "tags"))
  var tags: String
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try TagNames.checkOrder(tags, which.words, verb: "tag add")
    let tags = try TagNames.read(tags)
    return try FilterWrite(session, write, "tag add \(self.tags)", which).run(
      done: "tagged " + TagNames.words(tags),
      unless: { tags.allSatisfy($0.tags.map(\.composed).contains) }
    ) { id, _ in tags.map { .tag(id, $0, true) } }
  }
}

/// `shelf tag remove T[,T] FILTER…`
struct TagRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take tags off papers.")
  @Argument(help: ArgumentHelp("Tags with commas between.", valueName: "tags"))
  var tags: String
  @OptionGroup var which: RequiredFilter
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try TagNames.checkOrder(tags, which.words, verb: "tag remove")
    let tags = try TagNames.read(tags)
    let spellings = try TagNames.inUse(tags, session)
    return try FilterWrite(session, write, "tag remove \(self.tags)", which).run(
      done: "without " + TagNames.words(tags),
      unless: { !spellings.contains(where: $0.tags.contains) }
    ) { id, _ in spellings.map { .tag(id, $0, false) } }
  }
}

/// `shelf tag rename OLD NEW`
struct TagRename: Verb {
  static let configuration = CommandConfiguration(
    commandName: "rename", abstract: "Rename a tag and its children everywhere.")
  @Argument(help: ArgumentHelp("The tag.", valueName: "old"))
  var old: String
  @Argument(help: ArgumentHelp("Its new name.", valueName: "new"))
  var new: String
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let (from, to) = (try TagNames.one(old), try TagNames.one(new))
    _ = try TagNames.inUse([from], session)
    let context = try session.filterContext()
    var changed = ChangedPapers()
    let recorded = try session.library(dryRun: write.dryRun).record(
      "tag rename \(old) \(new)", dryRun: write.dryRun
    ) { recorder in
      let rows = try recorder.reader.rows(.tag(from), in: context)
      for row in rows { changed.add(row.id, row.title) }
      recorder.describe("tag rename \(old) \(new) (\(Words.papers(rows.count)))")
      for row in rows {
        let facts = try row.tags.filter { from.covers($0.composed) }.flatMap {
          try Self.facts(row.id, $0, from, to)
        }
        try recorder.write(facts, seeing: .thisTransaction)
      }
    }
    try WriteReport(session, write).print(
      recorded, of: changed.count, done: "retagged \(from) → \(to)", changed)
    return .ok
  }

  private static func facts(_ id: PaperID, _ tag: Tag, _ from: Tag, _ to: Tag) throws -> [Fact] {
    let rest = String(Substring(tag.composed.name.utf8.dropFirst(from.name.utf8.count)))
    let renamed = try TagNames.one(to.name + rest)
    return tag == renamed ? [] : [.tag(id, tag, false), .tag(id, renamed, true)]
  }
}

/// `shelf tag list`
struct TagList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tags and how many papers bear each.")
  @Flag(help: "One JSON array of {\"tag\",\"papers\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let tags = try session.read { try $0.tags() } ?? []
    guard !json else {
      var writer = JSONTextWriter.printed
      writer.array(tags) { writer, entry in
        writer.object { writer in
          writer.member("tag", entry.tag.name)
          writer.member("papers", entry.papers)
        }
      }
      try session.out.bytes(writer.bytes + [0x0A])
      return .ok
    }
    let screen = try session.screen()
    let width = tags.map { screen.cells.width(of: $0.tag.name) }.max() ?? 0
    for (tag, papers) in tags {
      let name = screen.cells.padded(Printable.line(tag.name), to: width)
      try session.out.line(screen.palette.paint(name, .green) + "  " + String(papers))
    }
    return .ok
  }
}

/// Tags on the command line.
enum TagNames {
  /// `kv,ml/attention`
  static func read(_ text: String) throws -> [Tag] {
    let names = text.split(separator: ",", omittingEmptySubsequences: false)
    return try names.map { try one(String($0)) }
  }

  /// One tag; a leading `+`, as in filters, is left out.
  static func one(_ name: String) throws -> Tag {
    if let tag = Tag(typed: name.hasPrefix("+") ? String(name.dropFirst()) : name) { return tag }
    let rule = "a tag is letters, digits and - _ . with / between levels: ml/attention"
    let near = Self.near(name)
    throw Failure(
      .usage, "“\(name)” is no tag", details: near == nil ? [] : [rule],
      advice: near.map { "did you mean “\($0)”?" } ?? rule)
  }

  /// The same words as a tag: `large-language-models`.
  static func near(_ name: String) -> String? {
    let words = name.split { !($0.isLetter || $0.isNumber || "-_./".contains($0)) }
    let tag = words.joined(separator: "-")
    return Tag(typed: tag) == nil ? nil : tag
  }

  /// A paper in the place of the tags: the words stand the wrong way round. `+26507` is a tag all
  /// the same.
  static func checkOrder(_ tags: String, _ words: [String], verb: String) throws {
    guard FilterParser.looksLikeID(tags) else { return try checkSpelling(tags, words, verb: verb) }
    let tag = words.first { Tag($0) != nil && !FilterParser.looksLikeID($0) }
    let rest = words.filter { $0 != tag }
    throw Failure(
      .usage, "“\(tags)” is a paper, and the tags come first",
      advice: "shelf \(verb) " + Programs.line([tag ?? "TAG", tags] + rest))
  }

  private static func checkSpelling(_ tags: String, _ words: [String], verb: String) throws {
    do {
      _ = try read(tags)
    } catch var failure as Failure {
      let parts = tags.split(separator: ",").map(String.init)
      let mended = parts.compactMap { Tag(typed: $0)?.name ?? near($0) }
      guard mended.count == parts.count, !parts.isEmpty else { throw failure }
      let rest = words.isEmpty ? ["FILTER"] : words
      failure.advice = "shelf \(verb) " + Programs.line([mended.joined(separator: ",")] + rest)
      throw failure
    }
  }

  /// `+kv +ml`
  static func words(_ tags: [Tag]) -> String {
    tags.map { "+" + $0.name }.joined(separator: " ")
  }

  /// Tags as papers bear them: an old library may hold one composed and decomposed, which a person
  /// cannot tell apart. One that nobody uses is a slip of the finger.
  static func inUse(_ tags: [Tag], _ session: Session) throws -> [Tag] {
    let used = try session.read { try $0.tags().map(\.tag) } ?? []
    for tag in tags where !used.contains(where: { tag.covers($0.composed) }) {
      let nearest = Spelling.closest(to: tag.name, among: used.map(\.name))
      throw Failure(
        .notFound, "no paper is tagged \(tag.name)",
        advice: nearest.map { "did you mean “\($0)”?" } ?? "`shelf tag list` has them all")
    }
    return tags + used.filter { !tags.contains($0) && tags.contains($0.composed) }
  }
}
