import Changes
import Transport

/// The table of all keys of config.toml, with their defaults and meanings: the reader, `config
/// list`, the suggestions for a misspelt key, and the test of sample-config/config.toml all use it.
struct ConfigurationKey: Hashable, Sendable {
  /// What a value may be.
  enum Kind: Hashable, Sendable {
    case text
    case words([String])
    case list([String])
    /// Some of these, or none.
    case some([String])
    case looks
    case truth
    case number(ClosedRange<Int>)
    /// A key of the keyboard, or a list of them.
    case keys
  }

  /// `list.columns`; for a remote `url` of `sync.NAME.url`.
  var name: String
  /// What it may be.
  var kind: Kind
  /// The value when it is not set, as TOML.
  var standard: String
  /// One sentence.
  var about: String

  /// The keys with a fixed name.
  static let all: [ConfigurationKey] = all(of: .standard)

  /// The keys with a fixed name, of a build that knows these registers.
  static func all(of registers: Registers) -> [ConfigurationKey] {
    let columns = ConfigurationKey(
      name: "list.columns", kind: .list(ListColumn.all(of: registers).map(\.name)),
      standard: "[" + ListColumn.standard.map { "\"\($0.name)\"" }.joined(separator: ", ") + "]",
      about: "The columns of `shelf list`, in order; row only on a terminal.")
    return [columns] + others
  }

  private static let others: [ConfigurationKey] =
    [
      ConfigurationKey(
        name: "list.sort", kind: .text, standard: #""date-""#,
        about:
          "The order of `shelf list`: date, added, updated, title, id or status, - for descending."),
      ConfigurationKey(
        name: "list.limit", kind: .number(0...1_000_000), standard: "0",
        about: "Rows of `shelf list` on a terminal; 0 is as many as fit."),
      ConfigurationKey(
        name: "list.long", kind: .truth, standard: "false",
        about: "A second line a paper in `shelf list`, its TL;DR or first sentence, as with -l."),
      ConfigurationKey(
        name: "ui.color", kind: .words(Configuration.Color.allCases.map(\.rawValue)),
        standard: #""auto""#, about: "Colours: auto (on a terminal), always or never."),
      ConfigurationKey(
        name: "ui.colors", kind: .looks, standard: "[]",
        about: "How words look, such as [\"hit=bold red\", \"unread=blue\"]."),
      ConfigurationKey(
        name: "ui.ambiguous", kind: .number(1...2), standard: "1",
        about: "Cells that your terminal gives characters of ambiguous width, 1 or 2."),
      ConfigurationKey(
        name: "ui.pager", kind: .text, standard: #""less -FRX""#,
        about: "What shows long output on a terminal; PAGER comes first, empty is none."),
      ConfigurationKey(
        name: "open.command", kind: .text, standard: #""xdg-open""#,
        about: "What opens the address of a paper."),
      ConfigurationKey(
        name: "triage.order", kind: .words(TriageOrder.allCases.map(\.rawValue)),
        standard: #""date""#, about: "The order of the papers of a day in `shelf triage`."),
      ConfigurationKey(
        name: "triage.advance", kind: .truth, standard: "true",
        about: "Whether a verdict goes on to the next paper by itself."),
      ConfigurationKey(
        name: "sync.auto", kind: .truth, standard: "false",
        about: "Sync with every remote by itself, two seconds after the last change."),
    ]
    + TriageVerb.allCases.map { verb in
      ConfigurationKey(
        name: verb.settingName, kind: .keys, standard: standard(verb.standardKeys),
        about: "In triage: \(verb.about).")
    }

  /// Keys as TOML.
  private static func standard(_ keys: [Key]) -> String {
    let names = keys.map(\.name)
    return names.count == 1 ? Value.text(names[0]).toml : Value.list(names).toml
  }

  /// The keys of a remote, below `sync.NAME`.
  static let remote: [ConfigurationKey] = [
    ConfigurationKey(
      name: "url", kind: .text, standard: #""""#,
      about: "Where the remote folder is: "
        + Words.any(of: RemoteFolders.kinds.map(\.explanation)) + "."),
    ConfigurationKey(
      name: "user", kind: .text, standard: #""""#, about: "The user name on the server."),
    ConfigurationKey(
      name: "password_command", kind: .text, standard: #""""#,
      about: "A command that prints the password."),
    ConfigurationKey(
      name: "password_file", kind: .text, standard: #""""#,
      about: "A file with the password, readable by its owner only."),
    ConfigurationKey(
      name: "netrc", kind: .truth, standard: "false",
      about: "Take user and password from ~/.netrc."),
    ConfigurationKey(
      name: "auth", kind: .words(["auto", "none", "basic", "digest", "bearer", "s3"]),
      standard: #""auto""#, about: "How to say who you are; auto is basic where there is a user."),
    ConfigurationKey(
      name: "region", kind: .text, standard: #""us-east-1""#, about: "The region of S3."),
    ConfigurationKey(
      name: "ca_file", kind: .text, standard: #""""#,
      about: "A file with the certificate of a private authority to trust."),
    ConfigurationKey(
      name: "client_cert", kind: .text, standard: #""""#,
      about: "A file with the certificate and key to show to the server."),
    ConfigurationKey(
      name: "encrypt", kind: .truth, standard: "false",
      about: "Seal everything on the remote with a passphrase."),
    ConfigurationKey(
      name: "passphrase_command", kind: .text, standard: #""""#,
      about: "A command that prints the passphrase."),
    ConfigurationKey(
      name: "passphrase_file", kind: .text, standard: #""""#,
      about: "A file with the passphrase, readable by its owner only."),
    ConfigurationKey(
      name: "allow_insecure", kind: .truth, standard: "false",
      about: "Allow a password over plain http."),
    ConfigurationKey(
      name: "timeout", kind: .number(1...3600), standard: "300",
      about: "Seconds that one request may take, its repetitions included."),
    ConfigurationKey(
      name: "proxy", kind: .text, standard: #""""#,
      about: "A proxy for this remote; HTTPS_PROXY and NO_PROXY are honoured without it."),
    ConfigurationKey(
      name: "publish", kind: .some(Publishing.files.map(\.format)), standard: "[]",
      about: "After a sync, put "
        + Publishing.files.map { "\($0.file) (\($0.format))" }.joined(separator: " and ")
        + " there, for whoever can read the folder; not where it is sealed."),
  ]

  /// The keys of a file that is kept in step, below `keep.NAME`.
  static let keep: [ConfigurationKey] = [
    ConfigurationKey(
      name: "format", kind: .words(ExportFormat.standard.map(\.name)), standard: #""html""#,
      about: "A format of `shelf export`; of a bibtex file only our entries are brought in step."),
    ConfigurationKey(
      name: "filter", kind: .text, standard: #""""#, about: "Which papers; empty is all."),
    ConfigurationKey(
      name: "file", kind: .text, standard: #""""#,
      about: "The file to keep in step, from / or ~/ on; empty is none."),
  ]

  /// The words that a key of a remote may hold.
  static func remoteWords(_ name: String) -> [String] {
    guard case .words(let words) = remote.first(where: { $0.name == name })?.kind else { return [] }
    return words
  }

  /// Whether a value is what the key may hold; else what it should be, in words.
  func complaint(about value: Value) -> String? {
    switch (kind, value) {
    case (.text, .text), (.truth, .truth): nil
    case (.keys, .text(let name)) where Key(name: name) != nil: nil
    case (.keys, .list(let names))
    where !names.isEmpty && names.allSatisfy { Key(name: $0) != nil }: nil
    case (.words(let allowed), .text(let word)) where allowed.contains(word): nil
    case (.number(let range), .number(let number)) where range.contains(number): nil
    case (.list(let allowed), .list(let words))
    where !words.isEmpty && words.allSatisfy(allowed.contains) && Set(words).count == words.count:
      nil
    case (.some(let allowed), .list(let words))
    where words.allSatisfy(allowed.contains) && Set(words).count == words.count: nil
    case (.looks, .list(let words)) where words.allSatisfy { Configuration.look($0) != nil }: nil
    default: "\(name) is \(expectation)"
    }
  }

  private var expectation: String {
    switch kind {
    case .text: "a text in quotation marks"
    case .words(let words): "one of " + words.map { "\"\($0)\"" }.joined(separator: " ")
    case .list(let words), .some(let words):
      "a list of some of " + words.map { "\"\($0)\"" }.joined(separator: " ")
    case .looks:
      "a list of WHAT=STYLE; WHAT is one of "
        + Palette.Role.allCases.map(\.rawValue).joined(separator: " ") + ", STYLE some of "
        + Palette.Style.allCases.map(\.name).joined(separator: " ")
    case .truth: "true or false"
    case .number(let range): "a number from \(range.lowerBound) to \(range.upperBound)"
    case .keys:
      "a key, or a list of keys: one character, space, enter, esc, tab, ctrl-a to ctrl-z but for "
        + "c, h, i, j, m and z, up, down, left, right, home, end, pageup, pagedown, backspace, delete"
    }
  }

  /// A value of config.toml.
  enum Value: Hashable, Sendable {
    case text(String)
    case truth(Bool)
    case number(Int)
    case list([String])
    /// Anything no key may hold: a date, a fraction, a mixed list.
    case other

    /// As it is written in TOML.
    var toml: String {
      switch self {
      case .text(let text): Self.quoted(text)
      case .truth(let truth): truth ? "true" : "false"
      case .number(let number): String(number)
      case .list(let words): "[" + words.map(Self.quoted).joined(separator: ", ") + "]"
      case .other: "…"
      }
    }

    private static func quoted(_ text: String) -> String {
      var out = "\""
      for scalar in text.unicodeScalars {
        switch scalar {
        case "\"", "\\": out += "\\" + String(scalar)
        case "\n": out += "\\n"
        case "\t": out += "\\t"
        default:
          let hex = String(scalar.value, radix: 16)
          out +=
            scalar.value < 0x20 || scalar.value == 0x7F
            ? "\\u" + String(repeating: "0", count: 4 - hex.count) + hex : String(scalar)
        }
      }
      return out + "\""
    }
  }
}
