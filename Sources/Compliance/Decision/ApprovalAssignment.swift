import Model

/// Which person fills which role, where each counts once and for one role: so that as many places as
/// possible are filled, however people signed.
struct ApprovalAssignment {
  /// A person, and the roles in which they may be counted.
  struct Offer {
    let person: String
    let roles: Set<Role>
  }

  private let rules: [ApprovalRule]
  private let offers: [Offer]
  /// For each rule, the offers that fill it.
  private var filled: [[Int]]

  /// Assigns people to roles, earlier ones first (Kuhn's augmenting paths).
  init(_ rules: [ApprovalRule], _ offers: [Offer]) {
    self.rules = rules
    self.offers = offers
    filled = rules.map { _ in [] }
    for place in offers.indices {
      var tried: Set<Int> = []
      _ = seat(place, &tried)
    }
  }

  /// The role for which a person counts; `nil` for one whose place others fill.
  func role(of person: String) -> Role? {
    rules.indices.first { rule in
      filled[rule].contains { offers[$0].person.isSame(as: person) }
    }.map { rules[$0].role }
  }

  /// How many places are filled.
  var count: Int { filled.reduce(0) { $0 + $1.count } }

  /// Finds a place for an offer, moving others to another one of theirs where that makes room.
  private mutating func seat(_ offer: Int, _ tried: inout Set<Int>) -> Bool {
    for rule in rules.indices where offers[offer].roles.contains(rules[rule].role) {
      guard tried.insert(rule).inserted else { continue }
      if filled[rule].count < rules[rule].count {
        filled[rule].append(offer)
        return true
      }
      for (place, other) in filled[rule].enumerated() where seat(other, &tried) {
        filled[rule][place] = offer
        return true
      }
    }
    return false
  }
}
