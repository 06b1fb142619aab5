import Changes
import Digests
import Filters
import Store

/// The topics of `shelf help`, made from the tables that the program itself works by.
enum HelpTopic: String, CaseIterable {
  case filters, formats, sources, sync
  case exitCodes = "exit-codes"

  /// One line about it.
  var about: String {
    switch self {
    case .filters: "How to say which papers."
    case .formats: "What is written, and what is read."
    case .sources: "Where digests come from by themselves."
    case .sync: "How your machines share a list."
    case .exitCodes: "What the number means that a command ends with."
    }
  }

  /// The text, for so many columns.
  func text(_ columns: Int, _ features: Features = .standard) -> String {
    switch self {
    case .filters: Self.filters(columns, features.registers.vocabulary)
    case .formats: Self.formats(columns, features)
    case .sources: SourceHelp.text(features.sourceKinds, columns: columns)
    case .sync: SyncHelp.text
    case .exitCodes: Self.exitCodes(columns)
    }
  }

  /// Name and explanation, the explanation wrapped beside the name.
  static func table(_ rows: [(String, String)], _ columns: Int) -> String {
    HelpPage(columns: columns).table(rows).joined(separator: "\n")
  }

  /// The forms of a condition.
  private static let conditions = [
    (#"word  "a phrase"  atten*"#, "words in title, authors, summary, keywords or notes"),
    (
      "field:value",
      "a field fits a value; field:a,b is any of them, field:a..b a range, field:none and field:any "
        + "whether there is one at all"
    ),
    ("+tag  @view", "a tag with its children; a saved view"),
    (
      "2509.26507  26507  %3",
      "a paper: its id or link, the end of its id, a row of the last listing of this terminal; "
        + "%1-3,7 are several rows"
    ),
    ("all", "every paper"),
    ("-", "alone, in a command that writes, show or open: ids on standard input"),
  ]

  private static func filters(_ columns: Int, _ vocabulary: FilterVocabulary) -> String {
    let fields = vocabulary.fields.map { ($0.name, vocabulary.explanation(of: $0)) }
    return """
      FILTERS say which papers. Conditions in a row must all hold; `or`, `not` and ( ) combine them.

      \(table(conditions, columns))

      FIELDS
      \(table(fields, columns))

      OPERATORS
      \(table(FilterOperator.allCases.map { ($0.rawValue, $0.explanation) }, columns))

      DATES
        today  yesterday  7d 2w 3mo 1y (since then)  2025  2025-10  2025-10-02  2025-09-20..2025-10-02

      EXAMPLES, which need no quoting in bash
        shelf list is:unread added:7d
        shelf read date:2025-10-02 +survey
        shelf tag add kv title:KV 缓存
        shelf list @week not status:read,skipped --sort date-
      """
  }

  private static func formats(_ columns: Int, _ features: Features) -> String {
    let formats = features.exportFormats
    let flags = formats.filter { $0.flag != nil }.map { "--" + $0.name }.joined(separator: " ")
    let fields = PaperField.all(of: features.registers).map(\.name).joined(separator: " ")
    let read = features.digestFormats.filter { !$0.name.isEmpty }
    return """
      FORMATS of `shelf export FORMAT [FILTER] [-o FILE]`
      \(table(formats.map { ($0.name, $0.explanation) }, columns))

      `list`, `search` and `show` take \(flags) -0, and --format with a template:
        shelf list is:starred --format '{id}\\t{title}'
      FIELDS of a template: \(fields)
      \\t \\n \\r \\0 \\\\ are the usual characters; {{ and }} are braces.

      WHAT `shelf import` READS, told by content; --as NAME where that is wrong
      \(table(read.map { ($0.name, $0.explanation) }, columns))
      """
  }

  private static func exitCodes(_ columns: Int) -> String {
    "EXIT CODES\n"
      + table(ExitStatus.allCases.map { (String($0.rawValue), $0.explanation) }, columns)
  }
}
