import CEL
import Model

/// Answers checks of controls from all evidence on them.
final class CheckJudging {
  let source: GateEvidence
  let context: JudgingContext
  let base: Activation
  /// What was read before: checks that ask the same pieces share them.
  private var read: [Question: [JudgedPiece]] = [:]
  private var spoken: [Question: [JudgedPiece]] = [:]
  private var judged: [Int64: JudgedPiece] = [:]
  /// What was answered before: checks that ask the same share it.
  private var answered: [Asked: Answered] = [:]
  private var asking: [Asked: [RefusalJudging.Question]] = [:]

  /// All of a check that decides its answer; the words around it are its own.
  private struct Asked: Hashable {
    let question: Question
    let maximumAge: Catalog.Age?
    let series: String?
    let silent: String?
    let each: [Catalog.Condition]
    let together: [Catalog.Condition]
    let met: String?
    let togetherMet: String?

    init(_ check: Catalog.Check) {
      question = Question(kinds: check.kinds, subject: check.subject, about: check.about)
      maximumAge = check.maximumAge
      series = check.series
      silent = check.silent
      each = check.each
      together = check.together
      met = check.met
      togetherMet = check.togetherMet
    }
  }

  private struct Answered {
    let verdict: CheckVerdict
    let repeated: String
    let evidence: [EvidenceReference]
    let earlierFailures: [EvidenceReference]
  }

  /// Kinds that approvals are not bound to, though controls may ask about them: else the second
  /// approval would void the first.
  private static let unbound: Set<EvidenceKind> = [.approval, .waiver, .decision]

  /// What decides which pieces a check looks at.
  private struct Question: Hashable {
    let kinds: [EvidenceKind]
    let subject: Catalog.SubjectKind
    let about: String?
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
    let pieces = try self.pieces(program)
    guard !pieces.isEmpty else { return (missing(check), []) }
    let known: Answered
    // Several frameworks ask the same of the same evidence: it is asked once.
    let asked = Asked(check)
    if let before = answered[asked] {
      known = before
    } else {
      considered.formUnion(
        pieces.map(\.piece).filter { !Self.unbound.contains($0.kind) }.map(\.envelope))
      known = try answered(program, pieces)
      answered[asked] = known
    }
    let verdict = known.verdict
    let result = CheckResult(
      check: check.id, state: verdict.state, reason: verdict.reason + known.repeated,
      fix: verdict.state == .met ? nil : check.fix, owner: check.owner, because: verdict.because,
      evidence: known.evidence, earlierFailures: known.earlierFailures)
    return (result, verdict.failing)
  }

  private func answered(_ program: CheckProgram, _ pieces: [JudgedPiece]) throws -> Answered {
    var answers: [PieceAnswer] = []
    var latest: [[String]: Int] = [:]
    for (place, piece) in pieces.enumerated() {
      answers.append(try answer(program, piece))
      let series = try series(program, piece)
      if latest[series] != nil, try isTrue(program.silent, "silent", program.check, piece) {
        continue
      }
      latest[series] = place
    }
    let places = latest.values.sorted()
    let references = Set(places.map { pieces[$0].piece.index })
    let earlier = answers.filter { $0.state != .met && !references.contains($0.piece.piece.index) }
    return Answered(
      verdict: try verdict(program, places.map { answers[$0] }), repeated: repeated(pieces),
      evidence: places.map { pieces[$0].piece.reference },
      earlierFailures: earlier.map(\.piece.piece.reference))
  }

  /// The check as a question: where all that may decide it stands, series by series.
  func questions(_ program: CheckProgram) throws -> [RefusalJudging.Question] {
    let asked = Asked(program.check)
    if let known = asking[asked] { return known }
    let pieces = try self.pieces(program)
    let series = try Dictionary(grouping: pieces) { try self.series(program, $0) }
    let questions = program.check.kinds.map { kind in
      RefusalJudging.Question(
        kind: kind, series: series.values.map { $0.map(\.piece.index) })
    }
    asking[asked] = questions
    return questions
  }

  /// All evidence that a check looks at, by ascending index.
  private func pieces(_ program: CheckProgram) throws -> [JudgedPiece] {
    let check = program.check
    let question = Question(kinds: check.kinds, subject: check.subject, about: check.about)
    if let known = read[question] { return known }
    let pieces = try concerned(check.kinds, check.subject)
      .filter { try program.about == nil || isTrue(program.about, "about", check, $0) }
    read[question] = pieces
    return pieces
  }

  /// All evidence of some kinds that speaks of a subject, by ascending index.
  private func concerned(
    _ kinds: [EvidenceKind], _ subject: Catalog.SubjectKind
  ) throws -> [JudgedPiece] {
    let question = Question(kinds: kinds, subject: subject, about: nil)
    if let known = spoken[question] { return known }
    let pieces = try kinds.flatMap(source.pieces)
      .filter {
        GateEvidence.concerns(
          $0, subject, of: context.release, organisation: context.trust.organisation)
      }
      .sorted { $0.index < $1.index }.map(judgedPiece)
    spoken[question] = pieces
    return pieces
  }

  private func judgedPiece(_ piece: AdmittedEvidence) throws -> JudgedPiece {
    if let known = judged[piece.index] { return known }
    let piece = try JudgedPiece(piece, context: context, base: base)
    judged[piece.piece.index] = piece
    return piece
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
