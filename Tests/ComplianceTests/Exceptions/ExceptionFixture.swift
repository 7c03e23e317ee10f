import Compliance
import Model
import Reading

/// A release that lacks tests, in an environment whose policy allows exceptions.
extension Fixture {
  static let privacy = Role(rawValue: "privacy-official")
  static let onCall = Role(rawValue: "on-call")
  static let now = Fixture.instant("2026-06-01T12:00:00Z")

  /// What the environment allows.
  static let exceptionRules = """
        waivers: {roles: [security-official, privacy-official], maximum-days: 30, never: [signed, "sc*"]}
        out-of-scope: {roles: [security-official, privacy-official], maximum-days: 365}
        observe-only: {roles: [security-official], maximum-days: 60}
        break-glass: {roles: [on-call], hours: 8, review-days: 3, reviewers: [security-official, clinical-lead]}
        emergency:
          - {class: patient-safety, signers: [{role: on-call}], second: [{role: clinical-lead}], second-within-hours: 2}
    """

  /// A good and approved release, whose policy has exceptions, made worse by one change.
  static func lacking(
    rules: String = exceptionRules, _ change: (inout Fixture) -> Void = { $0.remove(.testResult) }
  ) throws -> Fixture {
    var fixture = Fixture()
    fixture.policy = Fixture.policyText.replacing(
      "  production:\n", with: "  production:\n" + rules + "\n")
    fixture.people = [
      .init(id: "ada", roles: [Role(rawValue: "developer"), privacy]),
      .init(id: "ben", roles: [official]), .init(id: "cleo", roles: [clinical]),
      .init(id: "otto", roles: [onCall]), .init(id: "olga", roles: [onCall, clinical]),
    ]
    change(&fixture)
    try fixture.approve("ben", official)
    try fixture.approve("cleo", clinical)
    return fixture
  }

  /// Records what a person says of the application.
  mutating func say(
    _ kind: EvidenceKind, _ predicate: some Encodable, by signer: String,
    at time: String = "2026-06-01T10:00:00Z",
    of subjects: [Subject] = [.application("patient-portal")]
  ) throws {
    pieces.append(
      Piece(
        kind: kind, subjects: subjects, predicate: try JSONValue(encoding: predicate),
        signer: signer, time: Self.instant(time)))
  }

  /// The digest of an entry's envelope.
  func envelope(_ index: Int64) throws -> Digest { try evidence()[Int(index)].envelope }
}

extension Decision {
  /// Bypasses that people made, and not what was left out on the way.
  var exceptions: [Bypass] { bypasses.filter { $0.kind != .skip && $0.kind != .override } }
}

/// A waiver that can still be changed.
struct WaiverDraft {
  var waiver = "w-1"
  var control = "tested"
  var application = "patient-portal"
  var environment = "production"
  var release: [Digest]?
  var reason = "the test bench burnt down"
  var measure = "two people tried it by hand"
  var owner = "cleo"
  var expires = "2026-06-20T00:00:00Z"
  var person = "ben"
  var role = Fixture.official
  var time = "2026-06-01T10:00:00Z"

  var value: Waiver {
    Waiver(
      granting: waiver, control: control, application: application, environment: environment,
      release: release, reason: reason, measure: measure, owner: owner,
      expires: Fixture.instant(expires), person: person, role: role, time: Fixture.instant(time))
  }
}

/// A break-glass that can still be changed.
struct GlassDraft {
  var application = "patient-portal"
  var environment = "production"
  var release: [Digest] = Fixture().release.digests
  var incident = "outage-7"
  var emergency: String?
  var reason = "prescriptions are shown to the wrong patient"
  var until = "2026-06-01T16:00:00Z"
  var reviewBy = "2026-06-04T10:00:00Z"
  var person = "otto"
  var role = Fixture.onCall
  var time = "2026-06-01T10:00:00Z"

  var value: BreakGlass {
    BreakGlass(
      application: application, environment: environment, release: release, incident: incident,
      emergency: emergency, reason: reason, until: Fixture.instant(until),
      reviewBy: Fixture.instant(reviewBy), person: person, role: role, time: Fixture.instant(time))
  }
}

/// A review that can still be changed.
struct ReviewDraft {
  var application = "patient-portal"
  var environment = "production"
  var incident = "outage-7"
  var acts: [Digest]
  var verdict = BreakGlassReview.Verdict.justified
  var reason = "it was one"
  var person = "cleo"
  var role = Fixture.clinical
  var time = "2026-06-01T11:00:00Z"

  var value: BreakGlassReview {
    BreakGlassReview(
      application: application, environment: environment, incident: incident, acts: acts,
      verdict: verdict, reason: reason, person: person, role: role, time: Fixture.instant(time))
  }
}
