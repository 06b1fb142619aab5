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

  @Test func textReadsBack() {
    let stamp = Stamp(milliseconds: 12, counter: 3, device: DeviceID(bits: 0xABC))
    #expect(Stamp(stamp.description) == stamp)
    #expect(Stamp("1.2") == nil)
    #expect(Stamp("1.2.ABCDEF0123456789") == nil)
  }
}
