import Model

/// Answers one check of a control from all evidence on it.
struct CheckJudging {
  let evidence: GateEvidence
  let judgement: Judgement

  private typealias Answered = (piece: AdmittedEvidence, answer: Judgement.Answer)

  /// Answers, and adds the evidence that was looked at to `considered`.
  ///
  /// The latest piece decides: of steps the latest of each, of tests and scans the latest of each
  /// tool. Whatever failed before is listed.
  func result(_ check: Catalog.Check, considered: inout Set<Digest>) throws -> CheckResult {
    let recorded = evidence.pieces(check.kind)
    let pieces = try self.pieces(check)
    considered.formUnion(pieces.map(\.envelope))
    guard !pieces.isEmpty else { return missing(check, recorded) }
    let answers = try pieces.map { piece in
      (piece: piece, answer: try answer(check, piece))
    }
    var latest: [Judgement.Series: Answered] = [:]
    for answer in answers {
      let series = try judgement.series(check.rule, answer.piece)
      if latest[series] != nil, try judgement.yields(check.rule, answer.piece) { continue }
      latest[series] = answer
    }
    let deciding = latest.values.sorted { $0.piece.index < $1.piece.index }
    let (state, reason) = try conclusion(check, deciding)
    let references = deciding.map(\.piece.reference)
    let earlier = answers.filter { $0.answer.state != .met }.map(\.piece.reference)
      .filter { !references.contains($0) }
    return CheckResult(
      check: check.id, state: state, reason: reason + repeated(pieces),
      fix: state == .met ? nil : check.fix, evidence: references, earlierFailures: earlier)
  }

  /// All evidence that the check looks at.
  private func pieces(_ check: Catalog.Check) throws -> [AdmittedEvidence] {
    try evidence.pieces(check.kind).filter {
      try GateEvidence.concerns(
        $0, check.subject, of: judgement.release, organisation: evidence.organisation)
        && judgement.concerns(check.rule, $0)
    }
  }

  /// The check as a question: where all that may decide it stands, series by series.
  func question(_ check: Catalog.Check) throws -> RefusalJudging.Question {
    let series = try Dictionary(grouping: pieces(check)) {
      try judgement.series(check.rule, $0)
    }
    return RefusalJudging.Question(
      kind: check.kind, series: series.values.map { $0.map(\.index) })
  }

  private func conclusion(
    _ check: Catalog.Check, _ deciding: [Answered]
  ) throws -> (ControlState, String) {
    let failing = deciding.filter { $0.answer.state != .met }
    guard failing.isEmpty else {
      let isStale = failing.allSatisfy { $0.answer.state == .stale }
      return (
        isStale ? .stale : .notMet, failing.map(\.answer.reason).joined(separator: "; ")
      )
    }
    let together = try judgement.together(check.rule, deciding.map(\.piece))
    return (together.state, together.reason)
  }

  /// What the rule says of one piece, and whether its age is such as is asked.
  private func answer(
    _ check: Catalog.Check, _ piece: AdmittedEvidence
  ) throws -> Judgement.Answer {
    let answer = try judgement.answer(check.rule, piece)
    guard answer.state == .met else { return answer }
    let stated = Judgement.statedTime(piece) ?? piece.time
    let (oldest, youngest) = (min(stated, piece.time), max(stated, piece.time))
    if youngest > judgement.time {
      return .notMet("the evidence is of \(youngest), which lies in the future")
    }
    if let days = check.maximumAgeDays, judgement.isOlder(oldest, thanDays: days) {
      return .stale("the evidence is of \(oldest.date), older than \(days) days")
    }
    return answer
  }

  private func missing(_ check: Catalog.Check, _ others: [AdmittedEvidence]) -> CheckResult {
    let words = check.rule.object.map { " (\($0))" } ?? ""
    let elsewhere = others.prefix(5).map { "\($0.index)" }.joined(separator: ", ")
    return CheckResult(
      check: check.id, state: .missing,
      reason: "there is no evidence of kind \"\(check.kind.rawValue)\"\(words) on the"
        + " \(check.subject.rawValue)"
        + (others.isEmpty
          ? "" : "; entries of that kind that speak of something else: \(elsewhere)"),
      fix: check.fix, evidence: [], earlierFailures: [])
  }

  private func repeated(_ pieces: [AdmittedEvidence]) -> String {
    let indices = Set(pieces.map(\.index))
    let words = evidence.repeats.filter { indices.contains($0.original) }
      .map { "entry \($0.piece.index) repeats entry \($0.original)" }
    return words.isEmpty ? "" : " (\(words.joined(separator: ", ")), and counts as that one)"
  }
}
