import Foundation
import Papers
import TestSupport
import Testing

@testable import shelf

@Suite struct TimestampTests {
  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000Z"), (-1, "1969-12-31T23:59:59.999Z"),
      (1_759_392_000_123, "2025-10-02T08:00:00.123Z"),
      (951_782_400_000, "2000-02-29T00:00:00.000Z"),
      (253_402_300_799_999 - 86_400_000, "9999-12-30T23:59:59.999Z"),
    ] as [(Int64, String)])
  func known(_ milliseconds: Int64, _ text: String) {
    #expect(Timestamp.rfc3339(milliseconds) == text)
  }

  @Test func everyMomentComesBack() {
    var random = SeededGenerator(seed: 52)
    let edges: [Int64] = [
      .min, .min + 1, .max, -62_167_219_200_000, -62_167_219_200_001, 253_402_300_799_999,
      253_402_300_800_000, 31_494_784_780_799_999, 31_494_784_780_800_000, -86_400_000, -1,
    ]
    for moment in edges + (0..<2000).map({ _ in Int64.random(in: .min ... .max, using: &random) }) {
      let text = Timestamp.rfc3339(moment)
      #expect(Timestamp.milliseconds(text) == moment, "\(text)")
    }
    #expect(Timestamp.rfc3339(.max) == "+292278994-08-17T07:12:55.807Z")
    #expect(Timestamp.rfc3339(.min) == "-292275055-05-16T16:47:04.192Z")
    #expect(Timestamp.rfc3339(253_402_300_800_000) == "+010000-01-01T00:00:00.000Z")
  }

  @Test(arguments: [
    "+999999999-01-01T00:00:00Z", "+292278994-08-17T07:12:55.808Z",
    "-292275055-05-16T16:47:04.191Z", "+02025-01-01T00:00:00Z", "12025-01-01T00:00:00Z",
    "+0000002025-01-01T00:00:00Z", "2025-02-29T00:00:00Z", "2025-01-01T00:00", "+", "2025-10-02T",
  ])
  func whatIsNoMoment(_ text: String) { #expect(Timestamp.milliseconds(text) == nil) }

  @Test func extremesAreClampedForPeople() {
    #expect(Timestamp.minute(.max, in: { _ in .max }) == "9999-12-30 23:59")
  }

  @Test func agreesWithFoundation() throws {
    var random = SeededGenerator(seed: 51)
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    for _ in 0..<2000 {
      // From 1600 on: Foundation's calendar turns Julian before 1582.
      let seconds = Int64.random(in: -11_676_096_000...253_000_000_000, using: &random)
      let date = Date(timeIntervalSince1970: Double(seconds))
      #expect(Timestamp.rfc3339(seconds * 1000) == date.formatted(style), "seed 51: \(seconds)")
    }
  }

  /// Every day of a whole Gregorian cycle of 400 years, counted by hand.
  @Test func everyDay() {
    var day: Int64 = 0
    for year in 1970..<2371 {
      for month in 1...12 {
        for date in 1...PaperDate.days(in: month, of: year) {
          let text = Timestamp.day(day * 86_400_000, in: Timestamp.utc)
          let pad = { (number: Int) in number < 10 ? "0\(number)" : "\(number)" }
          if text != "\(year)-\(pad(month))-\(pad(date))" {
            Issue.record("\(year) \(month) \(date)")
          }
          day += 1
        }
      }
    }
  }

  @Test func zoneMovesTheDay() {
    #expect(Timestamp.day(1_759_440_000_000, in: { _ in 8 * 3600 }) == "2025-10-03")
    #expect(Timestamp.minute(1_759_440_000_000, in: { _ in -5 * 3600 }) == "2025-10-02 16:20")
  }
}
