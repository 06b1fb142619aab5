import Changes
import Filters
import Papers

/// What a filter needs to know besides the library.
package struct FilterContext {
  /// Milliseconds since 1970 UTC at which a day begins where the person is.
  package var startOfDay: (PaperDate) -> Int64
  /// The paper in a row (1…) of the last listing.
  package var listing: (Int) -> PaperID?
  /// Views of the configuration, beside those saved in the library.
  package var views: [String: String]
  /// The day it is where the person is.
  package var today: PaperDate

  /// A context with everything said.
  package init(
    today: PaperDate, startOfDay: @escaping (PaperDate) -> Int64,
    listing: @escaping (Int) -> PaperID? = { _ in nil }, views: [String: String] = [:]
  ) {
    self.today = today
    self.startOfDay = startOfDay
    self.listing = listing
    self.views = views
  }
}

/// Turns a filter into the condition of a SELECT over `paper p`. Text of the person goes into
/// arguments, never into SQL.
struct FilterSQL {
  let reader: LibraryReader
  let context: FilterContext
  let known = KnownViews()

  /// The views that a filter has met. Each is read once; where views hold others twice and these
  /// others twice, sixteen levels are 65,536 times the innermost, so what is repeated is bounded.
  final class KnownViews {
    /// The most bytes of SQL that views met again may add.
    private static let mostRepeated = 1 << 20

    fileprivate var saved: [(name: String, filter: String)]?
    private var fragments: [ByteText: Fragment] = [:]
    private var repeated = 0

    /// The condition of a view met before; nil for one that was not.
    fileprivate func again(_ name: String, else failure: LibraryError) throws -> Fragment? {
      guard let fragment = fragments[ByteText(name)] else { return nil }
      repeated += fragment.sql.utf8.count
      guard repeated <= Self.mostRepeated else { throw failure }
      return fragment
    }

    fileprivate func keep(_ fragment: Fragment, of name: String) {
      fragments[ByteText(name)] = fragment
    }
  }

  /// A condition and its arguments.
  struct Fragment {
    var sql: String
    var arguments: [SQLValue] = []

    static let nothing = Fragment(sql: "0")

    /// How deep parentheses are nested in it.
    var nesting = 0
    /// Whether it stands in parentheses already.
    var isClosed = false

    /// Terms in a row within one pair of parentheses. Of more, groups are joined: SQLite compiles
    /// expressions of a depth of 1,000, and a row of terms is as deep as it is long.
    private static let longestRow = 16

    static func join(_ parts: [Fragment], _ word: String, empty: String) -> Fragment {
      guard parts.count != 1 else { return parts[0] }
      guard !parts.isEmpty else { return Fragment(sql: empty) }
      guard parts.count <= longestRow else {
        let groups = stride(from: 0, to: parts.count, by: longestRow).map { start in
          join(Array(parts[start..<min(start + longestRow, parts.count)]), word, empty: empty)
        }
        return join(groups, word, empty: empty)
      }
      // The deepest first: what is nested at the end takes three places of the stack of SQLite's
      // parser for each level, what is nested in front one.
      let parts = parts.sorted { $0.nesting > $1.nesting }
      return Fragment(
        sql: "(" + parts.map(\.sql).joined(separator: " \(word) ") + ")",
        arguments: parts.flatMap(\.arguments), nesting: parts[0].nesting + 1, isClosed: true)
    }

    var parenthesized: Fragment {
      Fragment(sql: "(\(sql))", arguments: arguments, nesting: nesting + 1, isClosed: true)
    }

    var negated: Fragment {
      Fragment(
        sql: (isClosed ? sql : "(\(sql))") + " = 0", arguments: arguments,
        nesting: isClosed ? nesting : nesting + 1)
    }
  }

  /// The deepest nesting that SQLite's parser takes is 68 levels in Debian 12; ours goes to a
  /// little less.
  static let deepest = 56

  /// The papers on the list that the filter selects.
  func selection(of filter: Filter) throws -> Fragment {
    let condition = try fragment(filter, depth: 0)
    guard condition.nesting <= Self.deepest else {
      throw LibraryError.filter(
        FilterError(
          kind: .tooDeep(limit: Self.deepest), text: "", range: FilterRange(start: 0, length: 0)))
    }
    return Fragment(sql: "p.listed = 1 AND \(condition.sql)", arguments: condition.arguments)
  }

  private func fragment(_ filter: Filter, depth: Int) throws -> Fragment {
    switch filter {
    case .all: return Fragment(sql: "1")
    case .and(let parts):
      return .join(try parts.map { try fragment($0, depth: depth) }, "AND", empty: "1")
    case .or(let parts):
      let (named, others) = parts.splitIDs
      let any = named.count > 1 ? [try papers(named)] : []
      let rest = try (named.count > 1 ? others : parts).map { try fragment($0, depth: depth) }
      return .join(any + rest, "OR", empty: "0")
    case .not(let part): return try fragment(part, depth: depth).negated
    case .view(let name, let range): return try view(name, range, depth: depth)
    case .tag(let tag): return Self.tagged(tag.name, withChildren: true)
    case .id(let text, _):
      return Fragment(
        sql: "p.id = ?", arguments: [SQLValue(try reader.resolve(text, in: context).rawValue)])
    case .text(let phrase): return try text(phrase)
    case .field(let field, let op, let values): return try comparison(field, op, values)
    }
  }

  /// A bare word: text, unless it is three or four digits that end exactly one id.
  private func text(_ phrase: String) throws -> Fragment {
    if (3...4).contains(phrase.utf8.count), phrase.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
      let named = try reader.suffixed(phrase)
      if named.count == 1 {
        return Fragment(sql: "p.id = ?", arguments: [SQLValue(named[0].rawValue)])
      }
    }
    return Self.match(phrase, column: nil)
  }

  private func view(_ name: String, _ range: FilterRange, depth: Int) throws -> Fragment {
    func failure(_ kind: FilterError.Kind, _ suggestion: String? = nil) -> LibraryError {
      .filter(FilterError(kind: kind, text: "@" + name, range: range, suggestion: suggestion))
    }
    guard depth < 16 else { throw failure(.viewsTooDeep(name)) }
    if let again = try known.again(name, else: failure(.viewsTooLarge(name))) { return again }
    let saved = try known.saved ?? reader.views()
    known.saved = saved
    // One that was saved before names were composed is found, too.
    let isNamed = { (view: String) in view.hasBytes(of: name) || view.composed.hasBytes(of: name) }
    guard
      let filter = saved.first(where: { isNamed($0.name) })?.filter
        ?? context.views.first(where: { isNamed($0.key) })?.value
    else {
      let names = saved.map(\.name) + context.views.keys.sorted()
      throw failure(.unknownView(name), Spelling.closest(to: name, among: names))
    }
    let parsed: Filter
    do {
      parsed = try FilterParser.parse(
        filter, today: context.today, vocabulary: reader.understanding.registers.vocabulary)
    } catch {
      throw LibraryError.filter(error)
    }
    let fragment = try fragment(parsed, depth: depth + 1)
    known.keep(fragment, of: name)
    return fragment
  }

  // MARK: Fields

  private func comparison(
    _ field: FilterField, _ op: FilterOperator, _ values: [FilterValue]
  ) throws -> Fragment {
    if op == .differs { return try comparison(field, .equals, values).negated }
    let parts = values.map { value in
      switch value {
      case .none: Self.presence(field).negated
      case .any: Self.presence(field)
      case .number(let number): Self.number(field, op, number)
      case .numbers(let low, let high): Self.numbers(field, low, high)
      case .days(let span): days(field, op, span)
      case .trait(let trait): Self.trait(trait)
      case .text(let text): Self.text(field, op, text)
      }
    }
    return .join(parts, "OR", empty: "0")
  }

  private static func text(_ field: FilterField, _ op: FilterOperator, _ text: String) -> Fragment {
    switch (field, op) {
    case (.tag, .matches): tagged(text, withChildren: true)
    case (.tag, .equals): tagged(text, withChildren: false)
    case (.tag, _): exists("tag t", "t.paper", "t.name", contains: text)
    case (.id, .equals):
      Fragment(sql: "p.id = ?", arguments: [SQLValue(PaperID(link: text)?.rawValue ?? text)])
    case (.id, _): contains("p.id", text)
    case (.title, .matches), (.summary, .matches): match(text, column: field.name)
    case (.keyword, .matches): match(text, column: "keywords")
    case (.note, .matches): match(text, column: "notes")
    case (.author, .matches): match(text, column: Authors.field)
    case (.author, .equals): listed(Authors.field, [("= ? COLLATE NOCASE", text)])
    case (.author, _): listed(Authors.field, [("LIKE ? ESCAPE '\\'", like(text))])
    case (.category, .matches):
      // An archive holds what follows its dot.
      listed(
        Categories.field,
        [("= ? COLLATE NOCASE", text), ("LIKE ? ESCAPE '\\'", like(text + ".", from: ""))])
    case (.category, .equals): listed(Categories.field, [("= ? COLLATE NOCASE", text)])
    case (.category, _): listed(Categories.field, [("LIKE ? ESCAPE '\\'", like(text))])
    case (.text, .matches): match(text, column: nil)
    case (.title, .equals): Fragment(sql: "p.title = ?", arguments: [SQLValue(text)])
    case (.title, _): contains("p.title", text)
    case (.keyword, .equals):
      Fragment(
        sql:
          "instr(char(10) || lower(p.keywords) || char(10), char(10) || lower(?) || char(10)) > 0",
        arguments: [SQLValue(text)])
    case (.keyword, _): contains("p.keywords", text)
    case (.summary, .equals): content("json_extract(c.value, '$.summary') = ?", text)
    case (.summary, _): content("json_extract(c.value, '$.summary') LIKE ? ESCAPE '\\'", like(text))
    case (.section, .equals): content(sectionLabel + " = ?)", text)
    case (.section, _): content(sectionLabel + " LIKE ? ESCAPE '\\')", like(text))
    case (.note, .equals): exists("note n", "n.paper", "n.text", equals: text)
    case (.note, _): exists("note n", "n.paper", "n.text", contains: text)
    case (.source, .equals): exists("appearance a", "a.paper", "a.source", equals: text)
    case (.source, _): exists("appearance a", "a.paper", "a.source", contains: text)
    case (.digest, .equals):
      exists("appearance a", "a.paper", "a.source || '/' || a.day", equals: text)
    case (.digest, _): exists("appearance a", "a.paper", "a.source || '/' || a.day", contains: text)
    case (.text, _):
      .join(
        [
          contains("p.title", text), contains("p.keywords", text),
          content("json_extract(c.value, '$.summary') LIKE ? ESCAPE '\\'", like(text)),
          exists("note n", "n.paper", "n.text", contains: text),
          listed(Authors.field, [("LIKE ? ESCAPE '\\'", like(text))]),
        ], "OR", empty: "0")
    default: column(field, op, text)
    }
  }

  /// A field that is a column of the paper's row.
  private static func column(
    _ field: FilterField, _ op: FilterOperator, _ text: String
  ) -> Fragment {
    guard let column = field.column else { return .nothing }
    return op == .equals
      ? Fragment(sql: "p.\(column) = ?", arguments: [SQLValue(text)])
      : contains("p.\(column)", text)
  }

  private static let sectionLabel =
    "EXISTS (SELECT 1 FROM json_each(c.value, '$.sections') s WHERE json_extract(s.value, '$[0]')"

  /// A tag as it is typed, and as another machine may have written it before tags were composed.
  private static func tagged(_ name: String, withChildren: Bool) -> Fragment {
    let spellings = [name, name.composed, name.decomposed].reduce(into: [String]()) { all, name in
      if !all.contains(where: { $0.hasBytes(of: name) }) { all.append(name) }
    }
    return .join(
      spellings.map { name in
        // Children lie between `ml/` and `ml0`, the next character after the slash.
        withChildren
          ? Fragment(
            sql: """
              p.number IN (SELECT paper FROM tag WHERE name = ? UNION ALL
                SELECT paper FROM tag WHERE name > ? AND name < ?)
              """, arguments: [SQLValue(name), SQLValue(name + "/"), SQLValue(name + "0")])
          : Fragment(
            sql: "p.number IN (SELECT paper FROM tag WHERE name = ?)", arguments: [SQLValue(name)])
      }, "OR", empty: "0")
  }

  /// Full text; the parser has made sure that there is a word in it.
  static func match(_ phrase: String, column: String?) -> Fragment {
    guard let query = SearchText.query(phrase) else { return .nothing }
    return Fragment(
      sql: "p.number IN (SELECT rowid FROM search WHERE search MATCH ?)",
      arguments: [SQLValue(column.map { "{\($0)} : \(query)" } ?? query)])
  }

  private static func content(_ condition: String, _ argument: String) -> Fragment {
    Fragment(
      sql: "EXISTS (SELECT 1 FROM change c WHERE c.seq = p.content AND \(condition))",
      arguments: [SQLValue(argument)])
  }

  private static func contains(_ column: String, _ text: String) -> Fragment {
    Fragment(sql: "\(column) LIKE ? ESCAPE '\\'", arguments: [SQLValue(like(text))])
  }

  private static func exists(
    _ table: String, _ paper: String, _ column: String, equals text: String
  ) -> Fragment {
    Fragment(
      sql: "EXISTS (SELECT 1 FROM \(table) WHERE \(paper) = p.number AND \(column) = ?)",
      arguments: [SQLValue(text)])
  }

  private static func exists(
    _ table: String, _ paper: String, _ column: String, contains text: String
  ) -> Fragment {
    Fragment(
      sql:
        "EXISTS (SELECT 1 FROM \(table) WHERE \(paper) = p.number AND \(column) LIKE ? ESCAPE '\\')",
      arguments: [SQLValue(like(text))])
  }

  /// One of the texts in a column that is a JSON array fits one of some conditions.
  private static func listed(
    _ column: String, _ conditions: [(sql: String, argument: String)]
  ) -> Fragment {
    let any = conditions.map { "e.value " + $0.sql }.joined(separator: " OR ")
    return Fragment(
      sql: "EXISTS (SELECT 1 FROM json_each(p.\(column)) e WHERE \(any))",
      arguments: conditions.map { SQLValue($0.argument) })
  }

  private static func like(_ text: String, from start: String = "%") -> String {
    var escaped = start
    for character in text {
      if "\\%_".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped + "%"
  }

  private static func presence(_ field: FilterField) -> Fragment {
    switch field {
    case .tag: Fragment(sql: "p.tags <> ''")
    case .note: Fragment(sql: "p.notes > 0")
    case .keyword: Fragment(sql: "p.keywords <> ''")
    case .title: Fragment(sql: "p.title <> ''")
    case .date: Fragment(sql: "p.day IS NOT NULL")
    case .author: Fragment(sql: "p.\(Authors.field) IS NOT NULL")
    case .category: Fragment(sql: "p.\(Categories.field) IS NOT NULL")
    case .published: Fragment(sql: "p.\(Published.field) IS NOT NULL")
    case .digest, .source: Fragment(sql: "p.sightings > 0")
    case .summary, .text:
      Fragment(
        sql: """
          EXISTS (SELECT 1 FROM change c WHERE c.seq = p.content
            AND json_extract(c.value, '$.summary') <> '')
          """)
    case .section:
      Fragment(
        sql: """
          EXISTS (SELECT 1 FROM change c WHERE c.seq = p.content
            AND json_array_length(c.value, '$.sections') > 0)
          """)
    default: Fragment(sql: field.column.map { "p.\($0) IS NOT NULL" } ?? "1")
    }
  }

  // MARK: Numbers and traits

  private static func number(
    _ field: FilterField, _ op: FilterOperator, _ number: Int64
  ) -> Fragment {
    guard let column = field.column else { return .nothing }
    let symbol = op == .matches ? "=" : op.rawValue
    // What has none is neither more nor less.
    return Fragment(
      sql: "p.\(column) IS NOT NULL AND p.\(column) \(symbol) ?",
      arguments: [SQLValue(number)]
    ).parenthesized
  }

  private static func numbers(_ field: FilterField, _ low: Int64?, _ high: Int64?) -> Fragment {
    guard let column = field.column else { return .nothing }
    return Fragment(
      sql: "p.\(column) IS NOT NULL AND p.\(column) BETWEEN ? AND ?",
      arguments: [SQLValue(low ?? .min), SQLValue(high ?? .max)]
    ).parenthesized
  }

  private static func trait(_ trait: FilterTrait) -> Fragment {
    let value = SQLValue(trait.value)
    let column = "p.\(trait.column)"
    // What has none is neither more nor less, and says so to a `not`.
    let isThere = "\(column) IS NOT NULL"
    return switch trait.comparison {
    case .equals where trait.value == .none: Fragment(sql: "\(column) IS NULL")
    case .equals: Fragment(sql: "\(column) = ?", arguments: [value])
    case .differs where trait.value == .none: Fragment(sql: isThere)
    case .differs: Fragment(sql: "\(column) <> ?", arguments: [value])
    case .less: Fragment(sql: "\(isThere) AND \(column) < ?", arguments: [value]).parenthesized
    case .greater: Fragment(sql: "\(isThere) AND \(column) > ?", arguments: [value]).parenthesized
    case .hasBits: Fragment(sql: "\(column) & ?", arguments: [value])
    }
  }

  // MARK: Days

  private func days(_ field: FilterField, _ op: FilterOperator, _ span: DaySpan) -> Fragment {
    let bounds = Self.bounds(op, span)
    if let column = field.column { return times("p." + column, bounds) }
    if field == .published {
      let column = "p." + Published.field
      // A year or a month alone is its first day. What has none is at no time, and says so to a
      // `not`.
      let day = "substr(\(column) || '-01-01', 1, 10)"
      return Self.days(day, "\(column) IS NOT NULL", bounds).parenthesized
    }
    let days = Self.days("a.day", "a.day <> ''", bounds)
    return Fragment(
      sql: "p.number IN (SELECT a.paper FROM appearance a WHERE \(days.sql))",
      arguments: days.arguments)
  }

  /// That a text is a day within bounds.
  private static func days(
    _ column: String, _ isThere: String, _ bounds: DaySpan
  ) -> Fragment {
    var days = Fragment(sql: isThere)
    if let first = bounds.first {
      days.sql += " AND \(column) >= ?"
      days.arguments.append(SQLValue(first.text))
    }
    if let last = bounds.last {
      days.sql += " AND \(column) <= ?"
      days.arguments.append(SQLValue(last.text))
    }
    return days
  }

  private func times(_ column: String, _ bounds: DaySpan) -> Fragment {
    var conditions: [String] = ["1"]
    var arguments: [SQLValue] = []
    if let first = bounds.first {
      conditions.append("\(column) >= ?")
      arguments.append(SQLValue(context.startOfDay(first)))
    }
    if let last = bounds.last {
      conditions.append("\(column) < ?")
      arguments.append(SQLValue(context.startOfDay(CalendarDay(last).adding(days: 1).date)))
    }
    return Fragment(sql: "(" + conditions.joined(separator: " AND ") + ")", arguments: arguments)
  }

  /// The days an operator selects, given those its value means.
  private static func bounds(_ op: FilterOperator, _ span: DaySpan) -> DaySpan {
    switch op {
    case .less: DaySpan(first: nil, last: span.first.map { CalendarDay($0).adding(days: -1).date })
    case .atMost: DaySpan(first: nil, last: span.last)
    case .greater: DaySpan(first: span.last.map { CalendarDay($0).adding(days: 1).date }, last: nil)
    case .atLeast: DaySpan(first: span.first, last: nil)
    default: span
    }
  }
}
