import ArgumentParser
import Changes
import Filters
import JSONText
import Papers
import Store

/// `shelf view save|list|remove`
struct ViewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "view", abstract: "Filters with a name, used as @NAME.",
    subcommands: [ViewSave.self, ViewList.self, ViewRemove.self])
}

/// `shelf view save NAME FILTER…`
struct ViewSave: Verb {
  static let configuration = CommandConfiguration(
    commandName: "save", abstract: "Save a filter under a name.")
  @Argument(help: ArgumentHelp("The name, without @.", valueName: "view"))
  var name: String
  @Argument(help: ArgumentHelp("The filter.", valueName: "filter"))
  var words: [String] = []
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let name = try ViewNames.checked(name)
    guard !words.isEmpty else {
      throw Failure(
        .usage, "a view needs a filter", advice: "for example: shelf view save \(name) is:unread")
    }
    _ = try session.exactFilter(words)
    let filter = FilterParser.join(arguments: words, session.registers).composed
    let context = try session.filterContext()
    var fits = 0
    var replaced: String?
    let recorded = try session.library(dryRun: write.dryRun).record(
      "view save \(name)", dryRun: write.dryRun
    ) {
      replaced = try $0.reader.views().first { $0.name.hasBytes(of: name) }?.filter
      try $0.write([.view(name, filter)], seeing: .thisTransaction)
      // Looks up every view it names, itself included.
      fits = try $0.reader.count(.view(name, FilterRange(start: 0, length: 1)), in: context)
    }
    let done = write.dryRun ? "would be saved" : "saved"
    let isOther = replaced.map { !$0.hasBytes(of: filter) } ?? false
    let before = isOther ? " in place of “\(Printable.line(replaced ?? ""))”" : ""
    try WriteReport(session, write).print(
      "@\(name) \(done)\(before); \(Words.papers(fits)) fit now: shelf list @\(name)",
      changed: recorded.operation != nil)
    return .ok
  }
}

/// `shelf view list`
struct ViewList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the views, those of config.toml included.")
  @Flag(help: "One JSON array of {\"name\",\"filter\",\"from\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let saved = try session.read { try $0.views() } ?? []
    let configured = try session.configuration().views.sorted { $0.key < $1.key }
      .filter { entry in !saved.contains { $0.name == entry.key } }
    let views =
      saved.map { (name: $0.name, filter: $0.filter, from: "library") }
      + configured.map { (name: $0.key, filter: $0.value, from: "config.toml") }
    guard !json else { return try printJSON(views, session) }
    let cells = try session.screen().cells
    let width = views.map { cells.width(of: $0.name) }.max() ?? 0
    for view in views {
      let name = cells.padded("@" + Printable.line(view.name), to: width + 1)
      try session.out.line(name + "  " + view.filter)
    }
    return .ok
  }

  private func printJSON(
    _ views: [(name: String, filter: String, from: String)], _ session: Session
  ) throws -> ExitStatus {
    var json = JSONTextWriter.printed
    json.array(views) { json, view in
      json.object { json in
        json.member("name", view.name)
        json.member("filter", view.filter)
        json.member("from", view.from)
      }
    }
    try session.out.bytes(json.bytes + [0x0A])
    return .ok
  }
}

/// `shelf view remove NAME`
struct ViewRemove: Verb {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Forget a view.")
  @Argument(help: ArgumentHelp("The name, without @.", valueName: "view"))
  var name: String
  @OptionGroup var write: WriteOptions
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let name = try ViewNames.checked(name)
    let saved = try session.read { try $0.views().map(\.name) } ?? []
    // An old library may hold the name decomposed, or both ways, which nobody can tell apart.
    let spellings = saved.filter { $0.composed.hasBytes(of: name) }
    guard !spellings.isEmpty else {
      let nearest = Spelling.closest(to: name, among: saved)
      let isConfigured = try session.configuration().views[name] != nil
      throw Failure(
        .notFound,
        isConfigured
          ? "@\(name) stands in \(session.paths.configuration)" : "there is no view @\(name)",
        advice: isConfigured
          ? "take it out there: shelf config edit" : nearest.map { "did you mean “\($0)”?" })
    }
    let recorded = try session.library(dryRun: write.dryRun).record(
      "view remove \(name)", dryRun: write.dryRun
    ) {
      try $0.write(spellings.map { .view($0, nil) }, seeing: .thisTransaction)
    }
    try WriteReport(session, write).print(
      "@\(name) \(write.dryRun ? "would be removed" : "removed")",
      changed: recorded.operation != nil)
    return .ok
  }
}

/// Names of views on the command line.
enum ViewNames {
  /// A name that stands in a filter without quotes.
  static func checked(_ name: String) throws -> String {
    let bare = name.hasPrefix("@") ? String(name.dropFirst()) : name
    guard let name = Tag(typed: bare) else {
      throw Failure(
        .usage, "“\(bare)” is no name for a view", advice: "use letters, digits and - _ . only")
    }
    return name.name
  }
}
