/// Whether a version is affected, by the evaluation that the OSV schema describes.
struct AffectedVersions {
  struct Judged {
    var isAffected = false
    /// `false` where a version could not be compared with one of the advisory's.
    var isComparable = true
    /// The first version after this one that mends it.
    var fixed: String?
  }

  private let affected: Advisory.Affected

  init(_ affected: Advisory.Affected) { self.affected = affected }

  func judge(_ version: String) -> Judged {
    var judged = Judged()
    if affected.versions.contains(version) { judged.isAffected = true }
    let ranges = affected.ranges.filter { $0.kind != .git }
    for range in ranges { judge(range, version, &judged) }
    // An advisory that names no version at all speaks of all of them; one that names only commits
    // cannot be compared with a version.
    if affected.versions.isEmpty, ranges.isEmpty {
      judged.isAffected = true
      judged.isComparable = affected.ranges.isEmpty
    }
    return judged
  }

  private func judge(_ range: Advisory.Range, _ version: String, _ judged: inout Judged) {
    let order = range.kind == .semantic ? .semantic : affected.ecosystem.family.order
    guard let events = sorted(range.events, order),
      let placed = place(version, in: events, order)
    else {
      judged.isAffected = true
      judged.isComparable = false
      return
    }
    guard placed.isAffected else { return }
    judged.isAffected = true
    judged.fixed = judged.fixed ?? placed.fixed
  }

  /// Whether the version lies in the range, and the first fix after it; `nil` when it cannot be
  /// compared.
  private func place(
    _ version: String, in events: [Advisory.Event], _ order: VersionOrder
  ) -> (isAffected: Bool, fixed: String?)? {
    var isAffected = false
    var fixed: String?
    var limits: [Bool] = []
    for event in events {
      switch event {
      case .introduced(let start):
        guard start != "0" else {
          isAffected = true
          continue
        }
        guard let result = order.compare(version, start) else { return nil }
        if result >= 0 { isAffected = true }
      case .fixed(let end):
        guard let result = order.compare(version, end) else { return nil }
        if result >= 0 { isAffected = false } else { fixed = fixed ?? end }
      case .lastAffected(let last):
        guard let result = order.compare(version, last) else { return nil }
        if result > 0 { isAffected = false }
      case .limit(let end):
        guard end != "*" else {
          limits.append(true)
          continue
        }
        guard let result = order.compare(version, end) else { return nil }
        limits.append(result < 0)
      }
    }
    return (isAffected && (limits.isEmpty || limits.contains(true)), fixed)
  }

  /// The events in the order of their versions: databases do not always write them so. At one
  /// version what was introduced comes after what was fixed.
  private func sorted(
    _ events: [Advisory.Event], _ order: VersionOrder
  ) -> [Advisory.Event]? {
    var sorted: [Advisory.Event] = []
    for event in events {
      var place = sorted.count
      while place > 0 {
        guard let result = Self.compare(sorted[place - 1], event, order) else { return nil }
        guard result > 0 else { break }
        place -= 1
      }
      sorted.insert(event, at: place)
    }
    return sorted
  }

  private static func compare(
    _ left: Advisory.Event, _ right: Advisory.Event, _ order: VersionOrder
  ) -> Int? {
    let (one, first) = key(left)
    let (second, other) = key(right)
    if one == "0" || second == "0" {
      return one == second ? first - other : one == "0" ? -1 : 1
    }
    if one == "*" || second == "*" { return one == second ? 0 : one == "*" ? 1 : -1 }
    guard let result = order.compare(one, second) else { return nil }
    return result == 0 ? first - other : result
  }

  private static func key(_ event: Advisory.Event) -> (version: String, rank: Int) {
    switch event {
    case .fixed(let version): (version, 0)
    case .introduced(let version): (version, 1)
    case .lastAffected(let version): (version, 2)
    case .limit(let version): (version, 3)
    }
  }
}
