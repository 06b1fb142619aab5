/// What is wrong with a `--format` template. Columns count characters from 1, at the `{` or `\`.
enum TemplateError: Error, Equatable {
  /// `{name}` names no field; a near one may be meant.
  case unknownField(String, column: Int, suggestion: String?)
  /// A backslash before anything but `t n r 0 \`; empty at the end of the text.
  case unknownEscape(String, column: Int)
  /// A `{` without its `}`.
  case unclosedField(column: Int)
}
