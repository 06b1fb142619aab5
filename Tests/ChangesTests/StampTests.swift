import Changes
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
