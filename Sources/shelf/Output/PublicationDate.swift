import Papers

/// When a paper was published, as exactly as it is known: the day that a source tells, else the
/// month of its arXiv id.
struct PublicationDate: Equatable, Sendable {
  /// Four digits.
  let year: Int
  /// 1…12.
  let month: Int
  /// 1…31; nil where only the month is known.
  let day: Int?

  /// Nil where nothing tells.
  init?(_ paper: Paper) {
    if let date = paper.bibliography.published {
      let parts = date.text.split(separator: "-").compactMap { Int($0) }
      guard parts.count == 3 else { return nil }
      (year, month, day) = (parts[0], parts[1], parts[2])
    } else {
      guard let submission = SubmissionMonth(paper.id) else { return nil }
      (year, month, day) = (submission.year, submission.month, nil)
    }
  }

  /// Year, month and day where it is known, with a mark between.
  func text(with mark: String) -> String {
    ([String(year)] + [month, day].compactMap { $0 }.map { ($0 < 10 ? "0" : "") + String($0) })
      .joined(separator: mark)
  }
}
