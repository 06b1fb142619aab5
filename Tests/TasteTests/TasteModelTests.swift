import TestSupport
import Testing

@testable import Taste

extension TasteExample {
  init(_ words: PaperWords, isLiked: Bool, weight: Double = 1) {
    var counter = BucketCounter()
    self.init(PaperFeatures(words, with: &counter), isLiked: isLiked, weight: weight)
  }
}

/// The model by its properties, over random papers of a small alphabet.
@Suite struct TasteModelTests {
  private static let vocabulary = (0..<60).map { "word\($0)" } + ["缓", "存", "扩散", "naïve", "ＧＰＴ"]

  private static func paper(_ random: inout SeededGenerator, with word: String? = nil) -> PaperWords
  {
    var words = (0..<30).map { _ in vocabulary.randomElement(using: &random) ?? "" }
    if let word { words.insert(word, at: Int.random(in: 0...words.count, using: &random)) }
    return PaperWords(texts: [words.prefix(5).joined(separator: " "), words.joined(separator: " ")])
  }

  private static func score(_ words: PaperWords, _ model: TasteModel) -> Float {
    var counter = BucketCounter()
    return model.score(words, with: &counter)
  }

  @Test(arguments: 1...3 as ClosedRange<UInt64>)
  func aWordThatIsStarredMoreOftenSpeaksMoreForAPaper(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let declined = (0..<40).map { _ in TasteExample(Self.paper(&random), isLiked: false) }
    // Two of them have the word, so that it is known from the first star on.
    let declinedToo = (0..<2).map { _ in
      TasteExample(Self.paper(&random, with: "diffusion"), isLiked: false)
    }
    let others = (0..<12).map { _ in Self.paper(&random) }
    let probe = PaperWords(texts: ["diffusion", "diffusion of " + Self.vocabulary[0]])
    var last = -Float.infinity
    for starred in [0, 2, 4, 8, 12] {
      let liked = others.enumerated().map { place, words in
        TasteExample(
          place < starred
            ? PaperWords(texts: words.texts.map { $0 + " diffusion" }) : words, isLiked: true)
      }
      let score = Self.score(probe, TasteModel(liked + declined + declinedToo))
      #expect(score > last, "seed \(seed), \(starred) of 12")
      last = score
    }
  }

  @Test(arguments: 1...2 as ClosedRange<UInt64>)
  func theSameExamplesGiveTheSameModelAndAnotherOrderNearlyTheSame(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let papers = (0..<60).map { _ in Self.paper(&random) }
    let examples = papers.enumerated().map { place, words in
      TasteExample(words, isLiked: place % 4 == 0, weight: 0.5)
    }
    let model = TasteModel(examples)
    var (once, twice): ([UInt8], [UInt8]) = ([], [])
    model.append(to: &once)
    TasteModel(examples).append(to: &twice)
    #expect(once == twice, "seed \(seed)")
    let shuffled = TasteModel(examples.shuffled(using: &random))
    for words in papers {
      let difference = Self.score(words, model) - Self.score(words, shuffled)
      #expect(abs(difference) < 0.0001, "seed \(seed)")
    }
  }

  @Test func hostileTextsGiveNumbers() {
    let hostile = [
      "", " ", "\0\u{1B}[31m", String(repeating: "a", count: 30_000),
      String(repeating: "a ", count: 30_000), String(repeating: "缓", count: 30_000),
      String(repeating: "e\u{301}", count: 20_000), "\u{202E}\u{FEFF}👩‍👩‍👧‍👦", "ﬁ ｶﾞ Ⅷ ½",
    ]
    let papers =
      hostile.map { PaperWords(texts: [$0]) }
      + [
        PaperWords(texts: []), PaperWords(texts: hostile, authors: hostile),
        PaperWords(texts: [String](repeating: "x y", count: 10_000)),
        PaperWords(texts: [], authors: [String](repeating: "Ann", count: 10_000)),
      ]
    for weight in [-1, .nan, 1e30] as [Double] {
      let model = TasteModel(
        papers.enumerated().map {
          TasteExample($1, isLiked: $0 % 2 == 0, weight: $0 % 3 == 0 ? weight : 1)
        })
      for paper in papers {
        let score = Self.score(paper, model)
        #expect(score.isFinite)
        #expect((0...1).contains(model.share(score)))
        _ = model.reasons(paper)
      }
    }
  }

  @Test func nothingToLearnFromIsNoTaste() {
    let words = PaperWords(texts: ["attention is all"])
    for examples in [
      [], [TasteExample(words, isLiked: true)], [TasteExample(words, isLiked: false)],
    ] {
      let model = TasteModel(examples)
      #expect(Self.score(words, model).isFinite)
      #expect(model.reasons(words) == TasteModel.Reasons())
    }
  }

  @Test func reasonsAreWordsOfThePaperWithTheirSide() {
    let liked = ["video diffusion at scale", "fast video diffusion", "diffusion for faces"]
    let declined = (0..<11).map { "survey of field\($0)" }
    let fillers = (0..<20).map { "plain paper number\($0)" }
    let model = TasteModel(
      liked.map { TasteExample(PaperWords(texts: [$0]), isLiked: true) }
        + (declined + fillers).map { TasteExample(PaperWords(texts: [$0]), isLiked: false) })
    let reasons = model.reasons(PaperWords(texts: ["A Survey of Video Diffusion"]))
    #expect(reasons.words.contains("diffusion") || reasons.words.contains("video diffusion"))
    #expect(reasons.against.contains { $0.contains("survey") })
    #expect(!reasons.words.contains { $0.contains("survey") })
  }

  @Test func chineseReasonsAreWordsAndNotCharacters() {
    let liked = ["扩散模型的加速", "视频扩散模型", "扩散模型与图像"]
    let declined = (0..<20).map { "语言理解的第\($0)篇论文" }
    let model = TasteModel(
      liked.map { TasteExample(PaperWords(texts: [$0]), isLiked: true) }
        + declined.map { TasteExample(PaperWords(texts: [$0]), isLiked: false) })
    let words = model.reasons(PaperWords(texts: ["关于扩散模型"])).words
    #expect(words.contains { "扩散模型".contains($0) })
    #expect(words.allSatisfy { $0.count > 1 })
  }

  @Test func anAuthorIsOneWord() {
    let authors = (0..<4).map { _ in PaperWords(texts: ["plain"], authors: ["Ann Noether"]) }
    let others = (0..<20).map { PaperWords(texts: ["plain"], authors: ["Bo Smith \($0)"]) }
    let model = TasteModel(
      authors.map { TasteExample($0, isLiked: true) }
        + others.map { TasteExample($0, isLiked: false) }
    )
    #expect(model.reasons(authors[0]).words == ["Ann Noether"])
    let namesake = PaperWords(texts: ["plain"], authors: ["Ann Other"])
    #expect(Self.score(authors[0], model) > Self.score(namesake, model))
  }

  /// The quick way of texts of ASCII alone against the search index's own.
  @Test(arguments: ["GPT-4o, Large Language Models!", "a", "", "x_y z9", "The end."])
  func wordsAreThoseOfTheSearch(text: String) {
    func hashes(_ text: String) -> [UInt64] {
      var hashes: [UInt64] = []
      FeatureReader.forEachWord(of: text[...]) { hashes.append($0.hash) }
      return hashes
    }
    // A quote that is no part of a word makes it a text that is not of ASCII alone.
    #expect(hashes(text) == hashes(text + " ”"))
  }

  @Test func bytesComeBackAndDamagedOnesDoNot() throws {
    var random = SeededGenerator(seed: 7)
    let model = TasteModel(
      (0..<30).map { TasteExample(Self.paper(&random), isLiked: $0 % 2 == 0) })
    var bytes: [UInt8] = []
    model.append(to: &bytes)
    #expect(bytes.count == TasteModel.byteCount)
    let read = try #require(bytes.withUnsafeBytes { TasteModel(bytes: $0) })
    let words = Self.paper(&random)
    #expect(Self.score(words, read) == Self.score(words, model))
    #expect(bytes.dropLast().withUnsafeBytes { TasteModel(bytes: $0) } == nil)
    for place in 8..<12 { bytes[place] = 0xFF }
    #expect(bytes.withUnsafeBytes { TasteModel(bytes: $0) } == nil, "a weight that is no number")
  }
}
