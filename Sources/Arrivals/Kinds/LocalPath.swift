import Papers

/// A file or folder of this machine, which something else fills: `git pull`, a mail program.
struct LocalPathKind: SourceKind {
  let form = "FOLDER or FILE"
  let explanation = "what changed in a folder, or a file, of this machine"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    Self.isPath(what) ? LocalPath(path: what) : nil
  }

  /// Whether text is a path from the root, or from the home of the person.
  static func isPath(_ what: String) -> Bool { what.hasPrefix("/") || what.hasPrefix("~/") }
}

private struct LocalPath: Source {
  let path: String

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    AskPlan([Ask(.path(path), .any)])
  }
}
