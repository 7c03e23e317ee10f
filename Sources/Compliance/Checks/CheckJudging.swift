import CEL
import Model

/// Answers checks of controls from all evidence on them.
final class CheckJudging {
  let source: GateEvidence
  let context: JudgingContext
  let base: Activation
  /// What was read before: checks that ask the same pieces share them.
  private var read: [Question: [JudgedPiece]] = [:]
  private var judged: [Int64: JudgedPiece] = [:]
  /// The series of those pieces, by their order.
  private var ordered: [Question: [String: [[String]]]] = [:]
  /// What was answered before: controls of several frameworks ask the same in the same words.
  private var answered: [Catalog.Check: Judged] = [:]

  private typealias Judged = (result: CheckResult, failing: [CheckProgram.Condition])

  /// Kinds that approvals are not bound to, though controls may ask about them: else the second
  /// approval would void the first.
  private static let unbound: Set<EvidenceKind> = [.approval, .waiver, .vex, .decision]

  /// What decides which pieces a check looks at.
  private struct Question: Hashable {
    let kinds: [EvidenceKind]
    let subject: Catalog.SubjectKind
    let about: String?

    init(_ check: Catalog.Check) {
      kinds = check.kinds
      subject = check.subject
      about = check.about
    }
  }

  /// Judges evidence by a context.
  init(evidence: GateEvidence, context: JudgingContext) throws {
    source = evidence
    self.context = context
    base = try context.activation()
  }

  /// Answers, and adds the evidence that was looked at to `considered`.
  ///
  /// The latest piece of each series decides. Whatever failed before is listed.
  ///
  /// - Throws: `Problem` with `judgingFailed` when an expression has no value.
  func result(_ program: CheckProgram, considered: inout Set<Digest>) throws -> CheckResult {
    try judged(program, considered: &considered).result
  }

  /// Answers, with the conditions that are false.
  func judged(
    _ program: CheckProgram, considered: inout Set<Digest>
  ) throws -> (result: CheckResult, failing: [CheckProgram.Condition]) {
    let check = program.check
    if let known = answered[check.question] {
      return (known.result.answering(check), known.failing)
    }
    let pieces = try self.pieces(program)
    considered.formUnion(
      pieces.map(\.piece).filter { !Self.unbound.contains($0.kind) }.map(\.envelope))
    let judged = try pieces.isEmpty ? (missing(check), []) : self.judged(program, pieces)
    answered[check.question] = judged
    return judged
  }

  private func judged(_ program: CheckProgram, _ pieces: [JudgedPiece]) throws -> Judged {
    let check = program.check
    var answers: [PieceAnswer] = []
    var latest: [[String]: Int] = [:]
    for (place, (piece, series)) in zip(pieces, try series(program, pieces)).enumerated() {
      answers.append(try answer(program, piece))
      if latest[series] != nil, try isTrue(program.silent, "silent", check, piece) { continue }
      latest[series] = place
    }
    let places = latest.values.sorted()
    let deciding = places.map { answers[$0] }
    let references = Set(places.map { pieces[$0].piece.index })
    let earlier = answers.filter { $0.state != .met && !references.contains($0.piece.piece.index) }
    let verdict = try verdict(program, deciding)
    let result = CheckResult(
      check: check.id, state: verdict.state, reason: verdict.reason + repeated(pieces),
      fix: verdict.state == .met ? nil : check.fix, owner: check.owner, because: verdict.because,
      evidence: deciding.map(\.piece.piece.reference),
      earlierFailures: earlier.map(\.piece.piece.reference))
    return (result, verdict.failing)
  }

  /// The check as a question: where all that may decide it stands, series by series.
  func questions(_ program: CheckProgram) throws -> [RefusalJudging.Question] {
    let pieces = try self.pieces(program)
    let series = Dictionary(grouping: zip(pieces, try series(program, pieces))) { $0.1 }
    return program.check.kinds.map { kind in
      RefusalJudging.Question(
        kind: kind, series: series.values.map { $0.map(\.0.piece.index) })
    }
  }

  /// All evidence that a check looks at, by ascending index.
  private func pieces(_ program: CheckProgram) throws -> [JudgedPiece] {
    let check = program.check
    let question = Question(check)
    if let known = read[question] { return known }
    let all = check.kinds.flatMap(source.pieces)
      .filter {
        GateEvidence.concerns(
          $0, check.subject, of: context.release, organisation: context.trust.organisation)
      }
      .sorted { $0.index < $1.index }
    let pieces = try all.map(judgedPiece)
      .filter { try program.about == nil || isTrue(program.about, "about", check, $0) }
    read[question] = pieces
    return pieces
  }

  private func judgedPiece(_ piece: AdmittedEvidence) throws -> JudgedPiece {
    if let known = judged[piece.index] { return known }
    let piece = try JudgedPiece(piece, context: context, base: base)
    judged[piece.piece.index] = piece
    return piece
  }

  /// The series of all pieces of a check.
  private func series(
    _ program: CheckProgram, _ pieces: [JudgedPiece]
  ) throws -> [[String]] {
    guard let source = program.check.series else {
      return Array(repeating: [], count: pieces.count)
    }
    let question = Question(program.check)
    if let known = ordered[question]?[source] { return known }
    let series = try pieces.map { try self.series(program, $0) }
    ordered[question, default: [:]][source] = series
    return series
  }

  private func series(_ program: CheckProgram, _ piece: JudgedPiece) throws -> [String] {
    guard let series = program.series else { return [] }
    switch try value(series, "series", program.check, piece) {
    case .string(let text): return [text]
    case .list(let all):
      let texts = all.compactMap(\.text)
      if texts.count == all.count { return texts }
    default: break
    }
    throw failure("series", program.check, piece, "it is no text and no list of texts")
  }

  private func isTrue(
    _ program: Program?, _ key: String, _ check: Catalog.Check, _ piece: JudgedPiece
  ) throws -> Bool {
    guard let program else { return false }
    guard case .bool(let truth) = try value(program, key, check, piece) else {
      throw failure(key, check, piece, "it is neither true nor false")
    }
    return truth
  }

  private func value(
    _ program: Program, _ key: String, _ check: Catalog.Check, _ piece: JudgedPiece
  ) throws -> CELValue {
    do throws(CELError) {
      return try program.evaluate(piece.activation)
    } catch {
      throw failure(key, check, piece, error.description)
    }
  }

  func failure(
    _ key: String, _ check: Catalog.Check, _ piece: JudgedPiece?, _ why: String
  ) -> Problem {
    Problem(
      .judgingFailed,
      "\"\(key)\" of the check \"\(check.id)\" has no value"
        + (piece.map { " for entry \($0.piece.index) of kind \"\($0.piece.kind.rawValue)\"" } ?? "")
        + ": \(why)")
  }

  private func missing(_ check: Catalog.Check) -> CheckResult {
    let about = check.about.map { " (\($0))" } ?? ""
    let others = check.kinds.flatMap(source.pieces).prefix(5).map { "\($0.index)" }
    return CheckResult(
      check: check.id, state: .missing,
      reason: "there is no evidence of kind \(check.kindWords)\(about) on the"
        + " \(check.subject.rawValue)"
        + (others.isEmpty
          ? ""
          : "; entries of that kind that speak of something else: "
            + others.joined(separator: ", ")),
      fix: check.fix, owner: check.owner, evidence: [], earlierFailures: [])
  }

  private func repeated(_ pieces: [JudgedPiece]) -> String {
    guard !source.repeats.isEmpty else { return "" }
    let indices = Set(pieces.map(\.piece.index))
    let words = source.repeats.filter { indices.contains($0.original) }
      .map { "entry \($0.piece.index) repeats entry \($0.original)" }
    return words.isEmpty ? "" : " (\(words.joined(separator: ", ")), and counts as that one)"
  }
}

extension Catalog.Check {
  /// What is asked, without who asks it and what to do then: two checks with one question have one
  /// answer.
  fileprivate var question: Catalog.Check {
    Catalog.Check(
      id: "", kinds: kinds, subject: subject, maximumAge: maximumAge, about: about, series: series,
      silent: silent, each: each, together: together, met: met, togetherMet: togetherMet, fix: "",
      owner: nil)
  }
}

extension CheckResult {
  /// The same answer to another check with the same question.
  fileprivate func answering(_ other: Catalog.Check) -> CheckResult {
    CheckResult(
      check: other.id, state: state, reason: reason, fix: state == .met ? nil : other.fix,
      owner: other.owner, because: because, evidence: evidence, earlierFailures: earlierFailures)
  }
}
