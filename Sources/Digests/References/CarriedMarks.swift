import Papers

/// What the list of another program says that the person did to a paper. It is taken over only
/// where nothing was ever said of it here.
package struct CarriedMarks: Hashable, Sendable {
  /// How far the person is; nil where the list does not tell.
  package var status: ReadingStatus?
  /// When the person came so far, milliseconds since 1970 UTC.
  package var statusTime: Int64?
  /// Whether the list says that the person marked it out.
  package var isStarred = false
  /// The person's tags and folders.
  package var tags: [Tag] = []
  /// The person's notes. Their ids are made of the paper and the text, so that one list gives the
  /// same notes however often and on whatever machine it is read.
  package var notes: [Note] = []
  /// When it came on that list, milliseconds since 1970 UTC.
  package var added: Int64?

  /// Nothing said.
  package init() {}

  /// Whether there is nothing in it that a library keeps.
  package var isEmpty: Bool {
    status == nil && !isStarred && tags.isEmpty && notes.isEmpty
  }
}

extension Note {
  /// A note that another program's list holds on a paper.
  /// - Parameter time: when it was written; ``Note/unknownTime`` where the list does not tell.
  static func carried(_ text: String, on paper: PaperID, time: Int64?) -> Note {
    // FNV-1a (Fowler, Noll, Vo): the same on every machine, unlike `Hasher`.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in paper.rawValue.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    hash = hash &* 0x100_0000_01B3
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let moment = time ?? Note.unknownTime
    return Note(id: "c" + String(hash, radix: 36), text: text, created: moment, updated: moment)
  }
}
