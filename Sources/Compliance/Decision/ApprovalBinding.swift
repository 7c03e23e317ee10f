import Model

/// Whether an approval is bound to exactly what a gate judges now, and signed by whom it names.
struct ApprovalBinding {
  let release: Release
  let environment: String
  let policy: Digest
  let evidenceSet: [Digest]
  let trust: TrustRoot
  let requirements: [ApprovalRule]
  /// People who may not approve, and why.
  let barred: [String: String]
  /// All evidence, so that what has changed can be named.
  let evidence: GateEvidence
  let time: Instant

  private static let day: Int64 = 86_400_000

  /// Why an approval does not count; `nil` when it does.
  func fault(_ approval: Approval, _ piece: AdmittedEvidence) -> String? {
    personFault(approval, piece) ?? (approval.verdict == .approved ? yesFault(approval) : nil)
      ?? changeFault(approval, piece)
      ?? (approval.verdict == .approved ? timeFault(approval, piece) : nil)
  }

  private func personFault(_ approval: Approval, _ piece: AdmittedEvidence) -> String? {
    guard approval.person.isSame(as: piece.signer) else {
      return "it names \(approval.person), but \(piece.signer) signed it"
    }
    guard let person = trust.people.first(where: { $0.id.isSame(as: approval.person) }) else {
      return "\(approval.person) is no person of the trust root in force"
    }
    guard person.isPresent(at: time) else {
      return person.end.map { $0 <= time } ?? false
        ? "\(approval.person) has left" : "\(approval.person) has not begun yet"
    }
    guard person.roles.contains(approval.role) else {
      return "\(approval.person) does not hold the role \"\(approval.role.rawValue)\""
    }
    return nil
  }

  private func yesFault(_ approval: Approval) -> String? {
    if let reason = barred[approval.person] {
      return "\(approval.person) \(reason), and may not approve it"
    }
    guard let rule = requirements.first(where: { $0.role == approval.role }) else {
      return "the role \"\(approval.role.rawValue)\" is not asked for in this environment"
    }
    guard let meaning = rule.meaning else { return nil }
    guard let said = approval.meaning else { return "it does not say \"\(meaning)\"" }
    return said.isSame(as: meaning) ? nil : "it says \"\(said)\", and not \"\(meaning)\""
  }

  /// What has changed since. Of another environment or release nothing else need be said.
  private func changeFault(_ approval: Approval, _ piece: AdmittedEvidence) -> String? {
    guard approval.environment.isSame(as: environment) else {
      return "it is for the environment \"\(approval.environment)\""
    }
    guard approval.release == release.digests,
      GateEvidence.concerns(piece, .image, of: release)
    else { return "it is for another release" }
    var changes: [String] = []
    if approval.policy != policy { changes.append("the policy has changed since") }
    if approval.evidenceSet != evidenceSet {
      let (shown, now) = (Set(approval.evidenceSet), Set(evidenceSet))
      changes.append(
        "the evidence has changed since: \(now.subtracting(shown).count) pieces are new,"
          + " \(shown.subtracting(now).count) are gone" + words(now.subtracting(shown)))
    }
    return changes.isEmpty ? nil : changes.joined(separator: ", and ")
  }

  /// The first few pieces by kind and entry.
  private func words(_ envelopes: Set<Digest>) -> String {
    let found = evidence.pieces(envelopes)
    guard !found.isEmpty else { return "" }
    let names = found.prefix(3).map { "\($0.kind.rawValue) of entry \($0.index)" }
    return " (\(names.joined(separator: ", "))\(found.count > 3 ? ", …" : ""))"
  }

  private func timeFault(_ approval: Approval, _ piece: AdmittedEvidence) -> String? {
    let latest = max(approval.time, piece.time)
    guard latest <= time else { return "it is of \(latest), which lies in the future" }
    let rule = requirements.first { $0.role == approval.role }
    guard let days = rule?.maximumAgeDays else { return nil }
    // The older of what was stated and when it was recorded: a yes that was held back is old.
    let age = time.milliseconds(since: min(approval.time, piece.time))
    return age <= Int64(days) * Self.day
      ? nil : "it is \(age / Self.day) days old, and the policy takes it for \(days)"
  }
}
