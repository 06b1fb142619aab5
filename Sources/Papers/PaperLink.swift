/// Recognises the paper a link names. See ``PaperID/init(link:)``.
enum PaperLink {
  /// The canonical id text of `link`, or nil.
  static func identify(_ link: String) -> String? { link.isEmpty ? nil : link }
}
