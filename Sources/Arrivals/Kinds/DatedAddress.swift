import Papers

/// An address that bears the day.
struct DatedAddressKind: SourceKind {
  let form = "https://server/{yyyy}/{mm}/{dd}.md"
  let explanation = "an address with the day in it"

  func source(_ what: String) throws(SourceComplaint) -> (any Source)? {
    guard Address.isWeb(what) else { return nil }
    try Address.check(what)
    return try DatedAddress(what)
  }
}

/// One address a day. What is not there yet comes later.
struct DatedAddress: Source {
  private let template: DayTemplate
  let patience: Int? = 5

  /// Nil for an address without a day.
  init?(_ address: String) throws(SourceComplaint) {
    guard let template = try DayTemplate(address) else { return nil }
    self.template = template
  }

  func plan(_ state: SourceState, _ moment: SourceMoment) -> AskPlan {
    DayPlan(state, moment).plan { day in
      Ask(
        .page(Address.encoded(template.filled(day))), .any, day: day, settling: .found,
        isBatch: true)
    }
  }
}
