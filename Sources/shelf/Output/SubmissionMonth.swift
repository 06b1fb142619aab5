import Papers

/// The month a paper was submitted to arXiv, which its identifier tells. Other papers have none.
struct SubmissionMonth: Equatable, Sendable {
  /// Four digits, 1991 or later.
  let year: Int
  /// 1…12.
  let month: Int

  /// Reads `YYMM.number` (since 2007) and `archive/YYMMnumber` (since 1991).
  init?(_ id: PaperID) {
    guard id.kind == .arXiv else { return nil }
    let number = id.rawValue.split(separator: "/").last ?? ""
    let digits = number.utf8.prefix(4).map { Int($0) - 0x30 }
    guard digits.count == 4, digits.allSatisfy((0...9).contains) else { return nil }
    month = digits[2] * 10 + digits[3]
    guard (1...12).contains(month) else { return nil }
    let short = digits[0] * 10 + digits[1]
    year = short >= 91 && id.rawValue.contains("/") ? 1900 + short : 2000 + short
  }
}
