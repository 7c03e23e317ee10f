public import Model

/// Every legal hold with what became of it, in the ledger's order.
public struct HoldHistory: Sendable {
  /// A hold, and its end where it has one.
  public struct Hold: Sendable, Codable {
    /// What was stated when it was placed.
    public let placed: LegalHold
    /// Index of the entry that placed it.
    public let index: Int64
    /// What was stated when it was lifted; `nil` while it is in force.
    public internal(set) var lifted: LegalHold?
    /// Index of the entry that lifted it.
    public internal(set) var liftedIndex: Int64?

    /// The hold's name.
    public var name: String { placed.hold }
    /// Whether it is in force.
    public var isInForce: Bool { lifted == nil }
  }

  /// All holds, in the order in which they were placed.
  public private(set) var holds: [Hold] = []

  /// No hold yet.
  public init() {}

  /// The holds that are in force.
  public var inForce: [Hold] { holds.filter(\.isInForce) }

  /// The hold of a name.
  public func hold(named name: String) -> Hold? {
    holds.first { $0.name.utf8.elementsEqual(name.utf8) }
  }

  /// What speaks against the next step of a hold; `nil` when it may be taken.
  ///
  /// Whoever asked for an erasure that the hold stands in the way of does not lift it: nobody alone
  /// comes from held evidence to erased evidence.
  ///
  /// - Parameter requests: the erasures that wait.
  public func refusal(of step: LegalHold, requests: [WaitingRequest]) -> Problem? {
    let known = hold(named: step.hold)
    switch step.action {
    case .placed:
      guard known == nil else {
        return Problem(
          .badInput, "a hold \"\(step.hold)\" was placed before", advice: "Give it another name.")
      }
      guard step.scope != nil else {
        return Problem(.badInput, "a hold that is placed needs a scope")
      }
    case .lifted:
      guard let known, known.isInForce else {
        return Problem(
          .notFound, "no hold \"\(step.hold)\" is in force",
          advice: "See which are: pratique ledger hold list")
      }
      let waiting = requests.first {
        $0.request.person.utf8.elementsEqual(step.person.utf8)
          && $0.request.holds.contains(known.name)
      }
      if let waiting {
        return Problem(
          .notTrusted,
          "\(step.person) asked for the erasure of entry \(waiting.request.entries[0].index), which"
            + " the hold \"\(known.name)\" stands in the way of, and may not lift it",
          advice: "Ask somebody else who may.")
      }
    }
    return nil
  }

  /// Takes the next step, as its entry brings it; one that does not fit changes nothing, since a
  /// hold that was placed twice is still in force until it is lifted.
  public mutating func take(_ step: LegalHold, at index: Int64) {
    switch step.action {
    case .placed:
      guard hold(named: step.hold) == nil, step.scope != nil else { return }
      holds.append(Hold(placed: step, index: index))
    case .lifted:
      let place = holds.firstIndex { $0.isInForce && $0.name.utf8.elementsEqual(step.hold.utf8) }
      guard let place else { return }
      holds[place].lifted = step
      holds[place].liftedIndex = index
    }
  }
}

extension LegalHold.Scope {
  /// Whether a hold of this scope covers an entry.
  ///
  /// What cannot be told counts as covered: an entry of which nothing says to which application or
  /// environment it belongs is held with every one.
  ///
  /// - Parameters:
  ///   - applications: those that the entry belongs to; `nil` or none when it cannot be told.
  ///   - environments: those that the entry belongs to; `nil` or none when it cannot be told.
  public func covers(
    _ entry: EntryProfile, applications named: Set<String>?, environments places: Set<String>?
  ) -> Bool {
    func isAmong(_ wanted: [String]?, _ known: Set<String>?) -> Bool {
      guard let wanted, let known, !known.isEmpty else { return true }
      return wanted.contains { known.contains($0) }
    }
    return isAmong(applications, named) && isAmong(environments, places)
      && subjects.map { $0.contains { entry.subjects.contains($0) } } ?? true
      && kinds.map { $0.contains(entry.kind) } ?? true
      && actors.map { $0.contains { $0.utf8.elementsEqual(entry.actor.utf8) } } ?? true
      && from.map { entry.time >= $0 } ?? true && to.map { entry.time < $0 } ?? true
  }
}
