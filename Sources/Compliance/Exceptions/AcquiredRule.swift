import Model

/// Controls that do not apply to an acquired release, because the policy says so of each by its id:
/// nobody here has the commits, the reviews or the tests of a vendor.
///
/// That a release was acquired, its own statement does not show: a person must have taken it in from
/// that vendor, in that version. What the evidence shows as met stays met. Where a policy says nothing, every control applies, and
/// one about commits is missing its evidence.
struct AcquiredJudging {
  let word: StandingWord
  let rule: ExceptionRules.AcquiredRule?

  /// Turns controls that are not met into ones that do not apply.
  func outcome(_ controls: [ControlResult]) throws -> ([ControlResult], bypasses: [Bypass]) {
    guard let rule, let piece = try acquisition() else { return (controls, []) }
    var bypasses: [Bypass] = []
    let judged = controls.map { control -> ControlResult in
      guard control.state != .met, rule.notApplicable.contains(where: control.control.isSame) else {
        return control
      }
      bypasses.append(
        Bypass(
          kind: .outOfScope, control: control.control,
          sentence: "\(control.citation) \(control.title): does not apply to a release that was"
            + " acquired, says the policy: \(rule.reason)",
          until: nil, evidence: piece.reference))
      return control.with(.outOfScope)
    }
    return (judged, bypasses)
  }

  /// The signed word of a person that this release was taken in; `nil` where there is none.
  private func acquisition() throws -> AdmittedEvidence? {
    let release = word.release
    guard release.origin == .acquired, release.commit == nil else { return nil }
    return try word.evidence.pieces(.acquisition).last { piece in
      let said = try piece.predicate(as: Acquisition.self)
      return GateEvidence.concerns(piece, .image, of: release)
        && release.vendor.map(said.vendor.isSame) ?? false
        && said.version.isSame(as: release.version)
        && word.trust.people.contains { $0.id.isSame(as: piece.signer) }
    }
  }
}

extension ExceptionRules {
  /// What a policy asks less of a release that was acquired.
  public struct AcquiredRule: Hashable, Sendable, Codable {
    /// Controls that do not apply, each by its whole id.
    public let notApplicable: [String]
    /// Why.
    public let reason: String
  }

  /// What speaks against the rule for acquired releases.
  var acquiredFault: String? {
    guard let acquired else { return nil }
    guard !acquired.reason.allSatisfy(\.isWhitespace) else {
      return "\"acquired\" needs a \"reason\""
    }
    guard !acquired.notApplicable.isEmpty,
      Set(acquired.notApplicable).count == acquired.notApplicable.count,
      acquired.notApplicable.allSatisfy(Actor.isIdentifier)
    else {
      return "\"acquired\" needs \"not-applicable\": ids of controls, each whole and once"
    }
    return nil
  }
}
