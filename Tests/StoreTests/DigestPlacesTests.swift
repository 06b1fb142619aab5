import Papers
import Store
import Testing

@Suite struct DigestPlacesTests {
  /// A digest of papers by number, in this order.
  private func digest(_ numbers: [Int]) -> DigestPlaces {
    DigestPlaces(
      Dictionary(
        uniqueKeysWithValues: numbers.enumerated().map {
          (PaperID(trusted: "2509.\(10000 + $1)"), $0)
        }))
  }

  @Test(arguments: [
    (Array(0..<60), Array(0..<60), true), (Array(0..<60), Array(0..<61), true),
    (Array(0..<60), [99] + Array(0..<60), true), (Array(0..<60), Array(0..<50), false),
    (Array(0..<60), Array(30..<90), false), (Array(0..<60), Array(0..<5), false),
    (Array(0..<60), Array((0..<60).reversed()), false), ([1], [1], true), ([1], [2], false),
    ([1], [1, 2], false), ([1, 2], [1, 2, 3], true), ([1, 2, 3], [1, 2, 4], false),
    ([1], [], false),
  ])
  func isSame(a: [Int], b: [Int], expected: Bool) {
    #expect(digest(a).isSame(as: digest(b)) == expected)
    #expect(digest(b).isSame(as: digest(a)) == expected)
  }
}
