/// A least number of sets that together hold everything: the hitting-set problem.
///
/// Exact as long as no more than `exactLimit` sets are left after what must be taken and what cannot
/// help were set aside; beyond that greedy, and it says so.
struct MinimalCover {
  /// The places of the sets that were chosen, ascending.
  let chosen: [Int]
  /// Whether no smaller choice covers everything.
  let isExact: Bool
  /// What no set holds.
  let uncovered: Set<Int>

  static let exactLimit = 18

  /// Chooses among the sets; of equal choices the one with the earlier sets.
  init(of universe: Set<Int>, by sets: [Set<Int>]) {
    let all = sets.reduce(into: Set<Int>()) { $0.formUnion($1) }
    uncovered = universe.subtracting(all)
    var open = universe.intersection(all)
    var chosen: Set<Int> = []
    var left = Self.reduced(sets, open)
    // What only one set holds needs that set; taking it may leave others with nothing to do.
    while let forced = Self.forced(left, open) {
      chosen.insert(forced)
      open.subtract(sets[forced])
      left = Self.reduced(left, open)
    }
    if open.isEmpty {
      self.chosen = chosen.sorted()
      isExact = true
    } else if left.count <= Self.exactLimit {
      self.chosen = chosen.union(Self.search(left, open)).sorted()
      isExact = true
    } else {
      self.chosen = chosen.union(Self.greedy(left, open)).sorted()
      isExact = false
    }
  }

  private static func reduced(_ sets: [Set<Int>], _ open: Set<Int>) -> [Int: Set<Int>] {
    reduced(Dictionary(uniqueKeysWithValues: sets.enumerated().map { ($0, $1) }), open)
  }

  /// The sets that still help, without those that another one holds wholly.
  private static func reduced(_ sets: [Int: Set<Int>], _ open: Set<Int>) -> [Int: Set<Int>] {
    let useful = sets.mapValues { $0.intersection(open) }.filter { !$0.value.isEmpty }
    return useful.filter { place, set in
      !useful.contains { other, larger in
        other != place && set.isSubset(of: larger) && (set != larger || other < place)
      }
    }
  }

  private static func forced(_ sets: [Int: Set<Int>], _ open: Set<Int>) -> Int? {
    open.sorted().lazy.compactMap { element in
      let holders = sets.filter { $0.value.contains(element) }
      return holders.count == 1 ? holders.first?.key : nil
    }.first
  }

  /// The first choice of the least size, tried size by size in the order of the places.
  private static func search(_ sets: [Int: Set<Int>], _ open: Set<Int>) -> [Int] {
    let places = sets.keys.sorted()
    func extend(_ chosen: [Int], from start: Int, _ open: Set<Int>, left: Int) -> [Int]? {
      if open.isEmpty { return chosen }
      guard left > 0 else { return nil }
      for index in places.indices.dropFirst(start) {
        let rest = open.subtracting(sets[places[index]] ?? [])
        let longer = chosen + [places[index]]
        if let found = extend(longer, from: index + 1, rest, left: left - 1) { return found }
      }
      return nil
    }
    return (1...max(1, places.count)).lazy.compactMap { extend([], from: 0, open, left: $0) }.first
      ?? []
  }

  private static func greedy(_ sets: [Int: Set<Int>], _ open: Set<Int>) -> [Int] {
    var open = open
    var chosen: [Int] = []
    while !open.isEmpty {
      let best = sets.max {
        let (left, right) = ($0.value.intersection(open).count, $1.value.intersection(open).count)
        return left != right ? left < right : $0.key > $1.key
      }
      guard let best, !best.value.isDisjoint(with: open) else { break }
      chosen.append(best.key)
      open.subtract(best.value)
    }
    return chosen
  }
}
