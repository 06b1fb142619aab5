import ArgumentParser

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
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
    let configuration = try session.configuration()
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
  @OptionGroup var home: HomeOptions

  func run(_ session: Session) throws -> ExitStatus {
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
    return .ok
  }

  /// Every key with its default, as comments.
  static var template: String {
    ConfigurationKey.all.map { key in "# \(key.about)\n# \(key.name) = \(key.standard)\n" }
      .joined(separator: "\n")
  }
}
