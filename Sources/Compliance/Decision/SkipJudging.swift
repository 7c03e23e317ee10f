import Attestation
import Model
import Reading

/// Finds what was left out on the way: steps that were skipped or were not isolated, tests that did
/// not run, scans that rest on an example. None of it is hidden by a pass.
///
/// Of each step, suite and tool the latest word counts, as it does for checks. Fields are read from
/// the statement as it is, since a decision may rest on tens of thousands of them.
struct SkipJudging {
  let evidence: GateEvidence
  let acceptsExampleFeeds: Bool

  /// What was left out, in the ledger's order; steps that were not isolated together, at the end.
  func bypasses() -> [Bypass] {
    let steps = latest(.step) { Series($0["stage"]?.string, $0["step"]?.string) }
    let skipped = steps.filter { $0.statement.predicate["outcome"]?.string == "skipped" }
    let tests = latest(.testResult) {
      Series($0["urn:pratique:suite"]?.string, $0["urn:pratique:source"]?["tool"]?.string)
    }
    let scans = latest(.vulnerabilityScan) {
      Series($0["scope"]?.string, $0["source"]?["tool"]?.string)
    }
    let shown =
      skipped.map(Self.skip) + tests.compactMap(Self.untested)
      + (acceptsExampleFeeds ? scans.compactMap(Self.example) : [])
    return (shown + excusedPHI()).sorted { ($0.evidence?.index ?? 0) < ($1.evidence?.index ?? 0) }
      + unisolated(steps)
  }

  /// Of which pieces a later one replaces an earlier one.
  struct Series: Hashable {
    let first: String?
    let second: String?

    init(_ first: String?, _ second: String?) {
      self.first = first
      self.second = second
    }
  }

  /// The latest piece of each series of a kind that speaks of this release.
  func latest(
    _ kind: EvidenceKind, _ series: (JSONValue) -> Series
  ) -> [AdmittedEvidence] {
    var latest: [Series: Int] = [:]
    for place in evidence.places(kind)
    where evidence.subjects.concerns(evidence.all[place], .release)
      || evidence.subjects.concerns(evidence.all[place], .commit)
    {
      latest[series(evidence.all[place].statement.predicate)] = place
    }
    return latest.values.sorted().map { evidence.all[$0] }
  }

  private static func name(_ step: AdmittedEvidence) -> String {
    let predicate = step.statement.predicate
    return "\(predicate["stage"]?.string ?? "?")/\(predicate["step"]?.string ?? "?")"
  }

  private static func skip(_ piece: AdmittedEvidence) -> Bypass {
    let reason = piece.statement.predicate["reason"]?.string
    return Bypass(
      kind: .skip, control: nil,
      sentence: "the step \(name(piece)) was skipped" + (reason.map { ": \($0)" } ?? ""),
      until: nil, evidence: piece.reference)
  }

  private static func untested(_ piece: AdmittedEvidence) -> Bypass? {
    let predicate = piece.statement.predicate
    guard let skipped = predicate["urn:pratique:totals"]?["skipped"]?.integer, skipped > 0 else {
      return nil
    }
    return Bypass(
      kind: .skip, control: nil,
      sentence: "\(skipped) test\(skipped == 1 ? "" : "s") of the suite"
        + " \"\(predicate["urn:pratique:suite"]?.string ?? "?")\" did not run",
      until: nil, evidence: piece.reference)
  }

  private static func example(_ piece: AdmittedEvidence) -> Bypass? {
    let source = piece.statement.predicate["source"]
    guard source?["feed"]?["isExample"]?.bool == true else { return nil }
    return Bypass(
      kind: .override, control: nil,
      sentence: "the scan by \(source?["tool"]?.string ?? "?") rests on an example feed, which the"
        + " policy accepts", until: nil, evidence: piece.reference)
  }

  private func unisolated(_ steps: [AdmittedEvidence]) -> [Bypass] {
    let open = steps.filter {
      let predicate = $0.statement.predicate
      return predicate["executor"]?.string == "process"
        && predicate["outcome"]?.string != "skipped"
        && predicate["isolation"]?.string == StepReport.Isolation.notIsolated.rawValue
    }
    guard !open.isEmpty else { return [] }
    let names = open.map { "\(Self.name($0)) #\($0.index)" }.joined(separator: ", ")
    return [
      Bypass(
        kind: .skip, control: nil,
        sentence: "\(open.count) step\(open.count == 1 ? " was" : "s were") not isolated from the"
          + " signing key: \(names)", until: nil, evidence: nil)
    ]
  }
}
