import TestSupport
import Testing

@testable import Sync

@Suite struct PlaceSetTests {
  @Test func behavesAsASetOfNumbers() {
    for seed in 1...40 as ClosedRange<UInt64> {
      var random = SeededGenerator(seed: seed)
      var (places, plain) = (PlaceSet(), Set<Int64>())
      for _ in 0..<60 {
        let low = Int64.random(in: 1...40, using: &random)
        let range = low...(low + Int64.random(in: 0...6, using: &random))
        if Bool.random(using: &random) {
          places.insert(range)
          plain.formUnion(range)
        } else {
          places.remove(range)
          plain.subtract(range)
        }
        #expect(places.ranges.flatMap { Array($0) } == plain.sorted(), "seed \(seed)")
        #expect(PlaceSet(places.description) == places)
        for place in 0...48 as ClosedRange<Int64> {
          #expect(places.contains(place) == plain.contains(place))
          #expect(places.first(after: place) == plain.filter { $0 > place }.min())
          var gap = place + 1
          while plain.contains(gap) { gap += 1 }
          #expect(places.firstGap(after: place) == gap)
        }
      }
    }
  }

  @Test func readsOnlyWhatItWrites() {
    #expect(PlaceSet("x,4-2,9-9-9,0,7").ranges == [7...7, 9...9])
    #expect(PlaceSet("-").isEmpty && PlaceSet("").isEmpty)
  }
}
