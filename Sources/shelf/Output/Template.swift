import Filters
import Papers
import Store

/// The words of `--format`: literal text, `{field}`, and backslash escapes.
///
/// `\t` `\n` `\r` `\0` `\\` are the usual bytes; `{{` and `}}` are literal braces.
struct Template: Equatable, Sendable {
  /// One part of a template.
  enum Part: Equatable, Sendable {
    case literal(String)
    case field(PaperField)
  }

  /// The parts in order.
  let parts: [Part]

  /// Reads a template of these fields. Throws ``TemplateError``.
  init(_ text: String, fields: [PaperField]) throws(TemplateError) {
    var reader = Reader(Array(text), fields)
    parts = try reader.parts()
  }

  /// Appends the text for one paper.
  func append(_ paper: Paper, to out: inout [UInt8]) {
    for part in parts {
      switch part {
      case .literal(let text): out.append(contentsOf: text.utf8)
      case .field(let field): out.append(contentsOf: field.text(paper).utf8)
      }
    }
  }

  private struct Reader {
    private let text: [Character]
    private var position = 0
    private var done: [Part] = []
    private var literal = ""

    private let fields: [PaperField]

    init(_ text: [Character], _ fields: [PaperField]) {
      self.text = text
      self.fields = fields
    }

    mutating func parts() throws(TemplateError) -> [Part] {
      while let character = next() {
        switch character {
        case "\\": try escape()
        case "{" where peek == "{", "}" where peek == "}":
          literal.append(character)
          position += 1
        case "{": try field()
        default: literal.append(character)
        }
      }
      flush()
      return done
    }

    private var peek: Character? { position < text.count ? text[position] : nil }

    private mutating func next() -> Character? {
      guard position < text.count else { return nil }
      defer { position += 1 }
      return text[position]
    }

    private mutating func flush() {
      if !literal.isEmpty { done.append(.literal(literal)) }
      literal = ""
    }

    private mutating func escape() throws(TemplateError) {
      let column = position
      switch next() {
      case "t": literal.append("\t")
      case "n": literal.append("\n")
      case "r": literal.append("\r")
      case "0": literal.append("\0")
      case "\\": literal.append("\\")
      case let other: throw .unknownEscape(other.map(String.init) ?? "", column: column)
      }
    }

    private mutating func field() throws(TemplateError) {
      let column = position
      var name = ""
      while let character = next() {
        if character == "}" {
          guard let field = fields.first(where: { $0.name == name }) else {
            let near = Spelling.closest(to: name, among: fields.map(\.name))
            throw .unknownField(name, column: column, suggestion: near)
          }
          flush()
          return done.append(.field(field))
        }
        name.append(character)
      }
      throw .unclosedField(column: column)
    }
  }
}
