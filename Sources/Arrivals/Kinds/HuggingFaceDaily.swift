import Papers

/// The papers of a day at Hugging Face: the list of a day grows until that is over.
struct HuggingFaceDailyKind: SourceKind {
  let form = "hf:daily"
  let explanation = "the papers of the day at Hugging Face"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard let text = Address.rest(of: what, after: "hf:") else { return nil }
    guard text.lowercased() == "daily" else {
      throw SourceComplaint("there is no “\(text)” at Hugging Face", advice: "write hf:daily")
    }
    return HuggingFaceDaily()
  }
}

private struct HuggingFaceDaily: Source {
  let patience: Int? = 5

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    DayPlan(state, moment).plan { day in
      Ask(
        .page("https://huggingface.co/api/daily_papers?date=\(day)"), .json, day: day,
        settling: .over, isBatch: true)
    }
  }
}
