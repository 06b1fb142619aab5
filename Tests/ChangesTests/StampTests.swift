import Changes
import TestSupport
import Testing

@Suite struct StampTests {
  @Test func clockNeverGoesBack() {
    var clock = StampClock()
    let device = DeviceID(bits: 7)
    let first = clock.next(now: 1000, device: device)
    let second = clock.next(now: 10, device: device)
    clock.observe(Stamp(milliseconds: 5000, counter: 3, device: DeviceID(bits: 9)))
    let third = clock.next(now: 20, device: device)
    #expect(first < second)
    #expect(second < third)
    #expect(third.milliseconds == 5000 && third.counter == 4)
  }

  /// Two lives from one state, as a restored library and what it was before: where the wall clock
  /// stands behind, chance keeps their stamps apart; where it goes on, time does.
  @Test func twoLivesFromOneStateGiveDifferentStamps() {
    let device = DeviceID(bits: 7)
    var random = SeededGenerator(seed: 2_026)
    func life(edits: Int) -> [Stamp] {
      var clock = StampClock(milliseconds: 1000, counter: 5)
      return (0..<edits).flatMap { _ in
        [
          clock.first(now: 10, device: device, random: random.next()),
          clock.next(now: 10, device: device),
        ]
      }
    }
    let (one, other) = (life(edits: 3000), life(edits: 3000))
    for stamps in [one, other] {
      #expect(stamps == stamps.sorted() && Set(stamps).count == stamps.count)
      #expect(stamps[0] > Stamp(milliseconds: 1000, counter: 5, device: device))
      // The time drifts by a millisecond in two thousand edits, and no more.
      #expect(stamps.last.map { (1001...1003).contains($0.milliseconds) } == true)
    }
    #expect(Set(one).intersection(other).isEmpty)
    var clock = StampClock(milliseconds: 1000, counter: 5)
    let first = clock.first(now: 1001, device: device, random: .max)
    #expect(first == Stamp(milliseconds: 1001, counter: 0, device: device))
  }

  /// Whatever others send, whatever the wall shows, and however often: there is a later stamp that
  /// everybody reads.
  @Test func noClockIsDrivenToItsEnd() {
    let device = DeviceID(bits: 7)
    let last = StampClock.lastMillisecond
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      var clock = StampClock()
      var before = Stamp(milliseconds: -1, counter: 0, device: device)
      for _ in 0..<50 {
        let near = [last, StampClock.horizon, 10].randomElement(using: &generator) ?? last
        let time = near + Int64.random(in: -2...2, using: &generator)
        clock.observe(Stamp(milliseconds: time, counter: .max, device: DeviceID(bits: .max)))
        let now = [.max, last + 1, 10].randomElement(using: &generator) ?? .max
        let stamp =
          Bool.random(using: &generator)
          ? clock.first(now: now, device: device, random: .max)
          : clock.next(now: now, device: device)
        #expect(stamp > before && stamp.milliseconds < StampClock.horizon + 1000)
        before = stamp
      }
    }
    // What an older build left there is left.
    var clock = StampClock(milliseconds: last, counter: .max)
    #expect(clock.next(now: 10, device: device).milliseconds == StampClock.horizon)
  }

  @Test func stampsInARowDifferInTheirCounters() {
    var clock = StampClock()
    let device = DeviceID(bits: 7)
    #expect(clock.next(3, now: 9, device: device)?.counter == 0)
    #expect(clock.next(2, now: 9, device: device)?.counter == 3)
    #expect(clock.next(now: 9, device: device).counter == 5)
    clock.observe(Stamp(milliseconds: 9, counter: .max - 2, device: device))
    #expect(clock.next(2, now: 9, device: device)?.counter == UInt32.max - 1)
    #expect(clock.next(2, now: 9, device: device)?.milliseconds == 10)
    clock.observe(Stamp(milliseconds: 20, counter: .max - 2, device: device))
    #expect(clock.next(3, now: 9, device: device) == nil)
  }

  @Test func textReadsBack() {
    let stamp = Stamp(milliseconds: 12, counter: 3, device: DeviceID(bits: 0xABC))
    #expect(Stamp(stamp.description) == stamp)
    let first = DeviceID(bits: 0x0123_4567_89AB_CDEF)
    #expect(
      Stamp("9223372036854775807.4294967295.0123456789abcdef")
        == Stamp(milliseconds: .max, counter: .max, device: first))
    for text in [
      "", "1.2", "1..0123456789abcdef", "-1.2.0123456789abcdef", "1.2.0123456789abcde",
      "1.4294967296.0123456789abcdef", "9223372036854775808.2.0123456789abcdef",
      "1.2.0123456789abcdef0", "1.2.0123456789abcdeg", " 1.2.0123456789abcdef",
    ] {
      #expect(Stamp(text) == nil, "\(text)")
    }
    #expect(Stamp("1.2.ABCDEF0123456789") == nil)
  }

  @Test func aListReadsBackWithoutWhatIsNoStamp() {
    let stamps = [1, 2].map { Stamp(milliseconds: $0, counter: 3, device: DeviceID(bits: 0xABC)) }
    let text = stamps.map(\.description).joined(separator: " ")
    for (text, expected) in [
      ("", []), (text, stamps), (" " + text + "  ", stamps), ("1.2 x " + text, stamps),
    ] {
      #expect(Array(text.utf8).withUnsafeBufferPointer(Stamp.list) == expected, "\(text)")
    }
  }
}
