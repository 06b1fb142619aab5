/// `shelf help sync`
enum SyncHelp {
  static let text = """
    SYNC keeps the same list on every machine, through a folder that all of them reach: WebDAV, plain
    HTTP, S3, or a folder that something else carries around.

    Nothing you did is lost: each machine writes only files of its own there, edits of different
    things both stay, and an edit that loses to another one is kept and shown by `shelf conflicts`.
    """
}
