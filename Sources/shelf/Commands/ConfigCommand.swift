import ArgumentParser
import JSONText

/// `shelf config list|path|edit`
struct ConfigCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    verb: "config", abstract: "Look at and change config.toml.",
    subcommands: [ConfigList.self, ConfigPath.self, ConfigEdit.self])
}

/// `shelf config list`
struct ConfigList: Verb {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Print every key and its value; defaults as comments.")
  @Flag(help: "A JSON object of what is set: keys and values.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let configuration = try session.configuration()
    guard !json else {
      try session.print { json in
        for (name, value) in configuration.settings.sorted(by: { $0.key < $1.key }) {
          value.write(name, into: &json)
        }
      }
      return .ok
    }
    let keys = ConfigurationKey.all(of: session.features.registers)
    let fixed = keys.map { key in
      configuration.settings[key.name].map { "\(key.name) = \($0.toml)" }
        ?? "# \(key.name) = \(key.standard)"
    }
    let named = configuration.settings.keys.sorted()
      .filter { name in !keys.contains { $0.name == name } }
      .compactMap { name in configuration.settings[name].map { "\(name) = \($0.toml)" } }
    for line in fixed + named { try session.out.line(line) }
    return .ok
  }
}

/// `shelf config path`
struct ConfigPath: Verb {
  static let configuration = CommandConfiguration(
    commandName: "path", abstract: "Print where config.toml is.")
  @Flag(help: "A JSON object, {\"path\"}.")
  var json = false
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    guard !json else {
      try session.print { $0.member("path", session.paths.configuration) }
      return .ok
    }
    try session.out.line(session.paths.configuration)
    return .ok
  }
}

/// `shelf config edit`
struct ConfigEdit: Verb {
  static let configuration = CommandConfiguration(
    commandName: "edit", abstract: "Open config.toml in the editor, and check it after.")
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    try ConfigurationEditing(session, template: Self.template).run()
    // A file that is to be kept in step from now on is not there yet.
    session.hasChanged = session.hasLibrary
    return .ok
  }

  /// Every key with its default, as comments.
  static var template: String {
    ConfigurationKey.all.map { key in "# \(key.about)\n# \(key.name) = \(key.standard)\n" }
      .joined(separator: "\n")
  }
}

extension ConfigurationKey.Value {
  /// As a member of a JSON object.
  func write(_ name: String, into json: inout JSONTextWriter) {
    json.key(text: name)
    switch self {
    case .text(let text): json.string(text)
    case .truth(let truth): json.bool(truth)
    case .number(let number): json.number(number)
    case .list(let words): json.array { json in for word in words { json.string(word) } }
    case .other: json.string(toml)
    }
  }
}
