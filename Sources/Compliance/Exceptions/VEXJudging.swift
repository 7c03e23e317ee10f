import Attestation
import Model
import Reading

/// What scans found and a person's word in force says needs no mending.
///
/// A control that is met without what is excused becomes excepted, never "met"; what its checks found
/// stays beside it, and every word stands first. Taking one back, anybody may whose key may.
struct VEXJudging {
  let word: StandingWord
  let permission: ExceptionRules.Permission?

  private struct Said {
    let vex: VEXWord
    let piece: AdmittedEvidence
    /// Why it does not count; `nil` when it does.
    let fault: String?
  }

  /// A finding of a scan and the word that excuses it, or that would if it counted.
  private struct Use {
    let scan: Int64
    let finding: Finding
    let said: Said
    let fault: String?
  }

  /// Judges again what is not met, without what is excused.
  func outcome(
    _ controls: [ControlResult], evidence: [AdmittedEvidence],
    again: ([AdmittedEvidence]) throws -> [ControlResult]
  ) throws -> ExceptionOutcome {
    var outcome = ExceptionOutcome(controls: controls)
    let said = try self.said()
    guard !said.isEmpty, controls.contains(where: { $0.state == .notMet }) else { return outcome }
    var uses: [Use] = []
    let rest = try evidence.map { try without($0, said, &uses) }
    let isUsed = uses.contains { $0.fault == nil }
    let judged = isUsed ? try again(rest) : controls
    for (place, control) in controls.enumerated() where control.state == .notMet {
      let scans = Set(
        control.checks.filter { $0.state == .notMet }.flatMap(\.evidence).map(\.index))
      let own = uses.filter { scans.contains($0.scan) }
      outcome.rejected += rejected(control, own)
      guard isUsed, judged.indices.contains(place), own.contains(where: { $0.fault == nil }) else {
        continue
      }
      outcome.bypasses += bypasses(control, own)
      let now = judged[place]
      // What is left is told alone; what is excused stands first.
      outcome.controls[place] = now.state == .met ? control.with(.excepted) : now
    }
    return outcome
  }

  /// Every word on this application that was not withdrawn, in the ledger's order.
  private func said() throws -> [Said] {
    let all = try word.evidence.words(.vex).map {
      (vex: try $0.predicate(as: VEXWord.self), piece: $0)
    }
    .filter {
      $0.vex.application.isSame(as: word.release.application)
        && GateEvidence.concerns($0.piece, .application, of: word.release)
    }
    var withdrawn: [String: Int64] = [:]
    for one in all where one.vex.action == .withdrawn { withdrawn[one.vex.word] = one.piece.index }
    return all.filter { $0.vex.action == .stated }.map { one in
      let end = withdrawn[one.vex.word].flatMap { $0 > one.piece.index ? $0 : nil }
      return Said(
        vex: one.vex, piece: one.piece,
        fault: end.map { "entry \($0) withdrew it" } ?? doubt(one.vex, one.piece)
          ?? fault(one.vex, one.piece))
    }
  }

  /// Whether something that cannot be read may have withdrawn it.
  private func doubt(_ vex: VEXWord, _ piece: AdmittedEvidence) -> String? {
    word.doubt(of: piece, .vex) {
      $0.maySay(vex.word, in: "word") && $0.maySay("withdrawn", in: "action")
    }.map { "entry \($0), which cannot be read, may have withdrawn it: state it again" }
  }

  private func fault(_ vex: VEXWord, _ piece: AdmittedEvidence) -> String? {
    if let fault = word.fault(
      vex.person, as: vex.role, stated: vex.time, piece, among: permission?.roles)
    {
      return fault
    }
    guard let permission else { return "the policy lets nobody do this" }
    let ids = [vex.statement.vulnerability] + (vex.statement.aliases ?? [])
    guard !ids.contains(where: permission.isForbidden) else {
      return "the policy lets nobody excuse it"
    }
    if let release = vex.release, release != word.release.digests {
      return "it is for another release"
    }
    guard !vex.reason.allSatisfy(\.isWhitespace) else { return "it says no reason" }
    guard Actor.isIdentifier(vex.word) else { return "its name is no identifier" }
    return word.authorFault(vex.person)
      ?? word.timeFault(
        until: vex.expires, stated: vex.time, piece, maximumDays: permission.maximumDays)
  }

  /// A scan without the findings that are excused; any other piece as it is.
  private func without(
    _ piece: AdmittedEvidence, _ said: [Said], _ uses: inout [Use]
  ) throws -> AdmittedEvidence {
    guard piece.kind == .vulnerabilityScan else { return piece }
    guard let listed = piece.statement.predicate["findings"]?.array,
      var totals = piece.statement.predicate["totals"]?.object,
      var predicate = piece.statement.predicate.object
    else { return piece }
    var kept: [JSONValue] = []
    for value in listed {
      guard let finding = try? value.decode(Finding.self),
        let use = use(of: finding, in: piece.index, said)
      else {
        kept.append(value)
        continue
      }
      uses.append(use)
      guard use.fault == nil else {
        kept.append(value)
        continue
      }
      let name = finding.severity.rawValue
      totals[name] = .integer(max(0, (totals[name]?.integer ?? 0) - 1))
    }
    guard kept.count < listed.count else { return piece }
    predicate["findings"] = .array(kept)
    predicate["totals"] = .object(totals)
    return AdmittedEvidence(
      statement: try Statement(
        subjects: piece.statement.subjects, predicateType: piece.statement.predicateType,
        predicate: .object(predicate)),
      kind: piece.kind, signer: piece.signer, index: piece.index, envelope: piece.envelope,
      time: piece.time)
  }

  /// The latest word that counts for a finding; else the latest that does not.
  private func use(of finding: Finding, in scan: Int64, _ said: [Said]) -> Use? {
    let fitting = said.reversed().filter {
      $0.vex.statement.excuses(
        finding.rule, aliases: finding.aliases ?? [], package: finding.package)
    }
    let uses = fitting.map { one in
      let isForbidden =
        finding.knownExploited != nil && permission?.isForbidden("known-exploited") == true
      return Use(
        scan: scan, finding: finding, said: one,
        fault: one.fault
          ?? (isForbidden ? "it is known to be exploited, and then the policy lets nobody" : nil))
    }
    return uses.first { $0.fault == nil } ?? uses.first
  }

  private func rejected(_ control: ControlResult, _ uses: [Use]) -> [RejectedWord] {
    var seen: Set<Int64> = []
    return uses.compactMap { use in
      guard let fault = use.fault, seen.insert(use.said.piece.index).inserted else { return nil }
      return RejectedWord(
        control: control.control,
        sentence: "the word \"\(use.said.vex.word)\" on \(use.finding.rule), entry"
          + " \(use.said.piece.index), does not count: \(fault)")
    }
  }

  private func bypasses(_ control: ControlResult, _ uses: [Use]) -> [Bypass] {
    var findings: [Int64: [Finding]] = [:]
    for use in uses where use.fault == nil {
      findings[use.said.piece.index, default: []].append(use.finding)
    }
    let counting = uses.filter { $0.fault == nil }.map(\.said)
    return findings.keys.sorted().compactMap { index in
      guard let said = counting.first(where: { $0.piece.index == index }) else { return nil }
      return bypass(control, said, findings[index] ?? [])
    }
  }

  private func bypass(_ control: ControlResult, _ said: Said, _ findings: [Finding]) -> Bypass {
    let vex = said.vex
    let names = Set(findings.map { "\($0.rule) in \($0.package ?? "") (\($0.severity.rawValue))" })
    let why = [vex.statement.justification, vex.statement.statement].compactMap { $0 }
    return Bypass(
      kind: .vex, control: control.control,
      sentence: names.sorted().joined(separator: ", ") + ": \(vex.statement.status.rawValue)"
        + (why.isEmpty ? "" : " (\(why.joined(separator: "; ")))")
        + (vex.statement.author.map { ", says \($0)" } ?? "")
        + "; taken over as \"\(vex.word)\" until \(vex.expires?.date ?? "") by \(vex.person) as"
        + " \(vex.role.rawValue): \(vex.reason)" + word.gone([vex.person]),
      until: vex.expires, evidence: said.piece.reference)
  }
}
