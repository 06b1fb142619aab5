import ArgumentParser
import Foundation
import Testing

@testable import shelf

/// PlainVerbs.swift is made here, from what the parser knows of each verb: its properties in their
/// order, and the arguments that it reads into them.
@Suite struct PlainVerbTests {
  private static let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Sources/shelf/Commands/PlainVerbs.swift").standardizedFileURL

  /// To make it again: `PAPERSHELF_MAKE=1 swift test --filter PlainVerbTests`.
  @Test func theyAreWhatTheDeclarationsSay() throws {
    let made = try Self.source()
    if ProcessInfo.processInfo.environment["PAPERSHELF_MAKE"] != nil {
      try made.write(to: Self.file, atomically: true, encoding: .utf8)
    }
    #expect(try String(contentsOf: Self.file, encoding: .utf8) == made)
  }

  /// One property, and how it is read.
  private struct Property {
    var name: String
    var statement: String
    var options: [[String]] = []
    var flags: [[String]] = []
    var group: (any ParsableArguments.Type)?
  }

  private static func source() throws -> String {
    var text = """
      // Made by PlainVerbTests from the declarations of the verbs; not to be changed by hand.

      """
    var groups: [any ParsableArguments.Type] = []
    for verb in CommandTree.plainVerbs.map(\.verb) {
      let properties = try properties(of: verb)
      for group in properties.compactMap(\.group) where !groups.contains(where: { $0 == group }) {
        groups.append(group)
      }
      text += try declaration(of: verb, properties, isVerb: true)
    }
    for group in groups {
      text += try declaration(of: group, properties(of: group), isVerb: false)
    }
    return text
  }

  private static func declaration(
    of type: any ParsableArguments.Type, _ properties: [Property], isVerb: Bool
  ) throws -> String {
    var lines = ["", "extension \(type)\(isVerb ? ": PlainVerb" : "") {"]
    if isVerb {
      let groups = properties.compactMap(\.group)
      let all = try properties + groups.flatMap { try Self.properties(of: $0) }
      lines += ["  static var plainNames: PlainWords.Names {", "    PlainWords.Names("]
      lines += ["      options: [\(words(all.flatMap(\.options)))],"]
      lines += ["      flags: [\(words(all.flatMap(\.flags)))])", "  }", ""]
    }
    lines += ["  init?(_ words: inout PlainWords) {", "    self.init()"]
    lines += properties.map { "    " + $0.statement }
    return (lines + ["  }", "}", ""]).joined(separator: "\n")
  }

  private static func words(_ names: [[String]]) -> String {
    names.map { "[" + $0.map { "\"\($0)\"" }.joined(separator: ", ") + "]" }.joined(separator: ", ")
  }

  private static func properties(of type: any ParsableArguments.Type) throws -> [Property] {
    var arguments = try Help(type).arguments[...]
    return try Mirror(reflecting: type.init()).children.map { child in
      let name = String(try #require(child.label).dropFirst())
      if let group = child.value as? any OptionsInside {
        var count = Self.count(Swift.type(of: group).group)
        while count > 0, arguments.popFirst() != nil { count -= 1 }
        return Property(
          name: name, statement: required(name, "\(Swift.type(of: group).group)(&words)"),
          group: Swift.type(of: group).group)
      }
      let kind = "\(Swift.type(of: child.value))"
      if kind == "Flag<Array<FormatFlag>>" {
        arguments = arguments.dropFirst(FormatFlag.allCases.count)
        return Property(name: name, statement: "self.\(name) = []")
      }
      let next = arguments.popFirst()
      let argument = try #require(next, "\(type) has no argument for \(name)")
      var property = Property(name: name, statement: "")
      let first = argument.names.first ?? ""
      switch kind {
      case "Argument<String>": property.statement = required(name, "words.next()")
      case "Argument<Optional<String>>": property.statement = "self.\(name) = nil"
      case "Argument<Array<String>>": property.statement = "self.\(name) = words.rest()"
      case "Argument<Int>":
        let none = try #require(argument.defaultValue)
        property.statement = required(name, "words.nextNumber(\(none))")
      case "Option<Optional<String>>":
        property.statement = "self.\(name) = words.option(\"\(first)\")"
        property.options = [argument.names]
      case "Option<Optional<Int>>":
        property.statement = required(name, "words.number(\"\(first)\")")
        property.options = [argument.names]
      case "Flag<Bool>":
        property.statement = "self.\(name) = words.flag(\"\(first)\")"
        property.flags = [argument.names]
      default: Issue.record("\(type): nobody said how to read \(kind)")
      }
      return property
    }
  }

  private static func required(_ name: String, _ value: String) -> String {
    """
    guard let \(name) = \(value) else { return nil }
        self.\(name) = \(name)
    """
  }

  /// How many arguments a group has.
  private static func count(_ group: any ParsableArguments.Type) -> Int {
    (try? Help(group).arguments.count) ?? 0
  }

  /// What the parser says of a type, but for help and the version.
  private struct Help {
    struct Argument: Decodable {
      struct Name: Decodable {
        var kind: String
        var name: String
      }
      var names: [String]
      var defaultValue: String?

      private enum CodingKeys: CodingKey { case names, defaultValue }

      init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        names = try (container.decodeIfPresent([Name].self, forKey: .names) ?? []).map { name in
          (name.kind == "long" ? "--" : "-") + name.name
        }
        defaultValue = try container.decodeIfPresent(String.self, forKey: .defaultValue)
      }
    }
    struct Command: Decodable { var arguments: [Argument]? }
    struct Dump: Decodable { var command: Command }

    let arguments: [Argument]

    init(_ type: any ParsableArguments.Type) throws {
      let dump = try JSONDecoder().decode(Dump.self, from: Data(type._dumpHelp().utf8))
      arguments = (dump.command.arguments ?? []).filter {
        !$0.names.contains("--help") && !$0.names.contains("--version")
      }
    }
  }
}

/// A group of options, whatever is in it.
private protocol OptionsInside {
  static var group: any ParsableArguments.Type { get }
}

extension OptionGroup: OptionsInside {
  fileprivate static var group: any ParsableArguments.Type { Value.self }
}
