import Papers

/// The meaning of a change this build knows: which register, and what value.
///
/// The registers of a paper (`p:` and its id):
///
///     content                 {"title","summary","keywords",…}   what a digest says, as one unit
///     added                   milliseconds | null                 when it came on the list; null takes it off
///     status                  "read" …
///     starred                 true | false
///     tag:NAME                true | false                        one register a tag: two machines' tags both stay
///     digest:DATE/SOURCE      index | null                        one sighting; DATE may be empty
///     note:ID                 {"text": … | null, "created"?}      one version of a note; null deletes
///
/// of a view (`v:` and its name): `filter`, text or null. Of an operation (`o:`): `did`, see
/// ``OperationHeader``. Of a device (`d:` and its id): `name`, text; `retired`, true or false.
public enum Fact: Hashable, Sendable {
  case content(PaperID, DigestContent)
  case added(PaperID, Int64?)
  case status(PaperID, ReadingStatus)
  case starred(PaperID, Bool)
  case tag(PaperID, Tag, Bool)
  case appearance(PaperID, PaperDate?, source: String, index: Int?)
  case note(PaperID, id: String, NoteVersion)
  case view(String, String?)
  case operation(OperationHeader)
  case deviceName(DeviceID, String)
  case retired(DeviceID, Bool)

  /// The entity it writes to.
  public var entity: String {
    switch self {
    case .content(let id, _), .added(let id, _), .status(let id, _), .starred(let id, _),
      .tag(let id, _, _), .appearance(let id, _, _, _), .note(let id, _, _):
      "p:" + id.rawValue
    case .view(let name, _): "v:" + name
    case .operation: "o:"
    case .deviceName(let device, _), .retired(let device, _): "d:" + device.description
    }
  }

  /// The register of the entity.
  public var field: String {
    switch self {
    case .content: "content"
    case .added: "added"
    case .status: "status"
    case .starred: "starred"
    case .tag(_, let tag, _): "tag:" + tag.name
    case .appearance(_, let date, let source, _): "digest:" + (date?.text ?? "") + "/" + source
    case .note(_, let id, _): "note:" + id
    case .view: "filter"
    case .operation: "did"
    case .deviceName: "name"
    case .retired: "retired"
    }
  }

  /// The value as JSON text.
  public var value: String {
    var json = JSONTextWriter()
    switch self {
    case .content(_, let content): content.write(to: &json)
    case .added(_, let time): if let time { json.number(time) } else { json.null() }
    case .status(_, let status): json.string(status.rawValue)
    case .starred(_, let on), .tag(_, _, let on), .retired(_, let on): json.bool(on)
    case .appearance(_, _, _, let index): if let index { json.number(index) } else { json.null() }
    case .note(_, _, let version): version.write(to: &json)
    case .view(_, let filter): if let filter { json.string(filter) } else { json.null() }
    case .operation(let header): header.write(to: &json)
    case .deviceName(_, let name): json.string(name)
    }
    return json.text
  }
}

extension Fact {
  /// Whether a fact of the person or of a digest: what a person decided is journalled when it loses
  /// to a concurrent edit; digests just say it again.
  public static func isJournalled(field: String) -> Bool {
    field == "status" || field == "starred" || field == "filter" || field.hasPrefix("tag:")
  }

  /// Whether a register of a paper holds what a digest said; what the person said is in the others.
  public static func isOfDigest(field: String) -> Bool {
    field == "content" || field.hasPrefix("digest:")
  }

  /// What follows the kind of an entity and its colon: `2509.26507` of `p:2509.26507`.
  public static func key(ofEntity entity: String) -> String {
    String(Substring(entity.utf8.dropFirst(2)))
  }

  /// The meaning of a register and its value; nil when this build does not know it, or the value is
  /// not what the register holds.
  public init?(entity: String, field: String, value: String) {
    guard let fact = try? Self.decode(entity: entity, field: field, value: value) else {
      return nil
    }
    self = fact
  }

  /// The meaning of a register of a paper and its value; nil as for any entity.
  init?(paper id: PaperID, field: String, value: String) {
    guard let fact = try? Self.decode(paper: id, field: field, value: value) else { return nil }
    self = fact
  }

  private static func decode(entity: String, field: String, value: String) throws -> Fact? {
    let key = String(entity.dropFirst(2))
    switch entity.prefix(2) {
    case "p:": return try decode(paper: PaperID(trusted: key), field: field, value: value)
    case "v:" where field == "filter":
      return .view(key, try JSONTextReader.read(value) { try $0.optionalString() })
    case "o:" where field == "did" && key.isEmpty:
      return .operation(try OperationHeader(json: value))
    case "d:":
      guard let device = DeviceID(key) else { return nil }
      if field == "name" {
        return .deviceName(device, try JSONTextReader.read(value) { try $0.string() })
      }
      guard field == "retired" else { return nil }
      return .retired(device, try JSONTextReader.read(value) { try $0.bool() })
    default: return nil
    }
  }

  private static func decode(paper id: PaperID, field: String, value: String) throws -> Fact? {
    guard !id.rawValue.isEmpty else { return nil }
    switch field {
    case "content": return .content(id, try DigestContent(json: value))
    case "added": return .added(id, try optionalInteger(value))
    case "status":
      let name = try JSONTextReader.read(value) { try $0.string() }
      return ReadingStatus(rawValue: name).map { .status(id, $0) }
    case "starred": return .starred(id, try JSONTextReader.read(value) { try $0.bool() })
    default: break
    }
    guard let colon = field.utf8.firstIndex(of: 0x3A) else { return nil }
    let rest = String(field[field.index(after: colon)...])
    switch field[..<colon] {
    case "tag":
      let on = try JSONTextReader.read(value) { try $0.bool() }
      return Tag(rest).map { .tag(id, $0, on) }
    case "digest": return try decodeAppearance(of: id, rest, value)
    case "note" where NoteVersion.isID(rest):
      return .note(id, id: rest, try NoteVersion(json: value))
    default: return nil
    }
  }

  private static func decodeAppearance(
    of id: PaperID, _ rest: String, _ value: String
  ) throws -> Fact? {
    guard let slash = rest.utf8.firstIndex(of: 0x2F) else { return nil }
    let day = String(rest[..<slash])
    let date = PaperDate(day)
    guard day.isEmpty || date != nil else { return nil }
    let index = try optionalInteger(value).map { Int(clamping: $0) }
    return .appearance(id, date, source: String(rest[rest.index(after: slash)...]), index: index)
  }

  private static func optionalInteger(_ value: String) throws -> Int64? {
    try JSONTextReader.read(value) { try $0.nextIsNull() ? nil : $0.integer() }
  }
}

/// One version of a note.
public struct NoteVersion: Hashable, Sendable {
  /// The text; nil deletes the note.
  public var text: String?
  /// When the note was first written, where that is not the time of its first version.
  public var created: Int64?

  /// A version with everything said.
  public init(text: String?, created: Int64? = nil) {
    self.text = text
    self.created = created
  }

  /// Note ids are 4 to 16 lower-case letters and digits.
  public static func isID(_ text: String) -> Bool {
    (4...16).contains(text.utf8.count)
      && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) }
  }

  init(json: String) throws {
    var version = NoteVersion(text: nil)
    try JSONTextReader.read(json) { reader in
      try reader.object { key, reader in
        switch key {
        case "text": version.text = try reader.optionalString()
        case "created": version.created = try reader.integer()
        default: try reader.skip()
        }
      }
    }
    self = version
  }

  func write(to json: inout JSONTextWriter) {
    json.object { json in
      json.key("text")
      if let text { json.string(text) } else { json.null() }
      if let created {
        json.key("created")
        json.number(created)
      }
    }
  }
}

/// What an operation was: one command of the person, and what it undoes, if it is an undo.
public struct OperationHeader: Hashable, Sendable {
  /// Whether it did something new, or took back or repeated an earlier operation.
  public enum Kind: String, Sendable { case act = "do", undo, redo }

  /// The kind.
  public var kind: Kind
  /// For the person, in the words of the command: `tag add kv`, `import 2025-10-02.md`.
  public var what: String
  /// The operation taken back or repeated.
  public var target: Stamp?

  /// A header with everything said.
  public init(kind: Kind = .act, what: String, target: Stamp? = nil) {
    self.kind = kind
    self.what = what
    self.target = target
  }

  init(json: String) throws {
    var header = OperationHeader(what: "")
    try JSONTextReader.read(json) { reader in
      try reader.object { key, reader in
        switch key {
        case "what": header.what = try reader.string()
        case "kind": header.kind = Kind(rawValue: try reader.string()) ?? .act
        case "target": header.target = Stamp(try reader.string())
        default: try reader.skip()
        }
      }
    }
    self = header
  }

  func write(to json: inout JSONTextWriter) {
    json.object { json in
      json.key("kind")
      json.string(kind.rawValue)
      json.key("what")
      json.string(what)
      if let target {
        json.key("target")
        json.string(target.description)
      }
    }
  }
}
