import ArgumentParser

/// Words that people bring from other programs, and what is meant by them here.
///
/// Whoever types `done` has read a paper, and whoever types `todo` wants it in the queue: by the
/// letters alone that would be `note`, and `undo`, which takes work back.
enum Habits {
  /// A first word, and the command that it means; of several the first that this build has.
  private static let verbs: [(typed: [String], meant: [[String]])] = [
    (["done", "finish", "finished", "complete", "completed", "seen"], [["read"]]),
    (["todo", "later", "defer", "enqueue", "queued", "toread", "to-read"], [["queue"]]),
    (["start", "begin", "now"], [["reading"]]),
    (["ignore", "dismiss", "skipped", "pass", "reject"], [["skip"]]),
    (["rm", "delete", "del", "drop", "erase", "uninstall"], [["remove"]]),
    (["fav", "favorite", "favourite", "like", "pin", "starred"], [["star"]]),
    (["unfav", "unlike", "unpin"], [["unstar"]]),
    (["ls", "ll", "dir", "all", "papers", "print"], [["list"]]),
    (["find", "grep", "rg", "query", "look", "locate"], [["search"]]),
    (["cat", "info", "details", "display", "get"], [["show"]]),
    (["browse", "url", "web", "pdf", "xdg-open"], [["open"]]),
    (["edit", "annotate"], [["note", "edit"]]),
    (["comment"], [["note", "add"]]),
    (
      ["next", "new", "inbox", "review", "process", "today", "day"],
      [["triage"], ["list", "is:unread"]]
    ),
    (["load", "ingest", "read-file"], [["import"]]),
    (["put", "insert", "bookmark"], [["add"]]),
    (["untag"], [["tag", "remove"]]),
    (["tags", "labels", "label"], [["tag", "list"]]),
    (["notes"], [["note", "list"]]),
    (["views", "filters"], [["view", "list"]]),
    (["remotes"], [["remote", "list"]]),
    (["devices", "machines"], [["sync", "devices"]]),
    (["push", "pull", "update", "refresh", "fetch"], [["fetch"], ["sync"]]),
    (["history", "hist"], [["log"]]),
    (["revert", "rollback"], [["undo"]]),
    (["status", "statistics", "info", "summary"], [["stats"]]),
    (["number", "wc"], [["count"]]),
    (["config-edit", "configure", "settings", "set", "prefs"], [["config", "edit"]]),
    (["check", "fsck", "verify", "repair"], [["doctor"]]),
    (["save", "dump"], [["export"]]),
    (["version", "-v", "-V", "-version"], [["--version"]]),
    (["man", "manual", "usage", "commands", "-?", "-help"], [["help"]]),
    (["completions", "complete"], [["completion"]]),
  ]

  /// A word behind a verb that has verbs of its own: `ls` of `tag ls`.
  private static let children: [(typed: [String], meant: [String])] = [
    (["ls", "show", "get", "all", "print"], ["list", "devices"]),
    (["rm", "delete", "del", "drop", "unset"], ["remove"]),
    (["new", "create", "make", "set", "put", "write"], ["add", "save", "edit"]),
    (["set", "change", "mod", "modify", "update", "open"], ["edit"]),
    (["mv", "move"], ["rename"]),
    (["check", "ping", "try"], ["test", "verify"]),
    (["push", "pull", "now"], ["run"]),
    (["where", "file"], ["path"]),
  ]

  /// A word for how far one is with a paper.
  private static let statuses: [(typed: [String], meant: String)] = [
    (["done", "finished", "finish", "complete", "completed", "seen"], "read"),
    (["todo", "later", "toread", "to-read", "queue", "want"], "queued"),
    (["new", "inbox", "reset"], "unread"),
    (["started", "start", "current", "doing", "in-progress"], "reading"),
    (["skip", "ignored", "ignore", "rejected", "dismissed"], "skipped"),
  ]

  /// A field of a filter that goes by another name elsewhere.
  private static let fields: [(typed: [String], meant: String)] = [
    (["year", "day", "month", "seen", "d"], "date"),
    (["abstract", "tldr", "body", "description"], "summary"),
    (["state", "progress"], "status"), (["created", "arrived", "imported"], "added"),
    (["modified", "changed"], "updated"), (["subject", "cat", "archive", "field"], "category"),
    (["name", "t", "heading"], "title"), (["by", "a", "au", "who"], "author"),
    (["kw", "topic"], "keyword"), (["comment", "memo"], "note"), (["any", "all"], "text"),
    (["label"], "tag"), (["series", "feed"], "source"),
  ]

  /// The field that a name means.
  static func field(_ name: String) -> String? {
    fields.first { $0.typed.contains(name) }?.meant
  }

  /// A span of days in words.
  private static let spans: [(typed: [String], meant: String)] = [
    (["last week", "past week", "this week", "week", "1 week"], "1w"),
    (["last month", "past month", "this month", "month", "1 month"], "1mo"),
    (["last year", "past year", "this year", "year", "1 year"], "1y"),
    (["now", "this day"], "today"), (["last day"], "yesterday"),
  ]

  /// The day, or the span of days, that is meant: `last week` is `1w`, and `10/02/2025` the second
  /// of October, unless there is no such month.
  static func date(_ text: String) -> String? {
    if let span = spans.first(where: { $0.typed.contains(text.lowercased()) }) { return span.meant }
    let parts = text.split(whereSeparator: { "/.-".contains($0) })
    guard parts.count == 3, parts[2].count == 4,
      let numbers = Optional(parts.compactMap { Int($0) }), numbers.count == 3
    else { return nil }
    let (month, day) =
      numbers[0] > 12 ? (numbers[1], numbers[0]) : (numbers[0], numbers[1])
    guard (1...12).contains(month), (1...31).contains(day) else { return nil }
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(numbers[2])-\(two(month))-\(two(day))"
  }

  /// The command that a first word means; nil where nobody is known to type it.
  static func verb(_ word: String) -> [String]? {
    let known = CommandTree.groups.flatMap(\.entries).map(\.word)
    let meant = verbs.filter { $0.typed.contains(word.lowercased()) }.flatMap(\.meant)
    return meant.first { known.contains($0[0]) || $0[0].hasPrefix("-") }
  }

  /// The command below another that a word means there.
  static func child(_ word: String, of known: [String]) -> String? {
    children.filter { $0.typed.contains(word.lowercased()) }.flatMap(\.meant)
      .first(where: known.contains)
  }

  /// The status that a word means.
  static func status(_ word: String) -> String? {
    statuses.first { $0.typed.contains(word.lowercased()) }?.meant
  }
}
