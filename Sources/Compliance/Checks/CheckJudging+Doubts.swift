import Attestation
import CEL
import Model

/// Checks that a statement may answer which cannot be read.
extension CheckJudging {
  /// The places of what a check might look at and cannot be read: all for which it cannot be ruled
  /// out that the check is about them.
  func doubts(_ program: CheckProgram) -> [Int] {
    guard !source.misshapen.isEmpty else { return [] }
    return concerning(program.check).filter { place in
      source.misshapen[place] != nil && mayBeAbout(program, source.all[place])
    }
  }

  /// Whether a check may be about a piece that cannot be read. What can be read of it must say that
  /// it is not, and the check must not ask for anything else.
  private func mayBeAbout(_ program: CheckProgram, _ piece: AdmittedEvidence) -> Bool {
    guard let about = program.about else { return true }
    guard let (evidence, faulty) = Shape.kinds[piece.kind]?.readable(piece.statement.predicate),
      !faulty.contains(where: about.source.contains)
    else { return true }
    var variables = variables
    variables.values["evidence"] = evidence
    variables.values["entry"] = context.entry(piece)
    if case .bool(false)? = try? about.evaluate(variables) { return false }
    return true
  }

  /// The entry with which all that decides a check was said anew after everything that cannot be
  /// read; `nil` while it was not.
  func answer(to doubts: [Int], _ program: CheckProgram) throws -> Int64? {
    let last = doubts.last.map { source.all[$0].index } ?? -1
    let later = try questions(program).first?.series.map { indices in
      indices.first { $0 > last }
    }
    guard let later, !later.isEmpty, !later.contains(nil) else { return nil }
    return later.compactMap(\.self).max()
  }

  /// An answer beside which something stands that cannot be read. Unless all was said anew it may
  /// say otherwise, and nothing is met by what was said before it.
  func doubted(
    _ result: CheckResult, _ doubts: [Int], _ program: CheckProgram
  ) throws -> CheckResult {
    let unread = doubts.map { source.all[$0].reference }
    func sorted(_ references: [EvidenceReference]) -> [EvidenceReference] {
      references.sorted { $0.index < $1.index }
    }
    guard try answer(to: doubts, program) == nil else {
      return CheckResult(
        check: result.check, state: result.state, reason: result.reason, fix: result.fix,
        owner: result.owner, because: result.because, evidence: result.evidence,
        earlierFailures: sorted(result.earlierFailures + unread))
    }
    let words = doubts.map {
      "entry \(source.all[$0].index) of kind \"\(source.all[$0].kind.rawValue)\" cannot be read,"
        + " and may say otherwise"
    }
    let isKnown = result.state != .met && !result.evidence.isEmpty
    return CheckResult(
      check: result.check, state: .notMet,
      reason: (words + (isKnown ? [result.reason] : [])).joined(separator: "; "),
      fix: program.check.fix, owner: result.owner, because: result.because,
      evidence: sorted((isKnown ? result.evidence : []) + unread),
      earlierFailures: result.earlierFailures)
  }
}
