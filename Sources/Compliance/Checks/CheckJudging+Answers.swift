import CEL
import Model

/// What a check says of one piece: which conditions are false, or what else speaks against it.
struct PieceAnswer {
  /// The piece's place in the evidence.
  let place: Int
  /// The conditions that are false.
  let failing: [CheckProgram.Condition]
  /// What speaks against its age or its signer, where no condition is false.
  let fault: (state: ControlState, reason: String)?

  var state: ControlState { fault?.state ?? CheckProgram.state(failing) }
}

/// What a check says of all pieces that decide.
struct CheckVerdict {
  var state: ControlState
  var reason: String
  var because: [String] = []
  /// The conditions that are false.
  var failing: [CheckProgram.Condition] = []
}

extension CheckProgram {
  /// What false conditions make of a check.
  static func state(_ failing: [Condition]) -> ControlState {
    guard !failing.isEmpty else { return .met }
    return failing.allSatisfy { $0.otherwise == .stale } ? .stale : .notMet
  }
}

extension CheckJudging {
  /// What a check says of the piece that was shown last.
  func answer(_ program: CheckProgram, _ place: Int) throws -> PieceAnswer {
    let failing = try failing(program.each, "each", program.check, place)
    var fault = failing.isEmpty ? time(program.check, place) : nil
    if program.asksPerson, failing.isEmpty, fault == nil { fault = signer(place) }
    return PieceAnswer(place: place, failing: failing, fault: fault)
  }

  private func failing(
    _ conditions: [CheckProgram.Condition], _ key: String, _ check: Catalog.Check,
    _ place: Int?
  ) throws -> [CheckProgram.Condition] {
    try conditions.filter { condition in
      let value: CELValue
      do throws(CELError) {
        value = try condition.program.evaluate(variables)
      } catch {
        throw failure(key, check, place, error.description)
      }
      guard case .bool(let truth) = value else {
        throw failure(key, check, place, "it is neither true nor false")
      }
      return !truth
    }
  }

  /// What the deciding pieces say, each by itself and then together.
  func verdict(_ program: CheckProgram, _ deciding: [PieceAnswer]) throws -> CheckVerdict {
    let failing = deciding.filter { $0.state != .met }
    guard failing.isEmpty else {
      let isStale = failing.allSatisfy { $0.state == .stale }
      let faults = failing.map { answer in
        answer.fault.map { CheckVerdict(state: $0.state, reason: $0.reason) }
          ?? explained(answer.failing, showing(answer.place))
      }
      return CheckVerdict(
        state: isStale ? .stale : .notMet,
        reason: faults.map(\.reason).joined(separator: "; "), because: faults.flatMap(\.because),
        failing: faults.flatMap(\.failing))
    }
    let activation = showing(deciding.map(\.place))
    let together = try self.failing(program.together, "together", program.check, nil)
    guard together.isEmpty else { return explained(together, activation) }
    let reason =
      program.togetherMet?.text(activation)
      ?? deciding.map { answer in
        program.met?.text(showing(answer.place))
          ?? "recorded at \(source.all[answer.place].time)"
      }.joined(separator: "; ")
    return CheckVerdict(state: .met, reason: reason)
  }

  /// False conditions in words, with the why-trace of each.
  private func explained(
    _ failing: [CheckProgram.Condition], _ activation: Activation
  ) -> CheckVerdict {
    var reasons: [String] = []
    var because: [String] = []
    for condition in failing {
      let lines = WhyTrace.lines(condition.program, activation)
      because += lines
      reasons.append(
        condition.unmet?.text(activation) ?? lines.first ?? "\(condition.program.source) is false")
    }
    return CheckVerdict(
      state: CheckProgram.state(failing), reason: reasons.joined(separator: "; "),
      because: because, failing: failing)
  }

  /// What speaks against a piece's age: by the older of its two times it must be young enough, and
  /// by neither may it be of the future.
  fileprivate func time(
    _ check: Catalog.Check, _ place: Int
  ) -> (state: ControlState, reason: String)? {
    guard let piece = judged[place] else { return nil }
    if piece.times.upperBound > context.time {
      return (.notMet, "the evidence is of \(piece.times.upperBound), which lies in the future")
    }
    if let expires = piece.expires, expires <= context.time {
      return (.stale, "it counted until \(expires.date)")
    }
    let oldest = piece.times.lowerBound
    if let days = context.days(check.maximumAge), context.isOlder(oldest, thanDays: days) {
      return (.stale, "the evidence is of \(oldest.date), older than \(days) days")
    }
    return nil
  }

  /// A person's statement is that person's own: signed by nobody else, in a role that they held
  /// when it was recorded.
  private func signer(_ place: Int) -> (state: ControlState, reason: String)? {
    let piece = source.all[place]
    guard piece.kind == .personStatement else { return nil }
    let person = judged[place]?.evidence["person"]?.text ?? ""
    let role = judged[place]?.evidence["role"]?.text ?? ""
    guard person.isSame(as: piece.signer) else {
      return (.notMet, "it names \(person), but \(piece.signer) signed it")
    }
    let trust = source.trust(before: piece.index) ?? context.trust
    guard let known = trust.people.first(where: { $0.id.isSame(as: person) }) else {
      return (.notMet, "\(person) was no person of the trust root when it was recorded")
    }
    guard known.roles.contains(where: { $0.rawValue.isSame(as: role) }) else {
      return (.notMet, "\(person) did not hold the role \"\(role)\" when it was recorded")
    }
    return nil
  }
}
