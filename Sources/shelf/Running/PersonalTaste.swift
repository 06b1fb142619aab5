import Changes
import Disk
import Filters
import Glibc
import Papers
import Store
import Taste

/// What this person likes to read, as this library tells.
///
/// The model is derived and of this machine: it is kept in a file of the state folder, and not in
/// the library, which is backed up, copied and checked, and which a command that only lists need
/// not be able to write. A file that is missing, damaged, of another library or another build is
/// made again; so is one of before the last verdict, and only a command that asks does either. It
/// is always fitted from nothing, so that the same library has the same order whatever was asked
/// before. The texts of at most ``TasteBounds`` papers are read for it.
struct PersonalTaste {
  /// The model.
  let model: TasteModel

  /// The model of a library; nil, with what is known, where that is too little.
  /// - Parameter session: where the model is kept.
  static func known(
    _ reader: LibraryReader, _ session: Session
  ) throws -> (taste: PersonalTaste?, liked: Int) {
    let file = TasteFile(session.paths)
    let library = try libraryMark(reader)
    let last = try reader.lastChange()
    let kept = file.read()
    if let kept, kept.library == library, kept.last == last {
      return (PersonalTaste(model: kept.model), TasteBounds.fewest)
    }
    let verdicts = try reader.verdicts(
      liked: TasteBounds.liked, declined: TasteBounds.declined)
    let liked = verdicts.count(where: \.isLiked)
    guard liked >= TasteBounds.fewest else { return (nil, liked) }
    var examples: [TasteExample] = []
    for verdict in verdicts {
      guard let paper = try reader.subject(ofPaperNumbered: verdict.number) else { continue }
      examples.append(
        TasteExample(paper.tasteWords, isLiked: verdict.isLiked, weight: verdict.weight))
    }
    let model = TasteModel(examples)
    file.write(TasteFile.Kept(library: library, last: last, model: model))
    return (PersonalTaste(model: model), liked)
  }

  /// The model that was fitted last for a library, as it is: for a command that does not ask for
  /// more, and so need not wait.
  static func last(_ reader: LibraryReader, _ session: Session) throws -> PersonalTaste? {
    guard let kept = TasteFile(session.paths).read(), kept.library == (try libraryMark(reader))
    else { return nil }
    return PersonalTaste(model: kept.model)
  }

  private static func libraryMark(_ reader: LibraryReader) throws -> UInt64 {
    UInt64(try reader.device().description, radix: 16) ?? 0
  }

  /// Calls `body` with the rows that a filter selects, day by day by taste; where too little is
  /// known of it, says so and keeps the digest's order.
  static func forEachRow(
    _ reader: LibraryReader, _ session: Session, _ filter: Filter, _ context: FilterContext,
    limit: Int?, _ body: (LibraryReader.Row, PersonalTaste?) throws -> Void
  ) throws {
    let known = try known(reader, session)
    guard let taste = known.taste else {
      try session.say(tooLittle(known.liked))
      return try reader.forEachRow(filter, in: context, limit: limit) { try body($0, nil) }
    }
    var counter = BucketCounter()
    try reader.forEachByTaste(
      filter, in: context, limit: limit,
      score: { taste.model.score($0.tasteWords, with: &counter) }
    ) { try body($0, taste) }
  }

  /// What to say where too little is known.
  static func tooLittle(_ liked: Int) -> String {
    """
    too little is known of your taste, so the order is the digest's: \
    \(Words.papers(liked)) of \(TasteBounds.fewest) starred, read, queued or tagged
    """
  }

  /// What the order says of a paper, and why.
  func judgement(of paper: Paper, with counter: inout BucketCounter) -> Judgement {
    let words = paper.tasteWords
    let reasons = model.reasons(words)
    return Judgement(
      share: model.share(model.score(words, with: &counter)), words: reasons.words,
      against: reasons.against)
  }
}

extension Paper {
  /// What taste reads of it.
  var tasteWords: PaperWords {
    PaperWords(
      texts: [content.title] + content.keywords + [content.summary, bibliography.abstract ?? ""],
      authors: bibliography.authors)
  }
}

/// The file that the model is kept in: what it is of, the model, and a sum over both.
private struct TasteFile {
  struct Kept {
    var library: UInt64
    var last: [UInt64]
    var model: TasteModel
  }

  private let path: String
  private let folder: String

  init(_ paths: Paths) {
    folder = paths.state
    path = Paths.join(folder, "taste")
  }

  private static let head = Array("shelf taste 1\n".utf8)
  private static let words = 5

  /// What was kept; nil where there is nothing to be used.
  func read() -> Kept? {
    let size = Self.head.count + Self.words * 8 + TasteModel.byteCount + 8
    guard let bytes = try? Files.bytes(path, limit: size), bytes.count == size,
      bytes.starts(with: Self.head)
    else { return nil }
    return bytes.withUnsafeBytes { all in
      let end = size - 8
      guard all.loadUnaligned(fromByteOffset: end, as: UInt64.self) == Self.sum(all[..<end]) else {
        return nil
      }
      let start = Self.head.count
      let words = (0..<Self.words).map {
        all.loadUnaligned(fromByteOffset: start + $0 * 8, as: UInt64.self)
      }
      let body = UnsafeRawBufferPointer(rebasing: all[(start + Self.words * 8)..<end])
      return TasteModel(bytes: body).map {
        Kept(library: words[0], last: Array(words[1...]), model: $0)
      }
    }
  }

  /// Keeps a model. A home that cannot be written has none, and fits one each time.
  func write(_ kept: Kept) {
    guard kept.last.count == Self.words - 1 else { return }
    var bytes = Self.head
    for word in [kept.library] + kept.last {
      withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
    }
    kept.model.append(to: &bytes)
    let sum = bytes.withUnsafeBytes { Self.sum($0[...]) }
    withUnsafeBytes(of: sum) { bytes.append(contentsOf: $0) }
    do {
      try Files.makeFolder(folder)
      try Files.replace(path, mode: 0o600, isFlushed: false) { descriptor in
        try Files.write(bytes, to: descriptor, path)
      }
    } catch {
      // It is made again when it is asked for.
    }
  }

  /// Against damage, not against somebody: the file is of the person's own state folder.
  private static func sum(_ bytes: Slice<UnsafeRawBufferPointer>) -> UInt64 {
    let all = UnsafeRawBufferPointer(rebasing: bytes)
    var sum: UInt64 = 0xCBF2_9CE4_8422_2325
    var place = 0
    while place + 8 <= all.count {
      sum =
        (sum ^ all.loadUnaligned(fromByteOffset: place, as: UInt64.self))
        &* 0x9E37_79B9_7F4A_7C15
      sum ^= sum >> 29
      place += 8
    }
    while place < all.count {
      sum = (sum ^ UInt64(all[place])) &* 0x100_0000_01B3
      place += 1
    }
    return sum
  }
}
