import Compliance
import Model
import Reading
import Testing

@Suite("Approval rules: places, meanings, ages, people who come and go")
struct ApprovalRuleTests {
  private static let safety = "reviewed for clinical safety"

  /// A fixture whose policy asks the clinical lead in another way.
  private func fixture(_ rule: String) -> Fixture {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing("{role: clinical-lead, count: 1}", with: rule)
    return fixture
  }

  @Test("whoever holds both roles counts where they are needed")
  func places() throws {
    var fixture = Fixture()
    let both = [Fixture.official, Fixture.clinical]
    fixture.people = [
      Fixture.ada, .init(id: "ben", roles: both), .init(id: "cleo", roles: [Fixture.official]),
    ]
    // First ben alone fills the official's place; cleo then takes it, and ben moves to the other.
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("ben", Fixture.clinical, at: "2026-06-01T09:10:00Z")
    #expect(try fixture.decide().outcome == .waiting, "\(try fixture.decide().reasons)")
    try fixture.approve("cleo", Fixture.official, at: "2026-06-01T09:20:00Z")
    let decision = try fixture.decide()
    #expect(decision.outcome == .allowed)
    #expect(decision.approvals.map { $0.counted.map(\.signer) } == [["cleo"], ["ben"]])
    #expect(
      decision.rejectedApprovals.map(\.reason) == ["ben is counted once, as \"clinical-lead\""])
  }

  @Test("as many places are filled as can be, however people signed", arguments: 0..<60)
  func assignment(seed: Int) throws {
    var state = UInt64(seed) &* 0x9e37_79b9_7f4a_7c15 &+ 1
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let roles = ["a", "b", "c"].map(Role.init(rawValue:))
    let counts = roles.map { _ in next(3) + 1 }
    let offers = (0..<5).map { _ in roles.filter { _ in next(2) == 0 } }
    let rules = zip(roles, counts).map { "{role: \($0.rawValue), count: \($1)}" }
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "{role: security-official, count: 1}", with: rules.joined(separator: "\n      - ")
    ).replacing("      - {role: clinical-lead, count: 1}\n", with: "")
    #expect(try fixture.bundle().policy.environments[0].approvals.map(\.count) == counts)
    // Everybody could fill every place, so that only what was signed decides.
    fixture.people = [Fixture.ada] + (0..<12).map { .init(id: "p-\($0)", roles: roles) }
    let shown = try fixture.decide()
    for (place, offer) in offers.enumerated() {
      for role in offer {
        let approval = ApprovalDraft(
          environment: "production", release: fixture.release.digests,
          policy: shown.policy.digest, evidenceSet: shown.evidenceSet, person: "p-\(place)",
          role: role, time: Fixture.instant("2026-06-01T09:00:00Z"),
          subjects: fixture.release.subjects)
        fixture.pieces.append(try approval.piece(signer: "p-\(place)"))
      }
    }
    let filled = try fixture.decide().approvals.reduce(0) {
      $0 + min($1.required, $1.counted.count)
    }
    #expect(filled == best(offers[...], Dictionary(uniqueKeysWithValues: zip(roles, counts))))
    let people = try fixture.decide().approvals.flatMap(\.counted).map(\.signer)
    #expect(Set(people).count == people.count)
  }

  /// The greatest number of places that can be filled, by trying everything.
  private func best(_ offers: ArraySlice<[Role]>, _ free: [Role: Int]) -> Int {
    guard let first = offers.first else { return 0 }
    let rest = offers.dropFirst()
    return first.reduce(best(rest, free)) { found, role in
      guard let places = free[role], places > 0 else { return found }
      var left = free
      left[role] = places - 1
      return max(found, 1 + best(rest, left))
    }
  }

  @Test("a yes counts for the meaning that the policy asks, and for no other")
  func meaning() throws {
    let rule = "{role: clinical-lead, count: 1, meaning: \"\(Self.safety)\"}"
    for (said, words) in [
      (nil, "it does not say \"\(Self.safety)\""),
      ("read", "it says \"read\", and not \"\(Self.safety)\""),
    ] {
      var fixture = fixture(rule)
      try fixture.approve("ben", Fixture.official)
      try fixture.approve("cleo", Fixture.clinical) { $0.meaning = said }
      try fixture.expectVoid(words)
    }
    var fixture = fixture(rule)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical) { $0.meaning = Self.safety }
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test("an approval grows old, by the older of its two times; a no does not")
  func age() throws {
    let rule = "{role: clinical-lead, count: 1, maximum-age-days: 2}"
    for (signed, recorded, counts) in [
      ("2026-05-30T12:00:00Z", "2026-05-30T12:00:00Z", true),
      ("2026-05-30T11:59:59Z", "2026-06-01T11:00:00Z", false),
      ("2026-06-01T11:00:00Z", "2026-05-30T11:59:59Z", false),
    ] {
      var fixture = fixture(rule)
      try fixture.approve("ben", Fixture.official)
      try fixture.approve("cleo", Fixture.clinical, at: signed)
      fixture.pieces[fixture.pieces.count - 1].time = Fixture.instant(recorded)
      if counts {
        #expect(try fixture.decide().outcome == .allowed)
      } else {
        try fixture.expectVoid("it is 2 days old, and the policy takes it for 2")
      }
    }
    var fixture = fixture(rule)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical, at: "2026-05-20T12:00:00Z") {
      $0.verdict = .rejected
    }
    #expect(try fixture.decide().outcome == .refused)
  }

  @Test("whoever has left, or has not begun, does not count, and could not any more")
  func comingAndGoing() throws {
    let noon = "2026-06-01T12:00:00Z"
    let early = Fixture.instant("2026-06-01T11:59:59Z")
    let late = Fixture.instant("2026-06-01T12:00:01Z")
    for (start, end, words) in [
      (nil, Fixture.instant(noon), "cleo has left"), (nil, early, "cleo has left"),
      (late, nil, "cleo has not begun yet"),
    ] as [(Instant?, Instant?, String)] {
      var fixture = Fixture()
      fixture.people.append(.init(id: "dora", roles: [Fixture.clinical]))
      fixture.people[2] = .init(id: "cleo", roles: [Fixture.clinical], start: start, end: end)
      try fixture.approve("ben", Fixture.official)
      try fixture.approve("cleo", Fixture.clinical)
      try fixture.expectVoid(words)
      // Without dora nobody could approve, and waiting would not help.
      fixture.people.removeLast()
      #expect(try fixture.decide().outcome == .refused)
    }
    var fixture = Fixture()
    fixture.people[2] = .init(
      id: "cleo", roles: [Fixture.clinical], start: Fixture.instant(noon), end: late)
    try fixture.approve("ben", Fixture.official)
    try fixture.approve("cleo", Fixture.clinical)
    #expect(try fixture.decide().outcome == .allowed)
  }

  @Test(
    "what cannot be asked of approvals is refused, from a file and from a pinned policy",
    arguments: [
      "{role: clinical-lead, count: 0}", "{role: clinical-lead, meaning: \" \"}",
      "{role: clinical-lead, maximum-age-days: 0}", "{role: clinical-lead, means: x}",
      "{role: clinical-lead, meaning: \"\(String(repeating: "a", count: 201))\"}",
    ])
  func refusals(rule: String) {
    #expect(throws: Problem(.badInput, "")) { try fixture(rule).bundle() }
  }
}
