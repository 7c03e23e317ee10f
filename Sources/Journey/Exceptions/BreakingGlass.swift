import Attestation
import Compliance
import Ledger
import LedgerSQLite
public import Model

/// An emergency in which a person opens a gate.
public struct EmergencyWish: Sendable {
  /// The environment whose gate is opened.
  public var environment: String
  /// The emergency's name.
  public var incident: String
  /// A class of emergencies that the policy has agreed beforehand.
  public var emergency: String?
  /// Why.
  public var reason: String
  /// For how many hours; `nil` for as long as the policy allows.
  public var hours: Int?

  /// Names an emergency.
  public init(
    environment: String, incident: String, emergency: String? = nil, reason: String,
    hours: Int? = nil
  ) {
    self.environment = environment
    self.incident = incident
    self.emergency = emergency
    self.reason = reason
    self.hours = hours
  }
}

extension LedgerHome {
  /// Signs and records that a release may pass a gate in an emergency.
  ///
  /// - Throws: `Problem` with `notTrusted` for whoever may not, `badInput`; then nothing was recorded.
  public func breakGlass(
    for release: Release, _ wish: EmergencyWish, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<BreakGlass> {
    _ = try ReasonText.check(wish.reason)
    guard Actor.isIdentifier(wish.incident) else {
      throw Problem(
        .badInput,
        "\"\(wish.incident)\" is no name of an emergency: use a-z, 0-9, '.', '_' and '-'",
        advice: "A further fix of the same emergency bears the same name.")
    }
    let asking = try await ExceptionAsking(
      self, application: release.application, environment: wish.environment)
    let rule = try asking.rule(\.breakGlass, "breaks the glass")
    let roles = try wish.emergency.map { try Self.roles(of: $0, asking.rules) } ?? rule.roles
    let hours = wish.hours ?? rule.hours
    try asking.check(hours, at: rule.hours, "hours")
    let act = PersonalAct(
      kind: .breakGlass, application: release.application, environment: wish.environment,
      subjects: [.application(release.application)])
    return try await recordWord(act, by: asking.preferring(roles, acting), time: time) {
      person, _, now in
      try asking.check(person, among: roles, "break the glass")
      return BreakGlass(
        application: release.application, environment: wish.environment,
        release: release.digests, incident: wish.incident, emergency: wish.emergency,
        reason: wish.reason, until: now.advanced(byMilliseconds: Int64(hours) * 3_600_000),
        reviewBy: now.advanced(byMilliseconds: Int64(rule.reviewDays) * 86_400_000),
        person: person.person, role: person.role, time: now)
    }
  }

  private static func roles(of emergency: String, _ rules: ExceptionRules) throws -> [Role] {
    let agreed = rules.emergencies.first { $0.name.utf8.elementsEqual(emergency.utf8) }
    guard let agreed else {
      let names = rules.emergencies.map(\.name).joined(separator: ", ")
      throw Problem(
        .notFound, "the policy agrees on no emergency \"\(emergency)\"",
        advice: names.isEmpty ? "Leave --class out." : "Agreed are: \(names)")
    }
    return (agreed.signers + agreed.second).map(\.role)
  }

  /// Signs and records a review of all that was done in an emergency so far.
  ///
  /// - Throws: `Problem` with `notFound` for an emergency that nobody opened the gate in, `notTrusted`
  ///   for whoever signed in it or may not review; then nothing was recorded.
  public func review(
    _ incident: String, application: String, environment: String,
    verdict: BreakGlassReview.Verdict, reason: String, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<BreakGlassReview> {
    _ = try ReasonText.check(reason)
    let asking = try await ExceptionAsking(
      self, application: application, environment: environment)
    let rule = try asking.rule(\.breakGlass, "reviews an emergency")
    let acts = try await emergencies(of: application).acts.filter {
      $0.value.incident.utf8.elementsEqual(incident.utf8)
        && $0.value.environment.utf8.elementsEqual(environment.utf8)
    }
    guard !acts.isEmpty else {
      throw Problem(
        .notFound,
        "nobody broke the glass of \(application) in \"\(environment)\" for \"\(incident)\"",
        advice: "See who did with: pratique break-glass list --application \(application)")
    }
    let act = PersonalAct(
      kind: .breakGlassReview, application: application, environment: environment,
      subjects: [.application(application)])
    return try await recordWord(act, by: asking.preferring(rule.reviewers, acting), time: time) {
      person, _, now in
      try asking.check(person, among: rule.reviewers, "review an emergency")
      guard !acts.contains(where: { $0.value.person.utf8.elementsEqual(person.person.utf8) }) else {
        throw Problem(
          .notTrusted, "\(person.person) signed in that emergency; somebody else must review it")
      }
      return BreakGlassReview(
        application: application, environment: environment, incident: incident,
        acts: acts.map(\.entry.envelope).sorted(), verdict: verdict, reason: reason,
        person: person.person, role: person.role, time: now)
    }
  }

  /// Whether anybody has opened a gate in an emergency that is not over. Whether the word counts, and
  /// for which release, the gate says.
  func isGlassBroken(at time: Instant) async throws -> Bool {
    let indices = try await ledger.read { try $0.indices(kind: .breakGlass) }
    let history = try await trustHistory()
    return try await ledger.entries(indices).contains { entry in
      let leaf = try Leaf(bytes: entry.leaf)
      let act = try? EntryReader.statement(entry, leaf: leaf, history: history)
        .predicate(as: BreakGlass.self)
      return act.map { $0.until > time } ?? false
    }
  }

  /// What was done in emergencies, and what was reviewed, in the ledger's order.
  public func emergencies(of application: String) async throws -> EmergencyList {
    EmergencyList(
      acts: try await words(.breakGlass, of: application),
      reviews: try await words(.breakGlassReview, of: application))
  }
}

/// What people did in emergencies of an application, and what somebody else reviewed.
public struct EmergencyList: Sendable, Encodable {
  /// Who opened which gate.
  public let acts: [RecordedWord<BreakGlass>]
  /// Who reviewed it.
  public let reviews: [RecordedWord<BreakGlassReview>]
}
