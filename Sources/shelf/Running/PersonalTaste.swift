import Changes
import Filters
import Papers
import Store
import Taste

/// What this person likes to read, as this library tells.
///
/// The model is derived and of this machine: it is kept in a file of the state folder
/// (``TasteFile``), and not in the library, which is backed up, copied and checked, and which a
/// command that only lists need not be able to write. A file that is missing, damaged, of another
/// library or another build is made again; so is one of before the last verdict, and only a command
/// that asks does either.
///
/// The fit always begins at nothing, so that the same library has the same order whatever was asked
/// before. What is kept beside the model are the features of the papers it learned from, three
/// quarters of the work: after a verdict, the texts of the papers that changed since are read.
struct PersonalTaste {
  /// The model.
  let model: TasteModel

  /// The model of a library; nil, with what is known, where that is too little.
  /// - Parameter session: where the model is kept.
  static func known(
    _ reader: LibraryReader, _ session: Session
  ) throws -> (taste: PersonalTaste?, liked: Int) {
    let file = TasteFile(session.paths)
    let origin = TasteFile.Origin(
      library: try libraryMark(reader), last: try reader.lastChange())
    if let kept = file.model(), kept.origin == origin {
      return (PersonalTaste(model: kept.model), TasteBounds.fewest)
    }
    let verdicts = try reader.verdicts(
      liked: TasteBounds.liked, declined: TasteBounds.declined)
    let liked = verdicts.count(where: \.isLiked)
    guard liked >= TasteBounds.fewest else { return (nil, liked) }
    let known = try knownFeatures(file, of: origin.library, reader)
    var counter = BucketCounter()
    var examples: [(id: ByteText, example: TasteExample)] = []
    for verdict in verdicts {
      if let features = try known[verdict.id]
        ?? reader.subject(ofPaperNumbered: verdict.number).map({
          PaperFeatures($0.tasteWords, with: &counter)
        })
      {
        let example = TasteExample(features, isLiked: verdict.isLiked, weight: verdict.weight)
        examples.append((verdict.id, example))
      }
    }
    let model = TasteModel(examples.map(\.example))
    file.write(model, origin)
    file.write(examples.lazy.map { ($0.id, $0.example.features) }, origin)
    return (PersonalTaste(model: model), liked)
  }

  /// The features that were kept of papers that nothing was recorded of since.
  private static func knownFeatures(
    _ file: TasteFile, of library: UInt64, _ reader: LibraryReader
  ) throws -> [ByteText: PaperFeatures] {
    guard let kept = file.features(), kept.origin.library == library,
      let changed = try reader.papersChanged(since: kept.origin.last)
    else { return [:] }
    return kept.features.filter { !changed.contains($0.key) }
  }

  /// The model that was fitted last for a library, as it is: for a command that does not ask for
  /// more, and so need not wait.
  static func last(_ reader: LibraryReader, _ session: Session) throws -> PersonalTaste? {
    guard let kept = TasteFile(session.paths).model(),
      kept.origin.library == (try libraryMark(reader))
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
