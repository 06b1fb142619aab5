// How well an order by taste finds what people picked: `swift run -c release rank [FOLDER]`.
//
// FOLDER holds `papers.jsonl.gz` and `picks.tsv`, ../shared/rank unless said. The protocol, a
// person at a time: train on everything up to the middle pick, test on everything after it up to
// the last one. No test paper reaches the model before it is scored. See Tests/README.md.

import Foundation
import Taste

struct Listed: Decodable {
  var id: String
  var day: String
  var title: String
  var abstract: String
  var words: PaperWords { PaperWords(texts: [title, abstract]) }
}

struct Figures {
  var auc = 0.0
  var firstThird = 0.0
}

/// The share of pairs of a pick and another paper that are in the right order.
func areaUnderCurve(_ papers: [(score: Float, isPick: Bool)]) -> Double {
  let sorted = papers.sorted { $0.score < $1.score }
  var (ranks, place) = (0.0, 0)
  while place < sorted.count {
    var end = place
    while end < sorted.count, sorted[end].score == sorted[place].score { end += 1 }
    // Equals share the mean of their ranks.
    let mean = Double(place + 1 + end) / 2
    ranks += mean * Double(sorted[place..<end].filter(\.isPick).count)
    place = end
  }
  let picks = Double(papers.filter(\.isPick).count)
  return (ranks - picks * (picks + 1) / 2) / (picks * (Double(papers.count) - picks))
}

/// The share of picks that stand in the first third of their day, of days of five papers or more.
func firstThird(_ papers: [(day: String, score: Float, isPick: Bool)]) -> Double {
  var (all, found) = (0, 0)
  for day in Dictionary(grouping: papers, by: \.day).values where day.count >= 5 {
    for pick in day where pick.isPick {
      all += 1
      let better = day.filter { $0.score > pick.score }.count
      if better * 3 < day.count { found += 1 }
    }
  }
  return all == 0 ? 0 : Double(found) / Double(all)
}

/// - Parameter known: how many picks the model is told of; the last before the middle.
func figures(_ papers: [Listed], _ picks: Set<String>, known: Int? = nil) -> Figures {
  let places = papers.indices.filter { picks.contains(papers[$0].id) }
  guard let last = places.last, places.count > 1 else { return Figures() }
  let middle = places[(places.count - 1) / 2]
  let before = places.filter { $0 <= middle }
  let told = Set(before.suffix(known ?? before.count))
  let declined = (0...middle).filter { !before.contains($0) }.suffix(TasteBounds.declined)
  let liked = told.sorted().suffix(TasteBounds.liked)
  var counter = BucketCounter()
  let examples = (declined + liked).sorted().map { place in
    TasteExample(
      PaperFeatures(papers[place].words, with: &counter), isLiked: told.contains(place))
  }
  let model = TasteModel(examples)
  let tested = papers[(middle + 1)...last].map { paper in
    (
      day: paper.day, score: model.score(paper.words, with: &counter),
      isPick: picks.contains(paper.id)
    )
  }
  return Figures(
    auc: areaUnderCurve(tested.map { ($0.score, $0.isPick) }), firstThird: firstThird(tested))
}

/// Seconds of the processor, so that what else runs on the machine does not count.
func seconds(_ body: () -> Void) -> Double {
  let start = clock()
  body()
  return Double(clock() - start) / Double(CLOCKS_PER_SEC)
}

func percent(_ value: Double) -> String { String(format: "%.1f %%", value * 100) }

func run(_ folder: URL) throws {
  let packed = folder.appendingPathComponent("papers.jsonl.gz")
  guard FileManager.default.fileExists(atPath: packed.path) else {
    print("rank: there is no \(packed.path); nothing measured")
    return
  }
  let unpack = Process()
  unpack.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  unpack.arguments = ["gzip", "-dc", packed.path]
  let pipe = Pipe()
  unpack.standardOutput = pipe
  try unpack.run()
  let lines = pipe.fileHandleForReading.readDataToEndOfFile().split(separator: 0x0A)
  unpack.waitUntilExit()
  let papers = try lines.map { try JSONDecoder().decode(Listed.self, from: Data($0)) }
  var picks: [String: Set<String>] = [:]
  let table = try String(
    contentsOf: folder.appendingPathComponent("picks.tsv"), encoding: .utf8)
  for line in table.split(separator: "\n") {
    let cells = line.split(separator: "\t")
    if cells.count == 2 { picks[String(cells[0]), default: []].insert(String(cells[1])) }
  }
  for known in [nil, 3, 10] {
    print(known.map { "told of the last \($0) picks" } ?? "told of all picks")
    var sum = Figures()
    for (person, ids) in picks.sorted(by: { $0.key < $1.key }) {
      let figures = figures(papers, ids, known: known)
      sum.auc += figures.auc / Double(picks.count)
      sum.firstThird += figures.firstThird / Double(picks.count)
      let auc = String(format: "%.3f", figures.auc)
      print(
        "  \(person)\t\(ids.count) picks\tAUC \(auc)\tfirst third \(percent(figures.firstThird))")
    }
    let auc = String(format: "%.4f", sum.auc)
    print("  mean of \(picks.count)\tAUC \(auc)\tfirst third \(percent(sum.firstThird))")
  }
  // What a command that asks does at its worst: every place for an example is taken.
  let most = TasteBounds.liked + TasteBounds.declined
  var counter = BucketCounter()
  var examples: [TasteExample] = []
  let reading = (0..<5).map { _ in
    seconds {
      examples = papers.prefix(most).enumerated().map { place, paper in
        TasteExample(PaperFeatures(paper.words, with: &counter), isLiked: place % 3 == 0)
      }
    }
  }
  var model = TasteModel([])
  let fitting = (0..<5).map { _ in seconds { model = TasteModel(examples) } }
  var sum: Float = 0
  let judged = seconds { for paper in papers { sum += model.score(paper.words, with: &counter) } }
  print(
    String(
      format: "%d papers read: %.0f ms, fitted: %.0f ms", examples.count,
      (reading.min() ?? 0) * 1000, (fitting.min() ?? 0) * 1000))
  print(String(format: "%d papers judged: %.0f ms (%.3f)", papers.count, judged * 1000, sum))
}

let folder =
  CommandLine.arguments.dropFirst().first.map { URL(fileURLWithPath: $0) }
  ?? URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../shared/rank").standardized
try run(folder)
