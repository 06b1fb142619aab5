/// What a value on a command line is, and so what completes it. It is told by what help calls the
/// value: a new command that takes a REMOTE has remotes completed without another line.
enum ValueKind: String, CaseIterable {
  case filter, words
  case paper = "id"
  case note
  case tags
  case oldTag = "old"
  case newTag = "new"
  case view, remote, machine, series, source, what
  case status, key, order, grouping, format, kind, shell, topic, auth
  case column = "field=column"
  case path, file
  case folder = "dir"
  case passwordFile = "password-file"
  case passphraseFile = "passphrase-file"
  case authorityFile = "ca-file"
  case certificate = "client-cert"
  case number = "n"
  case name, url, title, text, template, user, region, width
  case since = "day"
  case passwordCommand = "password-command"
  case passphraseCommand = "passphrase-command"

  /// Whether a file or folder goes there.
  var isFile: Bool {
    switch self {
    case .path, .file, .folder, .passwordFile, .passphraseFile, .authorityFile, .certificate: true
    default: false
    }
  }
}
