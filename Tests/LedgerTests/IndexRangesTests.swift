import TestKit
import Testing

@testable import Ledger

@Suite("Sets of indices kept as ranges")
struct IndexRangesTests {
  @Test("insert, contain and subtract as a set does")
  func asSets() {
    var random = Seeded(seed: 3)
    for _ in 0..<200 {
      var ranges = [IndexRanges(), IndexRanges()]
      var sets: [Set<Int64>] = [[], []]
      for _ in 0..<Int.random(in: 0..<20, using: &random) {
        let side = Int.random(in: 0...1, using: &random)
        let start = Int64.random(in: 0..<40, using: &random)
        let range = start..<start + Int64.random(in: 0..<6, using: &random)
        ranges[side].insert(range)
        sets[side].formUnion(range)
      }
      #expect(ranges[0].ranges.flatMap(Array.init) == sets[0].sorted())
      #expect(
        zip(ranges[0].ranges, ranges[0].ranges.dropFirst()).allSatisfy {
          $0.upperBound < $1.lowerBound
        })
      for index in Int64(-1)..<50 {
        #expect(ranges[0].contains(index) == sets[0].contains(index))
      }
      #expect(
        ranges[0].subtracting(ranges[1]).flatMap(Array.init)
          == sets[0].subtracting(sets[1]).sorted())
    }
  }
}
