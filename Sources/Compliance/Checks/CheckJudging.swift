import CEL
import Model

/// Answers checks of controls from all evidence on them.
///
/// Pieces are named by their places in the evidence: thousands of them are looked at, and each is read
/// once.
final class CheckJudging {
  let source: GateEvidence
  let context: JudgingContext
  /// The variables of expressions: those of the decision, and what was shown last.
  var variables: Activation
  /// The pieces that were read, by their places.
  private(set) var judged: [JudgedPiece?]
  var entries: [Int: CELValue] = [:]
  /// What was found before: checks that ask the same pieces share them.
  private var read: [Question: [Int]] = [:]
  private var concerning: [Speaking: [Int]] = [:]
  /// The series of those pieces.
  var ordered: [Question: [String: Series]] = [:]
  /// What was answered before: controls of several frameworks ask the same in the same words.
  private var answered: [Catalog.Check: Judged] = [:]

  private typealias Judged = (result: CheckResult, failing: [CheckProgram.Condition])

  /// What decides which pieces a check looks at.
  struct Question: Hashable {
    let kinds: [EvidenceKind]
    let subject: Catalog.SubjectKind
    let about: String?

    init(_ check: Catalog.Check) {
      kinds = check.kinds
      subject = check.subject
      about = check.about
    }
  }

  /// Evidence of one kind that speaks of one thing.
  private struct Speaking: Hashable {
    let kind: EvidenceKind
    let subject: Catalog.SubjectKind
  }

  /// Judges evidence by a context.
  init(evidence: GateEvidence, context: JudgingContext) throws {
    source = evidence
    self.context = context
    variables = try context.activation()
    judged = Array(repeating: nil, count: evidence.all.count)
  }

  /// Answers.
  ///
  /// The latest piece of each series decides. Whatever failed before is listed.
  ///
  /// - Returns: the answer, and the conditions that are false.
  /// - Throws: `Problem` with `judgingFailed` when an expression has no value.
  func judged(
    _ program: CheckProgram
  ) throws -> (result: CheckResult, failing: [CheckProgram.Condition]) {
    let check = program.check
    let question = check.question
    if let known = answered[question] {
      return (known.result.answering(check), known.failing)
    }
    let places = try self.places(program)
    var judged: Judged = try places.isEmpty ? (missing(check), []) : self.judged(program, places)
    let doubts = doubts(program)
    if !doubts.isEmpty {
      judged.result = try doubted(judged.result, doubts, program)
    }
    answered[question] = judged
    return judged
  }

  private func judged(_ program: CheckProgram, _ places: [Int]) throws -> Judged {
    let check = program.check
    let series = try series(program, places)
    var answers: [PieceAnswer] = []
    answers.reserveCapacity(places.count)
    // For each series, which answer decides.
    var latest: [Int?] = Array(repeating: nil, count: series.count)
    for (number, place) in places.enumerated() {
      show(place, to: program)
      answers.append(try answer(program, place))
      let own = series.numbers[number]
      if latest[own] != nil, try isTrue(program.silent, "silent", check, place) { continue }
      latest[own] = number
    }
    let numbers = latest.compactMap(\.self).sorted()
    let deciding = numbers.map { answers[$0] }
    let decides = Set(numbers)
    let earlier = answers.indices.filter { answers[$0].state != .met && !decides.contains($0) }
    let verdict = try verdict(program, deciding)
    let result = CheckResult(
      check: check.id, state: verdict.state, reason: verdict.reason + repeated(places),
      fix: verdict.state == .met ? nil : check.fix, owner: check.owner, because: verdict.because,
      evidence: deciding.map { source.all[$0.place].reference },
      earlierFailures: earlier.map { source.all[answers[$0].place].reference })
    return (result, verdict.failing)
  }

  /// The check as a question: where all that may decide it stands, series by series.
  func questions(_ program: CheckProgram) throws -> [RefusalJudging.Question] {
    let places = try self.places(program)
    let series = try series(program, places)
    var indices: [[Int64]] = Array(repeating: [], count: series.count)
    for (number, place) in places.enumerated() {
      indices[series.numbers[number]].append(source.all[place].index)
    }
    return program.check.kinds.map { RefusalJudging.Question(kind: $0, series: indices) }
  }

  /// All evidence that a check looks at, by ascending index.
  func places(_ program: CheckProgram) throws -> [Int] {
    let check = program.check
    let question = Question(check)
    if let known = read[question] { return known }
    var places = concerning(check).filter { source.misshapen[$0] == nil }
    for place in places { try read(place) }
    if program.about != nil {
      places = try places.filter { place in
        show(place, to: program)
        return try isTrue(program.about, "about", check, place)
      }
    }
    read[question] = places
    return places
  }

  /// All evidence of a check's kinds that speaks of its subject.
  func concerning(_ check: Catalog.Check) -> [Int] {
    let all = check.kinds.map { kind in
      let speaking = Speaking(kind: kind, subject: check.subject)
      if let known = concerning[speaking] { return known }
      let places = source.places(kind).filter {
        source.subjects.concerns(source.all[$0], check.subject)
      }
      concerning[speaking] = places
      return places
    }
    return all.count == 1 ? all[0] : all.joined().sorted()
  }

  private func read(_ place: Int) throws {
    guard judged[place] == nil else { return }
    let piece = source.all[place]
    judged[place] = try JudgedPiece(piece, as: Shape.kinds[piece.kind] ?? .any)
  }

  private func isTrue(
    _ program: Program?, _ key: String, _ check: Catalog.Check, _ place: Int
  ) throws -> Bool {
    guard let program else { return false }
    guard case .bool(let truth) = try value(program, key, check, place) else {
      throw failure(key, check, place, "it is neither true nor false")
    }
    return truth
  }

  /// The value of an expression about the piece that was shown last.
  func value(
    _ program: Program, _ key: String, _ check: Catalog.Check, _ place: Int
  ) throws -> CELValue {
    do throws(CELError) {
      return try program.evaluate(variables)
    } catch {
      throw failure(key, check, place, error.description)
    }
  }

  func failure(
    _ key: String, _ check: Catalog.Check, _ place: Int?, _ why: String
  ) -> Problem {
    let piece = place.map { source.all[$0] }
    return Problem(
      .judgingFailed,
      "\"\(key)\" of the check \"\(check.id)\" has no value"
        + (piece.map { " for entry \($0.index) of kind \"\($0.kind.rawValue)\"" } ?? "")
        + ": \(why)")
  }

  private func missing(_ check: Catalog.Check) -> CheckResult {
    let about = check.about.map { " (\($0))" } ?? ""
    let others = check.kinds.flatMap(source.places).prefix(5).map { "\(source.all[$0].index)" }
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

  private func repeated(_ places: [Int]) -> String {
    guard !source.repeats.isEmpty else { return "" }
    let known = Set(places)
    let words = source.repeats.filter { known.contains($0.place) }
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
