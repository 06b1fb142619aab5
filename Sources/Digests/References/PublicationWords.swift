import Papers

extension PublicationDate {
  /// Reads a day in any form of ``LooseDate``, a month and a year (`2025-10`, `Oct. 2025`,
  /// `10/2025`), or a year with whatever stands beside it (`Winter 2025`, `2017///`).
  init?(loose text: String) {
    guard text.utf8.count <= 100 else { return nil }
    if let day = LooseDate(text)?.day {
      self.init(day)
      return
    }
    var (year, month) = (Int?.none, Int?.none)
    for word in text.split(whereSeparator: { " ,-/.\t".contains($0) }) {
      if word.utf8.count == 4, let number = Int(word), (1400...2200).contains(number) {
        year = year ?? number
      } else if month == nil {
        month = Int(word) ?? LooseDate.month(word)
      }
    }
    guard let year else { return nil }
    self.init(year: year, month: month.flatMap { (1...12).contains($0) ? $0 : nil })
  }

  /// Reads a date in three fields; nil without a year. A month may be a number or a name.
  init?(year: String?, month: String?, day: String?) {
    guard let year else { return nil }
    self.init(loose: [year, month, day].compactMap { $0 }.joined(separator: "-"))
  }
}

extension Bibliography {
  /// Takes what one of several fields says of when it was published, a year here and a day there.
  mutating func take(published text: String) {
    guard let told = PublicationDate(loose: text) else { return }
    published = published?.joined(with: told) ?? told
  }
}
