/// A set of indices, kept as ranges: what it costs goes by the number of gaps, not of indices.
struct IndexRanges: Hashable, Sendable {
  /// Ascending, none empty, none touching the next.
  private(set) var ranges: [Range<Int64>] = []

  /// Adds a range; fast at the end.
  mutating func insert(_ range: Range<Int64>) {
    guard !range.isEmpty else { return }
    let first = firstPlace { $0.upperBound >= range.lowerBound }
    let end = firstPlace { $0.lowerBound > range.upperBound }
    guard first < end else {
      ranges.insert(range, at: first)
      return
    }
    let whole =
      min(
        ranges[first].lowerBound, range.lowerBound)..<max(
        ranges[end - 1].upperBound, range.upperBound)
    ranges.replaceSubrange(first..<end, with: [whole])
  }

  /// Whether an index is in the set.
  func contains(_ index: Int64) -> Bool {
    let place = firstPlace { $0.upperBound > index }
    return place < ranges.count && ranges[place].contains(index)
  }

  /// The ranges of this set that the other one has not.
  func subtracting(_ other: IndexRanges) -> [Range<Int64>] {
    var left: [Range<Int64>] = []
    for range in ranges {
      var start = range.lowerBound
      var place = other.firstPlace { $0.upperBound > start }
      while place < other.ranges.count, other.ranges[place].lowerBound < range.upperBound {
        let taken = other.ranges[place]
        if taken.lowerBound > start { left.append(start..<taken.lowerBound) }
        start = max(start, taken.upperBound)
        place += 1
      }
      if start < range.upperBound { left.append(start..<range.upperBound) }
    }
    return left
  }

  /// The first place whose range meets a condition that holds for all behind it too.
  private func firstPlace(_ condition: (Range<Int64>) -> Bool) -> Int {
    if let last = ranges.last, !condition(last) { return ranges.count }
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if condition(ranges[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
