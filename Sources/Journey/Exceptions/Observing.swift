import Compliance
public import Model

extension LedgerHome {
  /// Signs and records that the gate of an environment only reports for some days, with what it would
  /// refuse a release for now.
  ///
  /// - Throws: `Problem` with `notTrusted` for whoever may not, `badInput` for longer than the policy
  ///   allows from the first observation on; then nothing was recorded.
  public func observe(
    _ release: Release, environment: String, days: Int, reason: String, by acting: ActingPerson,
    time: TimeSource
  ) async throws -> RecordedWord<Observation> {
    _ = try ReasonText.check(reason)
    let asking = try await ExceptionAsking(self, environment: environment)
    let permission = try asking.permission(\.observeOnly, "lets the gate only report")
    try asking.check(days, at: permission.maximumDays, "days")
    let until = time.now().advanced(byMilliseconds: Int64(days) * 86_400_000)
    let first = try await observations(of: release.application, in: environment)
      .first { $0.value.action == .begun }
    if let first {
      let end = first.value.time.advanced(
        byMilliseconds: Int64(permission.maximumDays) * 86_400_000)
      guard until <= end else {
        throw Problem(
          .badInput,
          "the gate first began to only report on \(first.value.time.date), and the"
            + " policy lets it do so until \(end) at the latest")
      }
    }
    let collected = try await evidence(on: release)
    let baseline = try Gate.baseline(
      await gateInput(
        release, environment, collected, time: time.now(), source: time.name))
    let act = PersonalAct(
      kind: .observation, application: release.application, environment: environment,
      subjects: [.application(release.application)])
    return try await recordWord(act, by: asking.preferring(permission.roles, acting), time: time) {
      person, _, now in
      try asking.check(person, among: permission.roles, "let the gate only report")
      return Observation(
        action: .begun, application: release.application, environment: environment, until: until,
        baseline: baseline, reason: reason, person: person.person, role: person.role, time: now)
    }
  }

  /// Signs and records that the gate refuses again.
  ///
  /// - Throws: `Problem` with `notFound` when it does not only report; then nothing was recorded.
  public func endObservation(
    of application: String, environment: String, reason: String, by acting: ActingPerson,
    time: TimeSource
  ) async throws -> RecordedWord<Observation> {
    _ = try ReasonText.check(reason)
    let latest = try await observations(of: application, in: environment).last
    guard let latest, latest.value.action == .begun else {
      throw Problem(
        .notFound, "the gate of \(application) in \"\(environment)\" does not only report")
    }
    let act = PersonalAct(
      kind: .observation, application: application, environment: environment,
      subjects: latest.value.subjects)
    return try await recordWord(act, by: acting, time: time) { person, _, now in
      Observation(
        action: .ended, application: application, environment: environment, until: nil,
        baseline: nil, reason: reason, person: person.person, role: person.role, time: now)
    }
  }

  private func observations(
    of application: String, in environment: String
  ) async throws -> [RecordedWord<Observation>] {
    try await words(.observation, of: application).filter {
      $0.value.environment.utf8.elementsEqual(environment.utf8)
    }
  }
}
