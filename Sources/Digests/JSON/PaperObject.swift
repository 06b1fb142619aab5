import Papers

/// The paper object of the command line's JSON, and the objects of other makers that say the same
/// things: every key may be missing, or be of another type, without harm to the rest.
struct PaperObject: Decodable {
  var id: String?
  var title: String?
  var url: String?
  var status: String?
  var starred: Bool?
  var tags: [String]?
  var keywords: [String]?
  var tldr: String?
  var sections: [Part]?
  var summary: String?
  var notes: [NoteObject]?
  var digests: [Sighting]?
  var added: String?
  var updated: String?
  /// Hugging Face's daily papers wrap the paper.
  var paper: Wrapped?
  var publishedAt: String?
  /// Whether this is an object of ours: no other maker has these keys.
  var isExport = false

  struct Part: Decodable {
    var label: String?
    var text: String?
  }

  struct NoteObject: Decodable {
    var id: String
    var text: String
    var created: String?
    var updated: String?
  }

  struct Sighting: Decodable {
    var date: String?
    var index: Int?
    var source: String?
  }

  struct Wrapped: Decodable {
    var id: String?
    var title: String?
    var summary: String?
    var submittedOnDailyAt: String?

    init(from decoder: any Decoder) throws {
      let keys = try decoder.container(keyedBy: Key.self)
      id = keys.value("id")
      title = keys.value("title")
      summary = keys.value("summary")
      submittedOnDailyAt = keys.value("submittedOnDailyAt")
    }
  }

  init(from decoder: any Decoder) throws {
    let keys = try decoder.container(keyedBy: Key.self)
    id = keys.value("id")
    title = keys.value("title")
    url = keys.value("url")
    status = keys.value("status")
    starred = keys.value("starred")
    tags = keys.value("tags")
    keywords = keys.value("keywords")
    tldr = keys.value("tldr")
    sections = keys.value("sections")
    summary = keys.value("summary") ?? keys.value("abstract")
    notes = keys.value("notes")
    digests = keys.value("digests")
    added = keys.value("added")
    updated = keys.value("updated")
    paper = keys.value("paper")
    publishedAt = keys.value("publishedAt")
    isExport = keys.contains(Key("status")) && keys.contains(Key("digests"))
  }
}

/// A key by its name.
private struct Key: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }
  init(_ name: String) { stringValue = name }
  init?(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension KeyedDecodingContainer<Key> {
  /// The value of a key; nil when it is missing or of another type.
  fileprivate func value<Value: Decodable>(_ name: String) -> Value? {
    (try? decodeIfPresent(Value.self, forKey: Key(name))) ?? nil
  }
}
