import Compliance
public import Model

extension LedgerHome {
  /// Says of controls that they do not apply, or that they do.
  ///
  /// - Parameters:
  ///   - controls: ids, or beginnings of ids that end with `*`.
  ///   - application: the application; `nil` for the organisation.
  ///   - environment: the environment whose policy says who may.
  ///   - days: for how long it counts; not asked for a word that they apply.
  /// - Throws: `Problem`; then nothing was recorded.
  public func stateScope(
    _ verdict: ScopeStatement.Verdict, controls: [String], application: String?,
    environment: String, days: Int, reason: String, by acting: ActingPerson, time: TimeSource
  ) async throws -> RecordedWord<ScopeStatement> {
    _ = try ReasonText.check(reason)
    let root = try await trustRoot()
    let asking = try await ExceptionAsking(self, environment: environment)
    let named = try asking.controls(matching: controls)
    let permission =
      verdict == .inScope
      ? nil : try asking.permission(\.outOfScope, "says that a control does not apply")
    if let permission { try asking.check(named, permission, days: days) }
    let act = PersonalAct(
      kind: .scopeStatement, application: application, environment: nil,
      subjects: [application.map(Subject.application) ?? .organisation(root.organisation)])
    let acting = asking.preferring(permission?.roles ?? [], acting)
    return try await recordWord(act, by: acting, time: time) { person, _, now in
      if let permission {
        try asking.check(person, among: permission.roles, "say that a control does not apply")
      }
      return ScopeStatement(
        verdict: verdict, controls: named, application: application, reason: reason,
        expires: verdict == .outOfScope
          ? now.advanced(byMilliseconds: Int64(days) * 86_400_000) : nil,
        person: person.person, role: person.role, time: now)
    }
  }
}
