import Compliance
public import Model

/// A waiver that a person asks for.
public struct WaiverWish: Sendable {
  /// The waiver's name; `nil` for one that is made from the control and the time.
  public var name: String?
  /// Id of the control.
  public var control: String
  /// The application's name.
  public var application: String
  /// The environment.
  public var environment: String
  /// The one release that it is for; `nil` for every release.
  public var release: Release?
  /// Why.
  public var reason: String
  /// What is done instead.
  public var measure: String
  /// Pseudonym of whoever answers for it; `nil` for the person who signs.
  public var owner: String?
  /// For how many days.
  public var days: Int

  /// Asks for a waiver.
  public init(
    name: String? = nil, control: String, application: String, environment: String,
    release: Release? = nil, reason: String, measure: String, owner: String? = nil, days: Int
  ) {
    self.name = name
    self.control = control
    self.application = application
    self.environment = environment
    self.release = release
    self.reason = reason
    self.measure = measure
    self.owner = owner
    self.days = days
  }
}

extension LedgerHome {
  /// Signs and records a waiver.
  ///
  /// - Throws: `Problem` with `notFound` for a control that the policy does not ask, `notTrusted` for
  ///   whoever may not waive it, `badInput`; then nothing was recorded.
  public func waive(
    _ wish: WaiverWish, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<Waiver> {
    _ = try ReasonText.check(wish.reason)
    do {
      _ = try ReasonText.check(wish.measure)
    } catch {
      throw Problem(
        .badInput, "a waiver needs a compensating measure of at most 1000 bytes",
        advice: "Say what is done instead with --measure.")
    }
    let asking = try await ExceptionAsking(self, environment: wish.environment)
    let permission = try asking.permission(\.waivers, "waives a control")
    try asking.check([wish.control], permission, days: wish.days)
    let act = PersonalAct(
      kind: .waiver, application: wish.application, environment: wish.environment,
      subjects: [.application(wish.application)])
    let acting = asking.preferring(permission.roles, acting)
    return try await recordWord(act, by: acting, time: time) { person, trust, now in
      try asking.check(person, among: permission.roles, "waive a control")
      let owner = wish.owner ?? person.person
      guard trust.people.contains(where: { $0.id.utf8.elementsEqual(owner.utf8) }) else {
        throw Problem(.notFound, "the owner \"\(owner)\" is no person of the trust root")
      }
      let name = wish.name ?? "\(wish.control.suffix(40)).\(now.milliseconds / 1000)"
      guard Actor.isIdentifier(name) else {
        throw Problem(.badInput, "\"\(name)\" is no name: use a-z, 0-9, '.', '_' and '-'")
      }
      return Waiver(
        granting: name, control: wish.control, application: wish.application,
        environment: wish.environment, release: wish.release?.digests, reason: wish.reason,
        measure: wish.measure, owner: owner,
        expires: now.advanced(byMilliseconds: Int64(wish.days) * 86_400_000),
        person: person.person, role: person.role, time: now)
    }
  }

  /// Withdraws what was granted under a waiver's name.
  ///
  /// - Throws: `Problem` with `notFound` when no waiver of that name was granted.
  public func withdraw(
    _ name: String, application: String, environment: String, reason: String,
    by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<Waiver> {
    _ = try ReasonText.check(reason)
    let latest = try await waivers(of: application).map(\.value).last {
      $0.waiver.utf8.elementsEqual(name.utf8) && $0.environment.utf8.elementsEqual(environment.utf8)
    }
    guard let latest, latest.action == .granted else {
      throw Problem(
        .notFound,
        "no waiver \"\(name)\" of \(application) is in force in environment \"\(environment)\"",
        advice: "See those that are with: pratique waiver list --application \(application)")
    }
    let act = PersonalAct(
      kind: .waiver, application: application, environment: environment,
      subjects: latest.subjects)
    return try await recordWord(act, by: acting, time: time) { person, _, now in
      Waiver(
        withdrawing: latest, reason: reason, person: person.person, role: person.role, time: now)
    }
  }

  /// Every waiver and withdrawal of an application, in the ledger's order.
  public func waivers(of application: String) async throws -> [RecordedWord<Waiver>] {
    try await words(.waiver, of: application)
  }
}
